"""Promises, and what changes them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from engage.agencies.models import Agency
from engage.commitments.models import Commitment, FocusArea
from engage.commitments.tracking import make_commitment
from engage.local_time import local_day
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
    return make_commitment(agency=host, **(given | fields))
