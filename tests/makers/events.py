"""Meetings, made as a liaison makes them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from engage.agencies.models import Agency
from events.event.models import Event, Venue
from events.planning.lifecycle import publish
from events.planning.scheduling import schedule
from events.planning.time_reading import CLOCKS, local_time_of, zone_called
from tests.makers.agencies import an_agency


def a_draft(agency: Agency | None = None, **fields: Any) -> Event:
    """A draft of a town hall that starts at 18:00 local time, thirty days from today, for an hour and a half."""
    host = agency or an_agency()
    day = timezone.now().date() + dt.timedelta(days=30)
    given: dict[str, Any] = {
        "title": "Town hall",
        "starts_at": f"{day}T18:00:00",
        "ends_at": f"{day}T19:30:00",
    }
    return schedule(agency=host, actor=None, now=timezone.now(), **(given | fields))


def an_event(agency: Agency | None = None, **fields: Any) -> Event:
    """As ``a_draft``, published."""
    return publish(a_draft(agency, **fields), actor=None, now=timezone.now()).event


def begins_at(event: Event, at: dt.datetime, *, lasting: dt.timedelta = dt.timedelta(hours=1)) -> None:
    """The row says that it starts then, whatever the rules allow; the clock on the wall says the same.

    Were only the instant moved, a worker that starts would follow the wall and move it back (``recompute_instants``).
    """
    zone, columns = zone_called(event.timezone), []
    for clock, instant in zip(CLOCKS, (at, at + lasting), strict=False):
        clock.put(event, local_time_of(instant, zone))
        columns += [clock.local, clock.fold, clock.instant]
    event.save(update_fields=columns)


def a_venue(agency: Agency, **fields: Any) -> Venue:
    return Venue.objects.create(agency=agency, **({"name": "Library", "address": "12 Main St"} | fields))
