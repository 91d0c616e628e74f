"""When the intake is emptied, and for which meetings: it asks, since it knows nothing of events."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from engage.listening.intake import empty_intake
from engage.local_time import local_day
from events.event.models import Event, EventStatus


def empty_for_live_events(*, now: dt.datetime) -> int:
    """Every two minutes, whether a meeting is on or not: what waits is written anew in an order that means nothing.

    What was said at meetings that are on goes on where it is enough, and with it whatever was said on an earlier day.
    Returns how many texts went on.
    """
    return empty_intake(now=now, live_event_ids=_live(), event_ids_today=set())


def empty_for_the_day(*, now: dt.datetime) -> int:
    """Every hour: the day's meetings, and with them whatever was said on an earlier day. Returns how many."""
    around = Event.objects.filter(
        starts_at__lte=now + dt.timedelta(days=2),
        ends_at__gte=now - dt.timedelta(days=2),
        status__in=[EventStatus.PUBLISHED, EventStatus.LIVE, EventStatus.ENDED],
    )
    today = {
        pk
        for pk, begins, zone in around.values_list("pk", "local_starts_at", "timezone")
        if begins.date() == local_day(zone, now)
    }
    return empty_intake(now=now, live_event_ids=_live(), event_ids_today=today)


def _live() -> set[UUID]:
    return set(Event.objects.filter(status=EventStatus.LIVE).values_list("pk", flat=True))
