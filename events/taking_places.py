"""Whether a meeting takes people just now, in the one word that its page is built around."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from events.models import Event, EventStatus, RsvpMode
from events.place_rules import takes_rsvps
from events.seats import free_seats


class Taking(StrEnum):
    """What somebody who wants to come finds."""

    OPEN = "open"  # a place can be saved
    FULL = "full"  # a place in the queue
    NO_RSVP = "no_rsvp"  # just come
    NOT_YET = "not_yet"  # from ``rsvp_opens_at``
    CLOSED = "closed"  # saving has ended, the meeting has not begun
    ON = "on"  # it is happening, and takes no more RSVPs
    CANCELLED = "cancelled"
    OVER = "over"


def taking(event: Event, now: dt.datetime) -> Taking:
    """The state of a published meeting. No query."""
    if event.status == EventStatus.CANCELLED:
        return Taking.CANCELLED
    if _is_over(event, now):
        return Taking.OVER
    if takes_rsvps(event, now):
        return Taking.FULL if seats_left(event) == 0 else Taking.OPEN
    if event.starts_at <= now or event.status == EventStatus.LIVE:
        return Taking.ON
    return _before(event, now)


def seats_left(event: Event) -> int | None:
    """For a newcomer: none while anybody waits; None where there is no limit."""
    free = free_seats(event)
    if free is None:
        return None
    return 0 if event.waiting else max(free, 0)


def _is_over(event: Event, now: dt.datetime) -> bool:
    ended = event.status in {EventStatus.ENDED, EventStatus.REPORTED}
    return ended or (event.ends_at <= now and event.status != EventStatus.LIVE)


def _before(event: Event, now: dt.datetime) -> Taking:
    """Of one that takes nobody now and has not begun."""
    if event.rsvp_mode == RsvpMode.NONE:
        return Taking.NO_RSVP
    opens_later = event.rsvp_opens_at is not None and now < event.rsvp_opens_at
    return Taking.NOT_YET if opens_later else Taking.CLOSED
