"""What the door sees at a glance: how many are here, how many are still to come, what they need and where it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import Count, Q

from events.event.models import Event
from events.rsvps.models import RsvpStatus
from events.rsvps.needs.models import AccessRequest, NeedStatus

# One statement, since every screen at the door asks for it again and again.
_COUNT: Final = """
SELECT coalesce((SELECT sum(party) FROM events_checkin WHERE event_id = %(event)s AND undone_at IS NULL), 0),
       (SELECT count(*) FROM events_rsvp WHERE event_id = %(event)s AND status = 'confirmed'),
       (SELECT count(*) FROM events_rsvp r WHERE event_id = %(event)s AND status = 'confirmed' AND NOT EXISTS (
          SELECT FROM events_checkin c WHERE c.rsvp_id = r.id AND c.undone_at IS NULL)),
       coalesce(sum(added - removed), 0),
       coalesce(max(added) FILTER (WHERE device = %(device)s), 0),
       coalesce(max(removed) FILTER (WHERE device = %(device)s), 0)
  FROM events_headcount WHERE event_id = %(event)s
"""


@dataclass(frozen=True, slots=True)
class DoorCounts:
    """checked_in, heads: people. expected, to_come: confirmed RSVPs. added, removed: heads counted by this device."""

    checked_in: int
    expected: int
    to_come: int
    heads: int
    added: int
    removed: int

    @property
    def here(self) -> int:
        """People in the room, with a name or without."""
        return self.checked_in + self.heads


@dataclass(frozen=True, slots=True)
class NeedHere:
    """One kind of need: how many asked for it, of how many the people are here, and where it is, in staff's words."""

    kind: str
    language: str
    here: int
    asked: int
    where: list[str]


def door_counts(event: Event, device: str) -> DoorCounts:
    """One query."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"event": event.pk, "device": device})
        return DoorCounts(*(int(number) for number in cursor.fetchone()))


def needs_at_the_door(event: Event) -> list[NeedHere]:
    """Kinds of needs without the people, most of them here first. One query."""
    standing = Q(rsvp__check_ins__isnull=False, rsvp__check_ins__undone_at=None)
    arranged = Q(status__in=[NeedStatus.ARRANGED, NeedStatus.MET]) & ~Q(outcome="")
    rows: Any = (
        AccessRequest.objects.filter(event=event)
        .exclude(Q(status=NeedStatus.NOT_MET) | Q(rsvp__status=RsvpStatus.CANCELLED))
        .values("kind", "language")
        .annotate(
            here=Count("pk", distinct=True, filter=standing),
            asked=Count("pk", distinct=True),
            where=ArrayAgg("outcome", distinct=True, filter=arranged, default=[]),
        )
        .order_by("-here", "kind", "language")
    )
    return [NeedHere(**row) for row in rows]
