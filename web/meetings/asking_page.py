"""Asking at a meeting without coming to it: no name unless somebody wants to hear what comes of it."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from engage.anonymous_intake import take_in
from engage.answer_keeping import KeyInvalid, KeyReused
from engage.contributing import contribute
from engage.models import WayIn
from engage.rule_violation import Refusal, RuleViolation
from events.models import Event, EventStatus
from outreach.meeting_showing import public_meeting
from web.forms.ask_something import AskSomething
from web.kept_answers import FIELD, Keeping, anonymous_once, fresh_key, key_of, once
from web.languages import address_of
from web.meetings.event_page import facts_of
from web.public_pages import off_the_device, public_form_page, show

_SENT: Final = "sent"


@public_form_page
def ask_event(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """GET asks for the words; POST takes them in, and says the same to everyone who sent some."""
    now = timezone.now()
    event = public_meeting(event_id)
    if request.method != "POST":
        return _show(request, event, AskSomething(), sent=_SENT in request.GET)
    form = AskSomething(request.POST)
    if not form.is_valid() or "change" in request.POST:
        return _show(request, event, form, status=400 if form.errors else 200)
    if not key_of(request):
        return _is_this_right(request, event, form)
    try:
        _take(request, event, form, now=now)
    except (KeyReused, KeyInvalid):
        form.add_error(None, _("This form was sent before. Press the button again to send this as well."))
        return _show(request, event, form, status=409, key=fresh_key())
    except RuleViolation as refusal:
        form.take(refusal)
        return _show(request, event, form, status=400 if refusal.refusal is Refusal.INVALID else 409)
    answer = HttpResponseRedirect(address_of("ask_event", event_id=event.pk) + f"?{_SENT}")
    answer.status_code = 303
    return answer


def _take(request: HttpRequest, event: Event, form: AskSomething, *, now: dt.datetime) -> None:
    """Whoever is signed in is of no interest here. Raises what the rules refuse, KeyReused, KeyInProgress."""
    keeping, given = Keeping(request, now=now), form.cleaned_data
    said: dict[str, Any] = {
        "target": "event",
        "target_id": event.pk,
        "kind": given["kind"],
        "way_in": WayIn.WEB,
        "language": get_language() or "en",
        "body": given["body"],
        "now": now,
    }
    if form.anonymous:
        anonymous_once(
            keeping,
            lambda key: take_in(agency_id=event.agency_id, zone=event.timezone, idempotency_key=key, **said),
        )
        return

    def sign() -> bytes:
        contribute(agency=event.agency, email=given["email"].strip(), **said)
        return b""

    once(keeping, sign)


def _is_this_right(request: HttpRequest, event: Event, form: AskSomething) -> HttpResponse:
    """A browser that made no key: ask once more, with a key of ours, and change nothing yet."""
    hidden = [(name, request.POST.get(name, "")) for name in form.fields]
    context = facts_of(event) | {
        "given": form.cleaned_data,
        "anonymous": form.anonymous,
        "kind": dict(form.fields["kind"].choices)[form.cleaned_data["kind"]],  # type: ignore[attr-defined]
        "hidden": [*hidden, (FIELD, fresh_key())],
    }
    return show(request, "events/ask_is_this_right.html", event.agency, context, nav="meetings")


def _show(
    request: HttpRequest,
    event: Event,
    form: AskSomething,
    *,
    sent: bool = False,
    status: int = 200,
    key: str = "",
) -> HttpResponse:
    if request.method == "POST":
        # This page is kept nowhere, so it may hold a key for a browser that makes none.
        key = key or key_of(request) or fresh_key()
    context = facts_of(event) | {
        "form": form,
        "sent": sent,
        "key": key,
        "is_live": event.status == EventStatus.LIVE,
    }
    answer = show(request, "events/ask.html", event.agency, context, nav="meetings", status=status)
    return off_the_device(answer) if sent else answer
