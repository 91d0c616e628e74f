"""Counting by address through the day, in one sketch for all addresses: nothing in it is one address's own.

A key for each address would carry that address's hour of first and of last use, and by them join one resident's
evenings. So a day has one count-min sketch (Cormode and Muthukrishnan 2005): a keyed hash names one cell in each of
three rows, and the smallest of the three is the count, never too low. It expires at a time that is the day's. What the
cells are kept in is a hook: the cache of Django has no such thing, and this room knows no other.
"""

from __future__ import annotations

import datetime as dt
import logging
import math
from collections.abc import Sequence
from typing import Final, Protocol

from engage.sealing.seals import fingerprint

ROWS: Final = 3
# For 50,000 addresses a day one in five million is counted too high by three.
CELLS_A_ROW: Final = 1 << 17
CELLS: Final = ROWS * CELLS_A_ROW
_log = logging.getLogger(__name__)


class Cells(Protocol):
    """``CELLS`` counters of eight bits under one name, made with the first use and gone at ``until``."""

    def read(self, name: str, cells: Sequence[int]) -> list[int]: ...

    def add_one(self, name: str, cells: Sequence[int], *, until: dt.datetime) -> None: ...


_cells: Cells | None = None


def keep_cells_in(cells: Cells) -> None:
    """Set the one place where the cells are kept. Filled when the apps start."""
    global _cells
    _cells = cells


def within_the_day(purpose: str, *marks: str, limit: int, now: dt.datetime) -> bool:
    """Count one act and say whether it is within ``limit`` in about 24 hours.

    The day is UTC's; what was counted on the day before weighs as much as still overlaps. What is refused is not
    counted, so that nobody is shut out for longer by whoever goes on trying. A cache that is gone allows everything.
    """
    try:
        return _counted(purpose, marks, limit, now)
    # The cache's own exceptions are its driver's, which this room does not know.
    except Exception:  # noqa: BLE001
        _log.warning("cache_unavailable", extra={"counting": purpose})
        return True


def _counted(purpose: str, marks: Sequence[str], limit: int, now: dt.datetime) -> bool:
    if _cells is None:
        raise RuntimeError("No place for the day's counters has been set.")
    midnight = now.astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    today, before = midnight.date(), (midnight - dt.timedelta(days=1)).date()
    cells = _cells_of(purpose, marks, today)
    used = min(_cells.read(_name(today), cells))
    left_of_it = 1 - (now - midnight) / dt.timedelta(days=1)
    used += math.floor(min(_cells.read(_name(before), _cells_of(purpose, marks, before))) * left_of_it)
    if used >= limit:
        return False
    _cells.add_one(_name(today), cells, until=midnight + dt.timedelta(days=2))
    return True


def _cells_of(purpose: str, marks: Sequence[str], day: dt.date) -> list[int]:
    # The day is in the hash: two days' sketches have no cell in common that would join them.
    drawn = fingerprint(day.isoformat(), *marks, purpose=purpose)
    return [
        row * CELLS_A_ROW + int.from_bytes(drawn[4 * row : 4 * row + 4]) % CELLS_A_ROW for row in range(ROWS)
    ]


def _name(day: dt.date) -> str:
    return f"day-sketch:{day.isoformat()}"
