"""How an event stands at an instant, and what somebody finds there who wants to come. Nobody else works it out.

One set of rules, read in three ways: for a row at hand (``standing_of``, ``taking_of``), as a filter (``standings``,
``takings``), and as a column (``as_column``). Every surface takes its words, its buttons and its marks from them. Whom a
meeting is for (its audience) is no standing, nor are its marks: online, hybrid, and that it was moved (``moved_from``).
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Final

from django.db.models import Case, CharField, F, Q, Value, When

from events.event.announced import Schedule, announced_before, before_the_newest_move, schedule_of
from events.event.models import OPEN, Event, EventStatus, RsvpMode


class EventStanding(StrEnum):
    """The first that holds. The values are the API's."""

    CANCELLED = "cancelled"
    REPORTED = "reported"
    OVER = "over"
    LIVE = "live"
    DRAFT = "draft"
    # From here on it is ahead, and this is what a newcomer finds (``taking_of``, also while it is on).
    LISTED = "listed"  # imported, and nobody asked us to take RSVPs: how much room there is, we do not know
    WALK_IN = "walk_in"  # no RSVP needed
    NOT_YET = "not_yet"  # places can be saved from ``rsvp_opens_at``
    CLOSED = "closed"  # no more places can be saved; see ``walks_in_when_closed``
    HELD_FOR_GROUP = "held_for_group"  # seats are free, and kept for those who wait already
    FULL = "full"  # a place in the queue
    OPEN = "open"  # a place can be saved

    @property
    def is_ahead(self) -> bool:
        return self in TAKINGS

    @property
    def is_over(self) -> bool:
        """It took place, whether or not it was said yet what came of it."""
        return self in {EventStanding.OVER, EventStanding.REPORTED}

    @property
    def saves(self) -> bool:
        """A form saves something: a place, or one in the queue."""
        return self in SAVING

    @property
    def queues(self) -> bool:
        """Whoever asks now joins the waitlist."""
        return self in {EventStanding.FULL, EventStanding.HELD_FOR_GROUP}


_ALL: Final = tuple(EventStanding)
TAKINGS: Final = _ALL[_ALL.index(EventStanding.LISTED) :]
SAVING: Final = frozenset({EventStanding.OPEN, EventStanding.FULL, EventStanding.HELD_FOR_GROUP})
_OPEN: Final = Q(status__in=sorted(OPEN))


def standing_of(event: Event, now: dt.datetime) -> EventStanding:
    """Of one at hand; no query. At its hour it is on, and past its end over, whether or not the clock's worker was there."""
    if event.status == EventStatus.CANCELLED:
        return EventStanding.CANCELLED
    if event.status == EventStatus.REPORTED:
        return EventStanding.REPORTED
    if event.status == EventStatus.ENDED or _has_run_out(event, now):
        return EventStanding.OVER
    if event.status == EventStatus.LIVE or (event.status == EventStatus.PUBLISHED and event.starts_at <= now):
        return EventStanding.LIVE
    if event.status == EventStatus.DRAFT:
        return EventStanding.DRAFT
    return _found(event, now)


def taking_of(event: Event, now: dt.datetime) -> EventStanding | None:
    """What a newcomer finds, before it begins and while it is on; None of a draft, and once it is over or off. No query."""
    return _found(event, now) if takes_people(event, now) else None


def takes_people(event: Event, now: dt.datetime) -> bool:
    """Published, neither over nor called off: somebody may come."""
    return event.status in OPEN and not _has_run_out(event, now)


def takes_rsvps(event: Event, now: dt.datetime) -> bool:
    """A place can be saved now, or one in the queue. Reads no counter."""
    return takes_people(event, now) and _barred(event, now) is None


def standings(now: dt.datetime) -> dict[EventStanding, Q]:
    """Each way to stand as a filter; every event is in exactly one. ``now``: an instant, or an expression for one."""
    published = Q(status=EventStatus.PUBLISHED)
    begun = Q(starts_at__lte=now)
    ahead = published & Q(starts_at__gt=now)
    return {
        EventStanding.CANCELLED: Q(status=EventStatus.CANCELLED),
        EventStanding.REPORTED: Q(status=EventStatus.REPORTED),
        EventStanding.OVER: Q(status=EventStatus.ENDED) | (published & Q(ends_at__lte=now)),
        EventStanding.LIVE: Q(status=EventStatus.LIVE) | (published & begun & Q(ends_at__gt=now)),
        EventStanding.DRAFT: Q(status=EventStatus.DRAFT),
        **{each: ahead & rule for each, rule in _findings(now).items()},
    }


def takings(now: dt.datetime) -> dict[EventStanding, Q]:
    """``taking_of`` as filters: of what is ahead or on, each is in exactly one, all others in none."""
    people = people_may_come(now)
    return {each: people & rule for each, rule in _findings(now).items()}


def people_may_come(now: dt.datetime) -> Q:
    """``takes_people`` as a filter."""
    return _OPEN & (Q(status=EventStatus.LIVE) | Q(ends_at__gt=now))


def shown_as_ahead(now: dt.datetime) -> Q:
    """What stands in a list of what is to come: what people may come to, and what was called off, until it would be over."""
    return people_may_come(now) | Q(status=EventStatus.CANCELLED, ends_at__gt=now)


def is_off(event: Event) -> bool:
    """Called off; no clock changes that."""
    return event.status == EventStatus.CANCELLED


def as_column(now: dt.datetime) -> Case:
    """How each row stands, asked once a row."""
    return Case(
        *(When(rule, then=Value(each.value)) for each, rule in standings(now).items()),
        output_field=CharField(),
    )


def moved_from(event: Event, now: dt.datetime) -> Schedule | None:
    """What was last announced before the newest move, while somebody may still come by it: until the end.

    None where it was never moved, or stands again as it did at first. No query where the event's venue is there, and none
    at all where it was never moved.
    """
    if not event.schedules or not takes_people(event, now):
        return None
    said = [one.schedule for one in announced_before(event)]
    return before_the_newest_move(said, schedule_of(event))


def moved_since(event: Event, told_at: dt.datetime, now: dt.datetime) -> Schedule | None:
    """What held when somebody was told, or told us, when and where it is; None where that holds. As ``moved_from``."""
    if not event.schedules or not takes_people(event, now):
        return None
    said = next((one.schedule for one in announced_before(event) if told_at < one.until), None)
    return None if said is None or said.is_as(schedule_of(event)) else said


def walks_in_when_closed(event: Event) -> bool:
    """Whether somebody without a place may still come once no more are saved: the event's own word, else its agency's."""
    own = event.walk_in_when_closed
    return event.agency.walk_in_when_closed if own is None else own


def free_seats(event: Event) -> int | None:
    """Seats neither taken nor held; None without a capacity. Those who wait come first for them."""
    return None if event.capacity is None else event.capacity - event.seats_taken - event.seats_held


def in_line(event: Event) -> int:
    """Parties that wait and could be seated, so that what is free is theirs; not those larger than the whole room."""
    return max(event.waiting - event.waiting_too_large, 0)


def seats_left(event: Event) -> int | None:
    """For a newcomer: none while anybody waits; None where there is no limit."""
    free = free_seats(event)
    if free is None:
        return None
    return 0 if in_line(event) else max(free, 0)


def _has_run_out(event: Event, now: dt.datetime) -> bool:
    """Its end has passed and nobody keeps it open: one that was started is over when somebody says so."""
    return event.status == EventStatus.PUBLISHED and event.ends_at <= now


def _found(event: Event, now: dt.datetime) -> EventStanding:
    """As if it were published and not over."""
    return _barred(event, now) or _by_seats(event)


def _barred(event: Event, now: dt.datetime) -> EventStanding | None:
    """Why no place can be saved, whatever is free; None where one can."""
    if event.rsvp_mode == RsvpMode.NONE:
        return EventStanding.LISTED if event.imported else EventStanding.WALK_IN
    if event.rsvp_opens_at is not None and now < event.rsvp_opens_at:
        return EventStanding.NOT_YET
    if now >= (event.rsvp_closes_at or event.starts_at):
        return EventStanding.CLOSED
    return None


def _by_seats(event: Event) -> EventStanding:
    free = free_seats(event)
    if free is not None and free <= 0:
        return EventStanding.FULL
    return EventStanding.HELD_FOR_GROUP if in_line(event) else EventStanding.OPEN


def _findings(now: dt.datetime) -> dict[EventStanding, Q]:
    """``_found`` as filters."""
    none_needed, by_rsvp = Q(rsvp_mode=RsvpMode.NONE), Q(rsvp_mode=RsvpMode.OPEN)
    opened = Q(rsvp_opens_at=None) | Q(rsvp_opens_at__lte=now)
    closed = Q(rsvp_closes_at__lte=now) | Q(rsvp_closes_at=None, starts_at__lte=now)
    still_open = Q(rsvp_closes_at__gt=now) | Q(rsvp_closes_at=None, starts_at__gt=now)
    saving = by_rsvp & opened & still_open
    # Asked as what is so, never as what is not: NOT over a column that may be null finds nothing.
    full = Q(capacity__lte=F("seats_taken") + F("seats_held"))
    free = Q(capacity=None) | Q(capacity__gt=F("seats_taken") + F("seats_held"))
    return {
        EventStanding.LISTED: none_needed & Q(imported=True),
        EventStanding.WALK_IN: none_needed & Q(imported=False),
        EventStanding.NOT_YET: by_rsvp & Q(rsvp_opens_at__gt=now),
        EventStanding.CLOSED: by_rsvp & opened & closed,
        EventStanding.HELD_FOR_GROUP: saving & free & Q(waiting__gt=F("waiting_too_large")),
        EventStanding.FULL: saving & full,
        EventStanding.OPEN: saving & free & Q(waiting__lte=F("waiting_too_large")),
    }
