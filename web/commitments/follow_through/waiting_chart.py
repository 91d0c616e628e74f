"""How long the late commitments have waited, as bars on one scale."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import ngettext

from engage.commitments.models import Commitment
from engage.commitments.standing import days_late

_STEPS: Final = (7, 15, 30, 60, 120, 180, 365, 730, 1825)
_PARTS: Final = 3


@dataclass(frozen=True, slots=True)
class Bar:
    """One commitment. part: percent of the scale."""

    commitment: Commitment
    days: int
    words: str
    part: float


@dataclass(frozen=True, slots=True)
class Chart:
    """marks: where the lines of the scale stand in percent, each with its words; the first is the day it was due."""

    bars: list[Bar]
    marks: list[tuple[float, str]]


def waiting_chart(late: Sequence[Commitment], today: dt.date) -> Chart:
    """late: the oldest first. The scale ends at three even steps beyond the longest wait."""
    days = [days_late(commitment, today) for commitment in late]
    longest = max(days, default=0)
    step = next((step for step in _STEPS if step * _PARTS >= longest), longest)
    scale = step * _PARTS or 1
    bars = [
        Bar(commitment, waited, _words(waited), round(100 * waited / scale, 2))
        for commitment, waited in zip(late, days, strict=True)
    ]
    return Chart(bars, [(round(100 * n / _PARTS, 2), _words(n * step)) for n in range(1, _PARTS + 1)])


def _words(days: int) -> str:
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}
