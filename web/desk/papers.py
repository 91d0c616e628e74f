"""Paper for an event, each one Letter page: the sign-in sheet for the door, and the poster for where people already go."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from events.event.models import Event, VenueFeature
from events.event.permissions import public_events
from events.event.standing import EventStanding, is_off, standing_of, taking_of
from events.event.when import hours_of, span_of, when_of
from events.rsvps.needs.models import NeedKind
from web.desk.many_tongues import TONGUES, spoken
from web.events.staff_head import own_event
from web.events.standing_words import before_it_moved
from web.events.words import description_of
from web.site.frames.discretion import title_of
from web.site.frames.public import public_page
from web.site.frames.staff import Desk, desk_page, show
from web.site.languages.addresses import address_of

LINES = 14
TICKS = range(4)
_OFFERED = {**dict(NeedKind.choices), **dict(VenueFeature.choices)}
_MOST_OFFERED = 9


@desk_page("events:write")
def sign_in_sheet(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """For people who want to hear what came of it; it says first that nobody has to sign."""
    event = own_event(desk, event_id)
    spoken_now = get_language() or settings.LANGUAGE_CODE
    context = {
        "event": event,
        "back_url": reverse("workspace", kwargs={"slug": desk.agency.slug, "event_id": event.pk}),
        "back": _("Back to the event"),
        "when": when_of(event),
        "lines": range(1, LINES + 1),
        "ticks": TICKS,
        "first": next((one for one in TONGUES if one.code == spoken_now), TONGUES[0]),
        "tongues": [one for one in TONGUES if one.code != spoken_now],
        "second": next(code for code, _name in settings.LANGUAGES if code != spoken_now),
    }
    return show(request, "desk/sign_in_sheet.html", desk, context)


@public_page
def poster(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """A public event's poster. It says only what the event and its place hold."""
    event = public_events().select_related("agency", "venue").filter(pk=event_id).first()
    if event is None:
        raise Http404
    now = timezone.now()
    taking = taking_of(event, now)
    path = address_of("event", event_id=event.pk)
    url = settings.PUBLIC_URL + path
    context: dict[str, Any] = {
        "event": event,
        "agency": event.agency,
        "back_url": path,
        "back": _("Back to the meeting"),
        "title": title_of(event),
        "description": description_of(event),
        "weekday": date_format(event.local_starts_at, "l"),
        "day": event.local_starts_at.day,
        "month": date_format(event.local_starts_at, "F"),
        # Beside the large day; of several days all of them.
        "hours": when_of(event) if span_of(event).has_days else hours_of(event),
        "offered": _offered(event),
        "url": url,
        "address": url.split("://", 1)[1],
        "tongues": _tongues(event),
        "is_full": _is_full(event),
        "is_off": is_off(event),
        "is_over": standing_of(event, now).is_over,
        "was": before_it_moved(event, now),
        "saves": taking is not None and (taking.saves or taking is EventStanding.NOT_YET),
    }
    return render(request, "desk/poster.html", context)


def _is_full(event: Event) -> bool:
    """Whether there is so much to say that smaller letters are needed to keep it on one page."""
    room = event.venue
    where = len(f"{room.name}{room.room}{room.address}") if room else 0
    return len(title_of(event)) > 60 or where > 90 or len(event.run_by) > 60


def _offered(event: Event) -> list[str]:
    """What is true of every event here, then what this one offers, then what its place has."""
    features = event.venue.access_features if event.venue else []
    codes = dict.fromkeys([*event.access_offered, *features])
    offered = [str(_OFFERED[code]) for code in codes if code in _OFFERED and code != NeedKind.OTHER]
    return [_("No ID needed"), _("No name needed"), *offered][:_MOST_OFFERED]


def _tongues(event: Event) -> list[dict[str, str]]:
    """A line each for whoever reads no English: spoken there, or to be asked for where interpreters are offered."""
    may_ask = NeedKind.INTERPRETER.value in event.access_offered and bool(event.agency.contact_phone)
    lines = []
    for tongue in TONGUES[1:]:
        words = (
            tongue.spoken_here
            if spoken(tongue, event.languages)
            else tongue.ask_for_interpreter
            if may_ask
            else ""
        )
        if words:
            lines.append({"code": tongue.code, "direction": tongue.direction, "words": words})
    return lines
