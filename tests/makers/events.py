"""Meetings, made as a liaison makes them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from engage.models import Agency
from events.event_lifecycle import publish
from events.models import Event, Venue
from events.scheduling import schedule
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


def a_meeting(agency: Agency | None = None, **fields: Any) -> Event:
    """As ``a_draft``, published."""
    return publish(a_draft(agency, **fields), actor=None, now=timezone.now()).event


def a_venue(agency: Agency, **fields: Any) -> Venue:
    return Venue.objects.create(agency=agency, **({"name": "Library", "address": "12 Main St"} | fields))
