"""The one file that moves an event's counters: ``seats_taken``, ``seats_held``, ``waiting``, ``queue_tail``, and
``waiting_too_large``.

``seats_taken`` is the sum of confirmed parties, ``seats_held`` of offered ones, ``waiting`` the number of queued
parties, always; ``waiting_too_large`` how many of those are larger than the capacity, which was lowered: they hold nobody up. Joining is one conditional UPDATE on the row's own columns, with the INSERT in the same statement: a
row read before the UPDATE, even under a lock in a CTE, decides by values that are stale by then. Everything else
locks the event's row first (``locked``), then its RSVPs; the other order deadlocks.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection, models
from django.db.models import F

from engage.database.locking import lock
from engage.refusals import Unknown
from events.event.locking import locked
from events.event.models import Event
from events.rsvps.models import Rsvp, RsvpStatus

_FITS: Final = "waiting <= waiting_too_large AND (capacity IS NULL OR seats_taken + seats_held + %(party)s::int <= capacity)"
_JOIN: Final = f"""
WITH s AS (
    UPDATE events_event
       SET seats_taken = seats_taken + CASE WHEN {_FITS} THEN %(party)s::int ELSE 0 END,
           waiting = waiting + CASE WHEN {_FITS} THEN 0 ELSE 1 END,
           queue_tail = queue_tail + CASE WHEN {_FITS} THEN 0 ELSE 1 END,
           last_join_fit = ({_FITS})
     WHERE id = %(event)s AND status IN ('published', 'live') AND rsvp_mode = 'open'
       AND (rsvp_opens_at IS NULL OR rsvp_opens_at <= %(now)s::timestamptz)
       AND %(now)s::timestamptz < coalesce(rsvp_closes_at, starts_at)
       AND (capacity IS NULL OR %(party)s::int <= capacity)
       AND (%(waitlist)s::boolean OR ({_FITS}))
    RETURNING id, agency_id, last_join_fit, queue_tail, waiting - waiting_too_large AS in_line
)
INSERT INTO events_rsvp (
    id, agency_id, event_id, sealed_name, party_size, status, queue_number, language, remind, source, checkin_code,
    email_contact_id, phone_contact_id, confirmed_at, offers_lapsed, link_version, edit_version, created_at, erase_after
)
SELECT %(id)s::uuid, agency_id, id, %(sealed_name)s::bytea, %(party)s::int,
       CASE WHEN last_join_fit THEN 'confirmed' ELSE 'waitlisted' END,
       CASE WHEN last_join_fit THEN NULL ELSE queue_tail END,
       %(language)s, %(remind)s, %(source)s, %(checkin_code)s,
       %(email_contact)s::uuid, %(phone_contact)s::uuid,
       CASE WHEN last_join_fit THEN %(saved_at)s::timestamptz END,
       0, 1, 1, %(saved_at)s::timestamptz, %(erase_after)s::timestamptz
  FROM s
RETURNING status, queue_number, (SELECT in_line FROM s)
"""  # noqa: S608 - made of constants only


class Joined(NamedTuple):
    """What a newcomer got. position: in the queue, from 1; None where a seat was free."""

    status: str
    queue_number: int | None
    position: int | None


def join(rsvp: Rsvp, *, waitlist: bool, now: dt.datetime) -> Joined | None:
    """Seat an unsaved ``rsvp``, or put it at the end of the queue, and insert it: one statement.

    waitlist: whether a place in the queue will do. None: the event takes nobody now, or is full and ``waitlist`` is
    false, or could never hold the party.
    """
    values: dict[str, Any] = {
        "id": rsvp.pk,
        "event": rsvp.event_id,
        "party": rsvp.party_size,
        "sealed_name": rsvp.sealed_name,
        "language": rsvp.language,
        "remind": rsvp.remind,
        "source": rsvp.source,
        "checkin_code": rsvp.checkin_code,
        "email_contact": rsvp.email_contact_id,
        "phone_contact": rsvp.phone_contact_id,
        "erase_after": rsvp.erase_after,
        "waitlist": waitlist,
        "now": now,
        "saved_at": rsvp.created_at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_JOIN, values)
        row = cursor.fetchone()
    if row is None:
        return None
    status, queue_number, in_line = row
    return Joined(status, queue_number, None if queue_number is None else in_line)


def locked_with_rsvp(rsvp_id: UUID) -> tuple[Event, Rsvp]:
    """The event's row and then the RSVP's, both held until the transaction ends. Raises Unknown."""
    event_id = Rsvp.objects.filter(pk=rsvp_id).values_list("event_id", flat=True).first()
    if event_id is None:
        raise Unknown
    event = locked(event_id)
    rsvp = lock(Rsvp, rsvp_id)
    rsvp.event = event
    return event, rsvp


def move(event: Event, *, taken: int = 0, held: int = 0, waiting: int = 0, too_large: int = 0) -> None:
    """Add to the counters of a locked event; the row's constraint refuses what would oversell."""
    steps = {"seats_taken": taken, "seats_held": held, "waiting": waiting, "waiting_too_large": too_large}
    changed: dict[str, models.expressions.Combinable] = {
        name: F(name) + step for name, step in steps.items() if step
    }
    if not changed:
        return
    Event.objects.filter(pk=event.pk).update(**changed)
    for name, step in steps.items():
        setattr(event, name, getattr(event, name) + step)


def next_queue_number(event: Event) -> int:
    """A new number at the tail of a locked event's queue; the numbers given have no gaps."""
    event.queue_tail += 1
    Event.objects.filter(pk=event.pk).update(queue_tail=F("queue_tail") + 1)
    return event.queue_tail


def is_too_large(event: Event, party_size: int) -> bool:
    """For the whole room."""
    return event.capacity is not None and party_size > event.capacity


def count_too_large(event: Event) -> None:
    """Anew, of a locked event whose capacity was set."""
    waiting = Rsvp.objects.filter(event_id=event.pk, status=RsvpStatus.WAITLISTED)
    event.waiting_too_large = (
        0 if event.capacity is None else waiting.filter(party_size__gt=event.capacity).count()
    )
    Event.objects.filter(pk=event.pk).update(waiting_too_large=event.waiting_too_large)
