"""How a party's RSVP stands. How its meeting stands is another question (``events.event.standing``); pages ask both.

Read in three ways: for a row at hand (``standing_of``), as filters (``standings``) and as a column (``as_column``).
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Final

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When

from events.event.announced import Schedule
from events.event.models import Event
from events.event.standing import moved_since
from events.rsvps.models import CheckIn, Rsvp, RsvpStatus


class RsvpStanding(StrEnum):
    """The first that holds."""

    CANCELLED = "cancelled"
    CAME = "came"
    OFFERED = "offered"
    WAITLISTED = "waitlisted"
    CONFIRMED = "confirmed"

    @property
    def has_seat(self) -> bool:
        return self in {RsvpStanding.CAME, RsvpStanding.CONFIRMED}

    @property
    def stands(self) -> bool:
        return self is not RsvpStanding.CANCELLED


_OF_STATUS: Final = {status.value: RsvpStanding(status.value) for status in RsvpStatus}


def standing_of(rsvp: Rsvp, *, came: bool) -> RsvpStanding:
    """came: whether an arrival of this RSVP stands (``has_come``, or the column that ``with_arrivals`` adds)."""
    if rsvp.status == RsvpStatus.CANCELLED:
        return RsvpStanding.CANCELLED
    return RsvpStanding.CAME if came else _OF_STATUS[rsvp.status]


def has_come(rsvp: Rsvp) -> bool:
    """Somebody let this party in, and did not take it back. One query."""
    return CheckIn.objects.filter(rsvp=rsvp, undone_at=None).exists()


def with_arrivals(rsvps: QuerySet[Rsvp]) -> QuerySet[Rsvp]:
    """Each with ``came``, for ``standing_of``: no query a row."""
    return rsvps.annotate(came=_arrived())


def standings() -> dict[RsvpStanding, Q]:
    """Each way to stand as a filter over RSVPs; every one is in exactly one."""
    arrived = Q(_arrived())
    waits = {each: Q(status=status) for status, each in _OF_STATUS.items() if each.stands}
    return {
        RsvpStanding.CANCELLED: Q(status=RsvpStatus.CANCELLED),
        RsvpStanding.CAME: ~Q(status=RsvpStatus.CANCELLED) & arrived,
        **{each: rule & ~arrived for each, rule in waits.items()},
    }


def as_column() -> Case:
    """How each row stands, asked once a row."""
    return Case(
        *(When(rule, then=Value(each.value)) for each, rule in standings().items()),
        output_field=CharField(),
    )


def moved_since_kept(rsvp: Rsvp, event: Event, stands: RsvpStanding, now: dt.datetime) -> Schedule | None:
    """What held when this place was made, or last kept by its holder; whoever is in, or has left, needs to know no more."""
    if stands in {RsvpStanding.CANCELLED, RsvpStanding.CAME}:
        return None
    return moved_since(event, rsvp.kept_at or rsvp.created_at, now)


def has_lapsed_once(rsvp: Rsvp) -> bool:
    """It waits again, behind everybody, since an offer went by."""
    return rsvp.status == RsvpStatus.WAITLISTED and rsvp.offers_lapsed > 0


def is_screen_only(rsvp: Rsvp) -> bool:
    """No message reaches it: what there is to know stands on its page alone."""
    return rsvp.email_contact_id is None and rsvp.phone_contact_id is None


def may_come_all_the_same(rsvp: Rsvp) -> bool:
    """What a party that still waits reads on the evening, as the agency has it; whoever has a place may anyway."""
    waits = rsvp.status in {RsvpStatus.WAITLISTED, RsvpStatus.OFFERED}
    return rsvp.event.agency.waitlist_may_come if waits else rsvp.status == RsvpStatus.CONFIRMED


def _arrived() -> Exists:
    return Exists(CheckIn.objects.filter(rsvp=OuterRef("pk"), undone_at=None))
