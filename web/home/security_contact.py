"""Whom to tell of a hole, for programs (RFC 9116) and for people. Not there where nobody wants to be told."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from web.site.frames.public import public_page
from web.site.languages.addresses import address_of, same_page

# RFC 9116 §2.5.5: less than a year ahead, so that nobody trusts what a server forgotten for years still says.
_GOOD_FOR: Final = dt.timedelta(days=180)


@require_safe
@cache_control(public=True, max_age=3600)
def security_txt(request: HttpRequest) -> HttpResponse:
    lines = [
        ("Contact", _contact()),
        ("Expires", f"{(timezone.now() + _GOOD_FOR).astimezone(dt.UTC):%Y-%m-%dT00:00:00Z}"),
        ("Preferred-Languages", ", ".join(dict(settings.LANGUAGES))),
        ("Canonical", f"{settings.PUBLIC_URL}/.well-known/security.txt"),
        ("Policy", f"{settings.PUBLIC_URL}{address_of('report_a_hole', language=settings.LANGUAGE_CODE)}"),
    ]
    text = "".join(f"{name}: {value}\r\n" for name, value in lines)
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@public_page
def report_a_hole(request: HttpRequest) -> HttpResponse:
    """What happens to whoever reports one, and what we ask of them."""
    contact = _contact()
    shown = contact.removeprefix("mailto:").removeprefix("tel:")
    context = {"contact": contact, "shown": shown, "tongues": same_page(request)}
    return render(request, "home/report_a_hole.html", context)


def _contact() -> str:
    """Raises Http404 where none is set."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    return str(settings.SECURITY_CONTACT)
