"""Everything that is due by the clock, and how often a worker looks for it. Each round is gone by whoever comes first.

A worker looks by its own timer (``sweeping``), so that neither a broker, a beat nor another machine's clock is needed.
What is due is decided by the database's clock alone.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from engage import letter_asking, retention
from engage.database_time import database_now
from engage.trying_again import again_once
from events import event_lifecycle, scheduling, totals_freezing, waitlisting
from outreach import intake_round, ledger_round
from outreach.round_taking import SWEEP, Daily, Every, take, through

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WorkerRound:
    """go: is given the database's time."""

    when: Every | Daily
    go: Callable[[dt.datetime], Any]


ROUNDS: Final[Mapping[str, WorkerRound]] = {
    # Hints make most of it immediate; with every hint lost, this alone is enough.
    SWEEP: WorkerRound(Every(4), lambda now: look_now()),
    "advance_events": WorkerRound(Every(15), lambda now: event_lifecycle.advance_by_clock(now=now)),
    "lapse_offers": WorkerRound(Every(30), lambda now: waitlisting.lapse_offers(now=now)),
    "promote_waiting": WorkerRound(Every(60), lambda now: waitlisting.promote_where_seats_are_free(now=now)),
    "empty_intake_of_live_meetings": WorkerRound(
        Every(120), lambda now: intake_round.empty_for_live_meetings(now=now)
    ),
    "empty_intake_of_the_day": WorkerRound(Every(3600), lambda now: intake_round.empty_for_the_day(now=now)),
    "freeze_totals": WorkerRound(Every(300), lambda now: totals_freezing.freeze_totals(now=now)),
    "forget_old_asks": WorkerRound(Every(3600), lambda now: letter_asking.forget_old_asks(now=now)),
    # After an update of the time zone rules, meetings stay at their local time.
    "recompute_instants": WorkerRound(
        Daily(dt.time(2, 10)), lambda now: scheduling.recompute_instants(now=now)
    ),
    # A missed night is caught up, since every row carries its own day.
    "purge": WorkerRound(Daily(dt.time(3, 30)), lambda now: retention.purge(now=now)),
}
_looking = threading.Lock()
_look_again = threading.Event()


def look_now() -> None:
    """Announce, plan and send whatever is due, until nothing is; in one thread of this process at a time."""
    _look_again.set()
    while _look_again.is_set() and _looking.acquire(blocking=False):
        try:
            _look_again.clear()
            ledger_round.go_round()
        finally:
            _looking.release()


def go(name: str) -> None:
    """This round, whether it is time or not. Raises KeyError, and what the round raises."""
    again_once(lambda: ROUNDS[name].go(database_now()))
    through(name)


def go_if_due(name: str) -> bool:
    """Whether it was time, and nobody else's turn."""
    if not take(name, ROUNDS[name].when):
        return False
    go(name)
    return True


class Rota:
    """What one thread looks after. ``look`` asks the table about each round a few times in its period, and no oftener."""

    def __init__(self, names: list[str]) -> None:
        self._names = names
        self._asked: dict[str, float] = {}

    def look(self) -> None:
        """One that fails holds up none of the others; the log says which, and by what kind of error."""
        for name in self._names:
            if not self._may_ask(name):
                continue
            try:
                go_if_due(name)
            except Exception as error:  # noqa: BLE001 - the next look comes in seconds
                _log.error("round_failed", extra={"round": name, "error": type(error).__name__})

    def _may_ask(self, name: str) -> bool:
        when, now = ROUNDS[name].when, time.monotonic()
        pause = min(when.seconds / 4, 60) if isinstance(when, Every) else 60.0
        if now - self._asked.get(name, -pause) < pause:
            return False
        self._asked[name] = now
        return True
