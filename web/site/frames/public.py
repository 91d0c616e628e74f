"""What every public page has in common: its language, how long it may be kept, and the frame with the agency's name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from engage.agencies.finding import agency_called
from engage.agencies.models import Agency
from engage.refusals import Unknown
from web.site import errors
from web.site.counting import ROOM_IN_ADDRESS
from web.site.forms.origins import public_form
from web.site.frames.behind_a_link import answers_refusals
from web.site.frames.discretion import Spoken, listening, named
from web.site.languages.addresses import same_page, same_path
from web.site.languages.dates import moment_in_words

KEPT_FOR = 60
_OF_AN_AGENCY: Final = re.compile(r"/(?:[a-z]{2}/)?agencies/(?P<slug>[-\w]+)/")
_OFF_THE_DEVICE = "off_the_device"
_View = Callable[..., HttpResponse]


def public_page(view: _View) -> _View:
    """A page to read: the same for everyone, kept a minute by whatever stands between, in one language an address."""

    @require_safe
    @wraps(view)
    def shown(
        request: HttpRequest, *args: Any, language: str = settings.LANGUAGE_CODE, **kwargs: Any
    ) -> HttpResponse:
        with translation.override(language), listening() as spoken:
            answer = view(request, *args, **kwargs)
        answer["Content-Language"] = language
        if answer.status_code == 200:
            _let_be_kept(request, answer, spoken)
        return answer

    return shown


def public_form_page(view: _View) -> _View:
    """A page with a form for everyone. POST only from our own pages; its answer is kept nowhere.

    The view counts it (``asked_to_wait``), since it knows what was typed. A refusal by a rule that the view lets through becomes a page that says what to do next.
    """

    @wraps(view)
    def answered(
        request: HttpRequest, *args: Any, language: str = settings.LANGUAGE_CODE, **kwargs: Any
    ) -> HttpResponse:
        with translation.override(language), listening() as spoken:
            answer = view(request, *args, **kwargs)
        answer["Content-Language"] = language
        if request.method == "POST" or answer.status_code != 200:
            patch_cache_control(answer, no_store=True)
        else:
            _let_be_kept(request, answer, spoken)
        return answer

    return public_form(answers_refusals(answered))


def off_the_device(answer: HttpResponse) -> HttpResponse:
    """For a page that should not lie about on a device that others use: "it was sent".

    What stands between may keep it, as it is the same for everyone; the browser's copies for when there is no signal
    are of what is called ``public`` alone.
    """
    setattr(answer, _OFF_THE_DEVICE, True)
    return answer


def _let_be_kept(request: HttpRequest, answer: HttpResponse, spoken: Spoken) -> None:
    # What names a discreet meeting; what was opened from the wall of a hall, whose forms carry the code on.
    if spoken.something_discreet or ROOM_IN_ADDRESS in request.GET:
        patch_cache_control(answer, no_store=True)
        # What finds pages keeps copies of them too.
        answer["X-Robots-Tag"] = "noarchive"
    elif getattr(answer, _OFF_THE_DEVICE, False):
        patch_cache_control(answer, s_maxage=KEPT_FOR, max_age=0)
    else:
        patch_cache_control(answer, public=True, max_age=KEPT_FOR)


def the_agency(slug: str) -> Agency:
    """The agency of the path. Raises Http404."""
    try:
        return agency_called(slug)
    except Unknown:
        raise Http404 from None


def show(
    request: HttpRequest,
    template: str,
    agency: Agency,
    context: Mapping[str, Any] | None = None,
    *,
    nav: str = "",
    status: int = 200,
) -> HttpResponse:
    """A page in the frame of ``agency``. nav: which way to go is marked: meetings, promises, heard or ask.

    What is about a discreet meeting (``event``) is kept by nothing.
    """
    told = dict(context or {})
    named(discreet=getattr(told.get("event"), "discreet", False))
    return render(request, template, frame(request, agency, nav=nav) | told, status=status)


def frame(request: HttpRequest, agency: Agency, *, nav: str = "") -> dict[str, Any]:
    """What site/frames/public.html shows around a page."""
    return {
        "agency": agency,
        "nav": nav,
        "tongues": same_page(request),
        "public_url": settings.PUBLIC_URL,
        "page_url": f"{settings.PUBLIC_URL}{request.path}",
        # For a copy that a browser shows without a signal.
        "as_of": moment_in_words(timezone.now(), agency.timezone),
    }


def _around_nothing(request: HttpRequest) -> dict[str, Any] | None:
    """For a page that is not there: the frame of the agency whose part of the site the address lies in."""
    named_in = _OF_AN_AGENCY.match(request.path_info)
    if named_in is None:
        return None
    try:
        around = frame(request, agency_called(named_in["slug"]))
    # Nothing else may go wrong because of a frame.
    except (Unknown, DatabaseError):
        return None
    return around | {"tongues": same_path(request)}


errors.framed_by(_around_nothing)
