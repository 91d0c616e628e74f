"""Asking the agency itself: no name unless somebody wants to hear what comes of it; below it what was asked before."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from engage.anonymous_intake import take_in
from engage.answer_keeping import KeyInvalid, KeyReused
from engage.models import Agency, ContributionIntake, WayIn
from engage.rule_violation import Refusal, RuleViolation, Unknown
from engage.said_in_public import said_in_public
from outreach.asking import ask_and_follow
from web.forms.ask_something import AskSomething
from web.kept_answers import FIELD, Keeping, anonymous_once, fresh_key, key_of, once
from web.languages import address_of
from web.public_pages import off_the_device, public_form_page, show, the_agency

_SENT: Final = "sent"


@public_form_page
def ask_us(request: HttpRequest, slug: str) -> HttpResponse:
    """GET asks for the words, POST takes them in; GET ``after`` (from a link of ours) leafs through what was asked."""
    now = timezone.now()
    agency = the_agency(slug)
    if request.method != "POST":
        return _show(request, agency, AskSomething(), sent=_SENT in request.GET)
    form = AskSomething(request.POST)
    if not form.is_valid() or "change" in request.POST:
        return _show(request, agency, form, status=400 if form.errors else 200)
    if not key_of(request):
        return _is_this_right(request, agency, form)
    try:
        _take(request, agency, form, now=now)
    except (KeyReused, KeyInvalid):
        form.add_error(None, _("This form was sent before. Press the button again to send this as well."))
        return _show(request, agency, form, status=409, key=fresh_key())
    except RuleViolation as refusal:
        form.take(refusal)
        return _show(request, agency, form, status=400 if refusal.refusal is Refusal.INVALID else 409)
    answer = HttpResponseRedirect(f"{address_of('ask_us', slug=agency.slug)}?{_SENT}")
    answer.status_code = 303
    return answer


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


def _is_this_right(request: HttpRequest, agency: Agency, form: AskSomething) -> HttpResponse:
    """A browser that made no key: ask once more, with a key of ours, and change nothing yet."""
    given = form.cleaned_data
    context = {
        "given": given,
        "anonymous": form.anonymous,
        "kind": dict(form.fields["kind"].choices)[given["kind"]],  # type: ignore[attr-defined]
        "hidden": [*((name, request.POST.get(name, "")) for name in form.fields), (FIELD, fresh_key())],
    }
    return show(request, "ask/is_this_right.html", agency, context, nav="ask")


def _show(
    request: HttpRequest,
    agency: Agency,
    form: AskSomething,
    *,
    sent: bool = False,
    status: int = 200,
    key: str = "",
) -> HttpResponse:
    if request.method == "POST":
        # This page is kept nowhere, so it may hold a key for a browser that makes none.
        key = key or key_of(request) or fresh_key()
    if sent:
        return off_the_device(show(request, "ask/sent.html", agency, nav="ask"))
    try:
        said = said_in_public(agency, after=request.GET.get("after", ""))
    except Unknown:
        raise Http404 from None
    context = {"form": form, "key": key, "said": said, "first": "after" in request.GET}
    return show(request, "ask/ask_us.html", agency, context, nav="ask", status=status)
