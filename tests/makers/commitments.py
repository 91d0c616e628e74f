"""Promises, and what changes them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from engage.agency_time import local_day
from engage.commitment_tracking import promise
from engage.models import Agency, Commitment, FocusArea
from tests.makers.agencies import an_agency


def today_of(agency: Agency) -> dt.date:
    return local_day(agency.timezone, timezone.now())


def a_commitment(agency: Agency | None = None, **fields: Any) -> Commitment:
    """A confirmed promise of today, due in sixty days of the agency."""
    host = agency or an_agency()
    given: dict[str, Any] = {
        "title": "Say the reason for a stop first",
        "done_means": "The order is in force.",
        "owner_office": "Traffic Unit",
        "focus_area": FocusArea.PROCEDURAL_JUSTICE,
        "due_on": today_of(host) + dt.timedelta(days=60),
        "actor": None,
        "now": timezone.now(),
    }
    return promise(agency=host, **(given | fields))
