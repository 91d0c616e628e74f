"""How long a meeting's door stays open for late syncs, and when its totals are final."""

from __future__ import annotations

import datetime as dt
from typing import Final

from engage.rule_violation import WrongState
from events.models import Event, EventStatus
from events.seats import OPEN

LATE_SYNCS: Final = dt.timedelta(hours=12)


def closing_time(event: Event) -> dt.datetime:
    """12 hours after the end: the planned or the real one, whichever came later."""
    return max(event.ends_at, event.ended_at or event.ends_at) + LATE_SYNCS


def must_take_arrivals(event: Event, now: dt.datetime) -> None:
    """While published or live, and for late syncs until the totals are final. Raises WrongState."""
    over = event.status in {EventStatus.ENDED, EventStatus.REPORTED}
    late = over and now < closing_time(event) and event.totals_frozen_at is None
    if event.status not in OPEN and not late:
        raise WrongState
