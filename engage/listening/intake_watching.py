"""How the intake fares: runs that were missed, texts that no key opens, and since when a meeting's texts wait.

In the cache, since no row may say when a text came. One entry for all meetings, written anew at each run: it holds the
times of runs, never of texts. A cache that is gone loses the count and the wait, and no text.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.core.cache import cache

MISSES_UNTIL_ALARM: Final = 5
_MISSED, _UNOPENED, _WAITING = "intake-missed", "intake-unopened", "intake-waiting"
_KEPT: Final = 24 * 3600
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class IntakeTroubles:
    """missed: runs in a row that did not get the table. unopened: due texts that the worker holds no key for."""

    missed: int
    unopened: int


def missed() -> None:
    """A run gave way to somebody who was writing. The fifth in a row, and each after it, is an alarm in the log."""
    many = _asked(_one_more, 1)
    if many >= MISSES_UNTIL_ALARM:
        _log.error("intake_not_emptied", extra={"misses_in_a_row": many})


def ran(*, unopened: int) -> None:
    """A run got the table. unopened: due texts that no key of this worker opens; any at all is an alarm in the log."""
    _asked(lambda: cache.delete(_MISSED), None)
    _asked(lambda: cache.set(_UNOPENED, unopened, timeout=_KEPT), None)
    if unopened:
        _log.error("intake_texts_not_opened", extra={"texts": unopened})


def troubles() -> IntakeTroubles:
    return IntakeTroubles(
        _asked(lambda: cache.get(_MISSED, 0), 0), _asked(lambda: cache.get(_UNOPENED, 0), 0)
    )


def waiting_since() -> dict[UUID, dt.datetime]:
    """For each live meeting whose texts are too few to go on: the run that first saw one of them."""
    return dict(_asked(lambda: cache.get(_WAITING) or {}, {}))


def remember_waiting(waits: Mapping[UUID, dt.datetime]) -> None:
    _asked(lambda: cache.set(_WAITING, dict(waits), timeout=_KEPT), None)


def _one_more() -> int:
    cache.add(_MISSED, 0, timeout=_KEPT)
    return int(cache.incr(_MISSED))


def _asked(ask: Any, instead: Any) -> Any:
    try:
        return ask()
    # The cache's own exceptions are its driver's, which this room does not know.
    except Exception:  # noqa: BLE001
        _log.warning("cache_unavailable", extra={"counting": "intake"})
        return instead
