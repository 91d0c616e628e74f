"""How a party comes in: by its code at the door, by the link of a meeting online; by neither where there is nothing to come to."""

from __future__ import annotations

import datetime as dt
from typing import Final

from events.event.models import Event, EventFormat
from events.event.standing import takes_people
from events.rsvps.models import Rsvp
from events.rsvps.rules import link_for_rsvp
from events.rsvps.standing import RsvpStanding
from events.rsvps.standing import standing_of as rsvp_standing_of

# So long before the start the button to join is there.
JOINS_BEFORE: Final = dt.timedelta(minutes=15)


def has_code(rsvp: Rsvp, *, came: bool = False, now: dt.datetime) -> bool:
    """Whether its code opens a door: it has a seat and is not in yet, and there is a door, and a meeting behind it."""
    event = rsvp.event
    seated = rsvp_standing_of(rsvp, came=came) is RsvpStanding.CONFIRMED
    return seated and event.format != EventFormat.ONLINE and takes_people(event, now)


def joins_from(event: Event) -> dt.datetime:
    return event.starts_at - JOINS_BEFORE


def joining_link(rsvp: Rsvp, now: dt.datetime) -> str:
    """Where to join, for who has a seat: shortly before it begins, and until it is over; else empty."""
    event = rsvp.event
    return link_for_rsvp(rsvp) if now >= joins_from(event) and takes_people(event, now) else ""
