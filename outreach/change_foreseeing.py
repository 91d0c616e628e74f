"""What a change to an event would set off, told before it is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engage.models import Channel
from events.models import AccessRequest, AccessStatus, Event, Rsvp, RsvpStatus
from events.scheduling import OPEN, would_move

_STANDING = (RsvpStatus.CONFIRMED, RsvpStatus.OFFERED, RsvpStatus.WAITLISTED)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """what: ``time``, ``place`` or both. told: people who get a message. reopened: needs that become work again."""

    what: list[str]
    told: int
    reopened: int


def foresee(event: Event, fields: Mapping[str, Any], *, new_place: bool = False) -> Foreseen | None:
    """None where nobody would be told. Sets ``fields`` on ``event``: hand over a row of your own.

    new_place: the event moves to a place that is not there yet. Raises what ``edit`` raises about the fields.
    """
    what = would_move(event, fields)
    if new_place and "place" not in what:
        what.append("place")
    if not what or event.status not in OPEN:
        return None
    settled = AccessRequest.objects.filter(
        event=event, status__in=[AccessStatus.ARRANGED, AccessStatus.NOT_MET]
    )
    return Foreseen(what, people_told(event), settled.count())


def people_told(event: Event) -> int:
    """How many hear of a move or a cancellation, at most: places that were saved with an email address. One query.

    Places are counted, not addresses: whoever saves one under an address that they know, and sees the number of
    addresses stay as it was, has learnt that it had a place.
    """
    return Rsvp.objects.filter(
        event=event, status__in=_STANDING, email_contact__channel=Channel.EMAIL
    ).count()
