"""Freezing what an evening came to, before the rows of the people who came are purged."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, QuerySet, Sum

from events import seats
from events.attending import arrivals
from events.door_times import LATE_SYNCS, closing_time
from events.head_counting import heads_counted
from events.models import AccessRequest, Event, EventStatus, EventTotals, Rsvp, RsvpStatus

_OVER = (EventStatus.ENDED, EventStatus.REPORTED)


def freeze_totals(*, now: dt.datetime, most: int = 200) -> int:
    """Count what is over since 12 hours, once each; late syncs are refused from then on. The totals are the record.

    most: how many events in one run. Safe to run twice at once. Returns how many were frozen.
    """
    due = Event.objects.filter(
        Q(ended_at=None) | Q(ended_at__lte=now - LATE_SYNCS),
        status__in=_OVER,
        totals_frozen_at=None,
        ends_at__lte=now - LATE_SYNCS,
    )
    # Imported history had no places here; its totals are empty all the same.
    return sum(_freeze(pk, now) for pk in list(due.order_by("ends_at").values_list("pk", flat=True)[:most]))


@transaction.atomic
def _freeze(event_id: UUID, now: dt.datetime) -> bool:
    event = seats.locked(event_id)
    if event.totals_frozen_at is not None or event.status not in _OVER or now < closing_time(event):
        return False
    # Deliveries are added by whoever deletes them, perhaps before this; they stay as they are.
    EventTotals.objects.update_or_create(
        event=event, defaults={"agency_id": event.agency_id, "frozen_at": now, **_counted(event)}
    )
    event.totals_frozen_at = now
    event.save(update_fields=["totals_frozen_at"])
    return True


def _counted(event: Event) -> dict[str, Any]:
    places = Rsvp.objects.filter(event=event)
    confirmed = Q(status=RsvpStatus.CONFIRMED)
    counts = places.aggregate(
        confirmed=Count("pk", filter=confirmed),
        confirmed_parties=Sum("party_size", filter=confirmed, default=0),
        waitlisted=Count("pk", filter=Q(status__in=[RsvpStatus.WAITLISTED, RsvpStatus.OFFERED])),
        cancelled=Count("pk", filter=Q(status=RsvpStatus.CANCELLED)),
    )
    arrived = arrivals(event)
    needs = AccessRequest.objects.filter(event=event)
    return {
        **counts,
        "came": arrived["places"],
        "came_people": arrived["people"],
        "walk_ins": arrived["walk_ins"],
        "head_count": heads_counted(event),
        "languages": _by(places.filter(confirmed), "language"),
        "needs": _by(needs, "kind"),
        "needs_results": _by(needs, "status"),
    }


def _by(rows: QuerySet[Any], column: str) -> dict[str, int]:
    return {row[column]: row["n"] for row in rows.order_by().values(column).annotate(n=Count("pk"))}
