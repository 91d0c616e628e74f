"""Counting heads at the door: numbers by device, nothing about anybody."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db.models import F, Sum
from django.utils.translation import gettext_lazy as _

from engage.models import uuid7
from engage.rule_violation import FieldError, Invalid
from events.door_times import must_take_arrivals
from events.models import Event, HeadCount

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
