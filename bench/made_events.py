"""Made-up agencies and meetings to measure on, written straight into the tables."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    from engage.agencies.models import Agency
    from events.event.models import Event


def agency() -> Agency:
    from engage.agencies.models import Agency

    return Agency.objects.create(
        slug=f"bench-{secrets.token_hex(4)}", name="Bench", timezone="America/Chicago"
    )


def event(host: Agency, *, capacity: int | None = None, days_ahead: int = 30) -> Event:
    """A published meeting, born in the past, so that nothing is announced."""
    made = events(host, 1, first_day=days_ahead)[0]
    if capacity is not None:
        type(made).objects.filter(pk=made.pk).update(capacity=capacity)
    made.refresh_from_db()
    return made


def events(host: Agency, many: int, *, first_day: int = 1) -> list[Event]:
    """``many`` published public meetings, an hour each, spread over days; their calendar text is rendered."""
    from events.calendars.export import render_vevent
    from events.event.models import Event
    from events.planning.time_reading import instant_of

    now = timezone.now()
    rows = []
    for number in range(many):
        day = now.date() + dt.timedelta(days=first_day + number % 700)
        local = dt.datetime.combine(day, dt.time(18))
        start = instant_of(local, host.timezone)
        row = Event(
            agency=host,
            title=f"Neighborhood meeting {number}",
            description="We listen, and we say what we will do.",
            timezone=host.timezone,
            local_starts_at=local,
            local_ends_at=local + dt.timedelta(hours=1),
            starts_at=start,
            ends_at=start + dt.timedelta(hours=1),
            status="published",
            published_at=now,
        )
        row.uid = f"{row.id}@bench.example"
        row.vevent = render_vevent(row)
        rows.append(row)
    Event.objects.bulk_create(rows, batch_size=1000)
    return rows
