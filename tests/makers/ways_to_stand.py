"""Each way an event can stand, made as it is, and what everyone must read of it: on its page, in a list, in the bar."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext, pgettext

from events.event.models import Event
from events.event.standing import EventStanding
from tests.makers.events import an_event, begins_at

HOUR = dt.timedelta(hours=1)
# What asks somebody to come; each stands on some of these pages, and on no page of what is off or over.
COME = (
    "Save a place", "Save my place", "Join the waitlist", "Add to calendar", "Come as you are", "Print a poster",
    "Walk in. You need no account, no name and no ID.", "You can still come without one: nobody needs a place to come in.",
    "You can still come in. Say your code at the door if you have one; you need none.",
)  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """How one is made, and what must be read: the head of its notice, its words in a list, and the act in its bar."""

    fields: dict[str, Any]
    head: str
    row: str
    act: str
    status: str = "EventScheduled"
    begins: dt.timedelta = 48 * HOUR
    invites: tuple[str, ...] = ()


STATES = {
    EventStanding.CANCELLED: Shown(
        {"status": "cancelled", "cancelled_reason": "Storm.", "cancelled_at": timezone.now()},
        "This meeting is called off", "Called off", "Send your question", status="EventCancelled",
    ),
    EventStanding.REPORTED: Shown(
        {"status": "reported"}, "This meeting is over", "Read what we heard", "Read what we heard", begins=-48 * HOUR
    ),
    EventStanding.OVER: Shown(
        {"status": "ended"}, "This meeting is over", "This meeting is over", "Tell me what comes of it", begins=-48 * HOUR
    ),
    EventStanding.LIVE: Shown(
        {}, "Happening now", "Happening now", "Send a question now", begins=-HOUR / 2,
        invites=("Come as you are", COME[8], "Add to calendar", "Print a poster"),
    ),
    EventStanding.LISTED: Shown(
        {"imported": True, "rsvp_mode": "none"}, "Listed from the city’s calendar", "Listed from the city’s calendar",
        "Add to calendar", invites=("Add to calendar", "Print a poster"),
    ),
    EventStanding.WALK_IN: Shown(
        {"rsvp_mode": "none"}, "No RSVP needed", "Walk in, no RSVP needed", "Add to calendar",
        invites=("Add to calendar", COME[6], "Print a poster"),
    ),
    EventStanding.NOT_YET: Shown(
        {"rsvp_opens_at": timezone.now() + 24 * HOUR}, "Not open yet", "Places can be saved from", "Add to calendar",
        invites=("Add to calendar", "Print a poster"),
    ),
    EventStanding.CLOSED: Shown(
        {"rsvp_closes_at": timezone.now() - HOUR}, "No more places can be saved",
        "No more places can be saved. You can still come", "Add to calendar",
        invites=("Add to calendar", COME[7], "Print a poster"),
    ),
    EventStanding.HELD_FOR_GROUP: Shown(
        {"capacity": 4, "seats_taken": 2, "waiting": 1}, "2 seats are kept for a group that waits",
        "2 seats are kept for a group that waits", "Join the waitlist",
        invites=("Join the waitlist", "Add to calendar", "Print a poster"),
    ),
    EventStanding.FULL: Shown(
        {"capacity": 4, "seats_taken": 4}, "This meeting is full", "Full. You can join the waitlist", "Join the waitlist",
        invites=("Join the waitlist", "Add to calendar", "Print a poster"),
    ),
    EventStanding.OPEN: Shown(
        {"capacity": 4}, "Places can be saved now", "4 places left", "Save a place",
        invites=("Save a place", "Save my place", "Add to calendar", "Print a poster"),
    ),
}  # fmt: skip


def stands(standing: EventStanding, **fields: Any) -> Event:
    event, shown = an_event(**fields), STATES[standing]
    begins_at(event, timezone.now() + shown.begins)
    Event.objects.filter(pk=event.pk).update(**shown.fields)
    return Event.objects.select_related("agency", "venue").get(pk=event.pk)


def said(words: str, language: str) -> str:
    """In that language; a text with a number, or one that is only begun, is said in English alone here."""
    with translation.override(language):
        return gettext(words)


def said_in_the_bar(act: str, language: str) -> str:
    """Its acts are short, since they stand beside a day and an hour."""
    with translation.override(language):
        return pgettext("bar", act)
