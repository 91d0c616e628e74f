"""What the purge and erasures wrote down about what they destroyed."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from uuid import UUID

from engage.retention.models import Destruction


def destroyed(agency_id: UUID) -> dict[tuple[dt.date, str], dict[str, int]]:
    """By day and cause, added up: the records are one a batch."""
    added_up: dict[tuple[dt.date, str], Counter[str]] = defaultdict(Counter)
    for record in Destruction.objects.filter(agency_id=agency_id).order_by("on", "cause"):
        added_up[record.on, record.cause].update(record.counts)
    return {day_and_cause: dict(counts) for day_and_cause, counts in added_up.items()}
