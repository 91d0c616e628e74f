"""Asking at a meeting without coming to it: no name unless somebody wants to hear what comes of it."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language

from engage.anonymous_intake import take_in
from engage.contributing import contribute
from engage.models import WayIn
from events.models import Event, EventStatus
from outreach.meeting_showing import public_meeting
from web.asking import SENT, key_for, take_words
from web.forms.ask_something import AskSomething
from web.kept_answers import Keeping, anonymous_once, once
from web.languages import address_of
from web.meetings.event_page import facts_of
from web.meetings.in_the_hall import hall_of
from web.public_pages import off_the_device, public_form_page, show


@public_form_page
def ask_event(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """GET asks for the words; POST takes them in, and says the same to everyone who sent some."""
    now = timezone.now()
    event = public_meeting(event_id)
    if request.method != "POST":
        return _show(request, event, AskSomething(), sent=SENT in request.GET)
    return take_words(
        request,
        show=partial(_show, request, event),
        is_this_right=partial(_is_this_right, request, event),
        take=partial(_take, request, event, now=now),
        page=address_of("ask_event", event_id=event.pk),
    )


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


def _is_this_right(request: HttpRequest, event: Event, asked: dict[str, Any]) -> HttpResponse:
    meeting = facts_of(event)
    back = {"address": address_of("event", event_id=event.pk), "words": meeting["title"]}
    return show(
        request, "ask/is_this_right.html", event.agency, meeting | asked | {"back": back}, nav="meetings"
    )


def _show(
    request: HttpRequest,
    event: Event,
    form: AskSomething,
    *,
    sent: bool = False,
    status: int = 200,
    key: str = "",
) -> HttpResponse:
    context = facts_of(event) | {
        "form": form,
        "sent": sent,
        "key": key_for(request, key),
        "is_live": event.status == EventStatus.LIVE,
        "hall": hall_of(request, event, now=timezone.now()),
    }
    answer = show(request, "events/ask.html", event.agency, context, nav="meetings", status=status)
    return off_the_device(answer) if sent else answer
