"""How many came: heads counted by device, numbers without names from the rows while they stand, then the frozen totals."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from engage.database.ids import uuid7
from engage.database.locking import lock
from engage.database.one_by_one import one_by_one
from engage.refusals import FieldError, Invalid
from events.door.links import LATE_SYNCS, closing_time, must_take_arrivals
from events.door.models import EventTotals, HeadCount
from events.event.models import OVER, Event
from events.rsvps.models import ArrivalWay, CheckIn, Rsvp, RsvpStatus
from events.rsvps.needs.models import AccessRequest

MOST_HEADS: Final = 1_000_000
_COUNT: Final = """
INSERT INTO events_headcount AS h (id, agency_id, event_id, device, added, removed)
VALUES (%(id)s, %(agency)s, %(event)s, %(device)s, %(added)s, %(removed)s)
    ON CONFLICT (event_id, device) DO UPDATE
   SET added = greatest(h.added, excluded.added), removed = greatest(h.removed, excluded.removed)
RETURNING id, agency_id, event_id, device, added, removed
"""


def count_heads(event: Event, *, device: str, count: int, removed: int = 0, now: dt.datetime) -> HeadCount:
    """What a device has counted since it began: heads added and taken off. Both only grow; the larger report stands.

    Raises WrongState, Invalid.
    """
    must_take_arrivals(event, now)
    wrong = []
    if not 1 <= len(device) <= 64:
        wrong.append(FieldError("device", "invalid", str(_("Name the device in 1 to 64 characters."))))
    if not 0 <= count <= MOST_HEADS:
        wrong.append(FieldError("count", "out_of_range", str(_("Count from 0 to 1,000,000."))))
    if not 0 <= removed <= max(count, 0):
        wrong.append(FieldError("removed", "out_of_range", str(_("No more can leave than came."))))
    if wrong:
        raise Invalid(errors=wrong)
    values = {
        "id": uuid7(),
        "agency": event.agency_id,
        "event": event.pk,
        "device": device,
        "added": count,
        "removed": removed,
    }
    return next(iter(HeadCount.objects.raw(_COUNT, values)))


def heads_counted(event: Event) -> int:
    """People counted without a name, by all devices together."""
    total = HeadCount.objects.filter(event=event).aggregate(sum=Sum(F("added") - F("removed")))["sum"]
    return int(total or 0)


def attendance(event: Event) -> dict[str, Any]:
    """``{checked_in, walk_ins, head_count, total, rsvps: {confirmed, came}}``: people, and parties in ``rsvps``.

    Those counted by head are nobody's arrival: the total is the sum of the three.
    """
    totals = EventTotals.objects.filter(event=event).first() if event.totals_frozen_at else None
    if totals is not None:
        return _said(totals.came_people, totals.walk_ins, totals.head_count, totals.confirmed, totals.came)
    arrived = arrivals(event)
    confirmed = Rsvp.objects.filter(event=event, status=RsvpStatus.CONFIRMED).count()
    return _said(arrived["people"], arrived["walk_ins"], heads_counted(event), confirmed, arrived["rsvps"])


def arrivals(event: Event) -> dict[str, int]:
    """Standing arrivals: ``people`` and ``rsvps`` of those who had one, ``walk_ins`` (people). One query.

    An erased RSVP leaves its arrival behind as a number, so RSVPs are counted by arrival.
    """
    expected = ~Q(way=ArrivalWay.WALK_IN)
    return CheckIn.objects.filter(event=event, undone_at=None).aggregate(
        people=Sum("party", filter=expected, default=0),
        rsvps=Count("pk", filter=expected),
        walk_ins=Sum("party", filter=~expected, default=0),
    )


def _said(people: int, walk_ins: int, heads: int, confirmed: int, came: int) -> dict[str, Any]:
    return {
        "checked_in": people,
        "walk_ins": walk_ins,
        "head_count": heads,
        "total": people + walk_ins + heads,
        "rsvps": {"confirmed": confirmed, "came": came},
    }


def freeze_totals(*, now: dt.datetime, most: int = 200) -> int:
    """Count what is over since 12 hours, once each; late syncs are refused from then on. The totals are the record.

    most: how many events in one run. Safe to run twice at once. Returns how many were frozen.
    """
    due = Event.objects.filter(
        Q(ended_at=None) | Q(ended_at__lte=now - LATE_SYNCS),
        Q(open_until=None) | Q(open_until__lte=now - LATE_SYNCS),
        status__in=OVER,
        totals_frozen_at=None,
        ends_at__lte=now - LATE_SYNCS,
    )
    # Imported history had no RSVPs here; its totals are empty all the same.
    ids = list(due.order_by("ends_at").values_list("pk", flat=True)[:most])
    return one_by_one(ids, lambda pk: _freeze(pk, now))


@transaction.atomic
def _freeze(event_id: UUID, now: dt.datetime) -> bool:
    event = lock(Event, event_id)
    if event.totals_frozen_at is not None or event.status not in OVER or now < closing_time(event):
        return False
    EventTotals.objects.update_or_create(
        event=event, defaults={"agency_id": event.agency_id, "frozen_at": now, **_counted(event)}
    )
    event.totals_frozen_at = now
    event.save(update_fields=["totals_frozen_at"])
    return True


def _counted(event: Event) -> dict[str, Any]:
    rsvps = Rsvp.objects.filter(event=event)
    confirmed = Q(status=RsvpStatus.CONFIRMED)
    fits = Q() if event.capacity is None else Q(party_size__lte=event.capacity)
    counts = rsvps.aggregate(
        confirmed=Count("pk", filter=confirmed),
        confirmed_parties=Sum("party_size", filter=confirmed, default=0),
        # Who is larger than the room is in no line.
        waitlisted=Count(
            "pk", filter=Q(status=RsvpStatus.OFFERED) | (Q(status=RsvpStatus.WAITLISTED) & fits)
        ),
        cancelled=Count("pk", filter=Q(status=RsvpStatus.CANCELLED)),
    )
    arrived = arrivals(event)
    needs = AccessRequest.objects.filter(event=event)
    return {
        **counts,
        "came": arrived["rsvps"],
        "came_people": arrived["people"],
        "walk_ins": arrived["walk_ins"],
        "head_count": heads_counted(event),
        "languages": _by(rsvps.filter(confirmed), "language"),
        "needs": _by(needs, "kind"),
        "needs_results": _by(needs, "status"),
    }


def _by(rows: QuerySet[Any], column: str) -> dict[str, int]:
    return {row[column]: row["n"] for row in rows.order_by().values(column).annotate(n=Count("pk"))}
