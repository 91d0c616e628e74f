"""Asking the agency itself: no name unless somebody wants to hear what comes of it; below it what was asked before."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from engage.anonymous_intake import take_in
from engage.models import Agency, ContributionIntake, WayIn
from engage.rule_violation import Unknown
from engage.said_in_public import said_in_public
from outreach.asking import ask_and_follow
from web.asking import SENT, key_for, take_words
from web.forms.ask_something import AskSomething
from web.kept_answers import Keeping, anonymous_once, once
from web.languages import address_of
from web.public_pages import off_the_device, public_form_page, show, the_agency


@public_form_page
def ask_us(request: HttpRequest, slug: str) -> HttpResponse:
    """GET asks for the words, POST takes them in; GET ``after`` (from a link of ours) leafs through what was asked."""
    now = timezone.now()
    agency = the_agency(slug)
    if request.method != "POST":
        return _show(request, agency, AskSomething(), sent=SENT in request.GET)
    return take_words(
        request,
        show=partial(_show, request, agency),
        is_this_right=partial(_is_this_right, request, agency),
        take=partial(_take, request, agency, now=now),
        page=address_of("ask_us", slug=agency.slug),
    )


def _take(request: HttpRequest, agency: Agency, form: AskSomething, *, now: dt.datetime) -> None:
    """Whoever is signed in is of no interest here. Raises what the rules refuse, KeyReused, KeyInProgress."""
    keeping, given = Keeping(request, now=now), form.cleaned_data
    language = get_language() or "en"
    if form.anonymous:
        anonymous_once(
            keeping,
            lambda key: take_in(
                agency_id=agency.pk,
                target=ContributionIntake.Target.AGENCY,
                target_id=agency.pk,
                zone=agency.timezone,
                kind=given["kind"],
                way_in=WayIn.WEB,
                language=language,
                body=given["body"],
                idempotency_key=key,
                now=now,
            ),
        )
        return

    def sign() -> bytes:
        ask_and_follow(
            agency=agency,
            kind=given["kind"],
            body=given["body"],
            language=language,
            email=given["email"].strip(),
            now=now,
        )
        return b""

    once(keeping, sign)


def _is_this_right(request: HttpRequest, agency: Agency, asked: dict[str, Any]) -> HttpResponse:
    back = {"address": asked["page"], "words": _("Ask us")}
    return show(request, "ask/is_this_right.html", agency, asked | {"back": back}, nav="ask")


def _show(
    request: HttpRequest,
    agency: Agency,
    form: AskSomething,
    *,
    sent: bool = False,
    status: int = 200,
    key: str = "",
) -> HttpResponse:
    if sent:
        return off_the_device(show(request, "ask/sent.html", agency, nav="ask"))
    try:
        said = said_in_public(agency, after=request.GET.get("after", ""))
    except Unknown:
        raise Http404 from None
    context = {"form": form, "key": key_for(request, key), "said": said, "first": "after" in request.GET}
    return show(request, "ask/ask_us.html", agency, context, nav="ask", status=status)
