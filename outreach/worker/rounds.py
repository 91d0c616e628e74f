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

from django.conf import settings
from django.db import DatabaseError
from tzdata import IANA_VERSION

from engage.agencies.shorter_retention import ERASED_AT, let_shorter_times_begin
from engage.contacts import asking_for_letters
from engage.contacts.asking_for_letters import try_asks_again
from engage.database.clock import database_now
from engage.database.faults import AWAY, fault_of, sqlstate_of
from engage.database.trying_again import again_once
from engage.retention import purge
from engage.sealing.key_marks import keys_fit
from events.door.attendance import freeze_totals
from events.event.short_addresses import give_what_is_missing
from events.planning import following_rules, intake_round, lifecycle
from events.rsvps import waitlisting
from outreach.announcing.letters_asked_for import answer_asks
from outreach.announcing.sweep import announce, try_stumbled_again
from outreach.bounces import reading as bounces
from outreach.channels import health
from outreach.ledger.outcomes import try_composing_again
from outreach.reminders.planning import plan_reminders
from outreach.sending.batch import ending, send_due
from outreach.worker.round_taking import SWEEP, Daily, Every, take, through

_log = logging.getLogger(__name__)
# Well under the task's time limit of 600 s, and a batch may take 240 s.
_A_ROUND: Final = 200.0  # seconds
# In a long broadcast, answers and reminders are looked for this often.
_PLAN_EVERY: Final = 2.0  # seconds
# The keys that were seen to fit the database.
_fitting: Any = None


@dataclass(frozen=True, slots=True)
class WorkerRound:
    """go: is given the database's time."""

    when: Every | Daily
    go: Callable[[dt.datetime], Any]


def _erase(now: dt.datetime) -> None:
    let_shorter_times_begin(now=now)
    purge.purge(now=now)


ROUNDS: Final[Mapping[str, WorkerRound]] = {
    # Hints make most of it immediate; with every hint lost, this alone is enough.
    SWEEP: WorkerRound(Every(4), lambda now: look_now()),
    "advance_events": WorkerRound(Every(15), lambda now: lifecycle.advance_by_clock(now=now)),
    "short_addresses": WorkerRound(Every(60), lambda now: give_what_is_missing()),
    "lapse_offers": WorkerRound(Every(30), lambda now: waitlisting.lapse_offers(now=now)),
    "promote_waiting": WorkerRound(Every(60), lambda now: waitlisting.promote_where_seats_are_free(now=now)),
    "empty_intake_of_live_meetings": WorkerRound(
        Every(120), lambda now: intake_round.empty_for_live_events(now=now)
    ),
    "empty_intake_of_the_day": WorkerRound(Every(3600), lambda now: intake_round.empty_for_the_day(now=now)),
    "freeze_totals": WorkerRound(Every(300), lambda now: freeze_totals(now=now)),
    "forget_old_asks": WorkerRound(Every(3600), lambda now: asking_for_letters.forget_old_asks(now=now)),
    # Two minutes at the most; without BOUNCES_URL there is nothing to read.
    "read_bounces": WorkerRound(Every(300), lambda now: bounces.read_collected(now=now)),
    # A new edition of the zones' rules is a new round, so it is gone at once when a worker starts with it.
    f"recompute_instants_{IANA_VERSION}": WorkerRound(
        Every(86_400), lambda now: following_rules.recompute_instants(now=now)
    ),
    # A missed night is caught up, since every row carries its own day.
    "purge": WorkerRound(Daily(ERASED_AT), _erase),
}


_looking = threading.Lock()
_look_again = threading.Event()


def look_now() -> None:
    """Announce, plan and send whatever is due, until nothing is; in one thread of this process at a time."""
    _look_again.set()
    while _look_again.is_set() and _looking.acquire(blocking=False):
        try:
            _look_again.clear()
            go_round()
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


def go_round() -> int:
    """Safe in any number of workers at once, and to be killed anywhere. Returns how many messages were claimed."""
    if not _keys_are_ours():
        return 0
    began = time.monotonic()
    planned = seen = -_PLAN_EVERY
    claimed = 0
    while True:
        told = _asks_answered() + _announced()
        if time.monotonic() - planned >= _PLAN_EVERY:
            _reminders_planned()
            planned = time.monotonic()
        taken = send_due()
        claimed += taken
        if time.monotonic() - seen >= _PLAN_EVERY:
            through(SWEEP)
            seen = time.monotonic()
        if not (told or taken) or time.monotonic() - began > _A_ROUND or ending.is_set():
            return claimed


def _asks_answered() -> int:
    return _apart("asks_not_answered", lambda: answer_asks(now=database_now()))


def _announced() -> int:
    return _apart("not_announced", lambda: announce(now=database_now()))


def _reminders_planned() -> int:
    return _apart("reminders_not_planned", plan_reminders)


def _apart(alarm: str, step: Callable[[], int]) -> int:
    """What this step cannot do now must not keep back what is due already."""
    try:
        return again_once(step)
    except DatabaseError as error:
        if fault_of(error) is AWAY:
            raise
        _log.error(alarm, extra={"error": type(error).__name__, "state": sqlstate_of(error)})
        return 0


def _keys_are_ours() -> bool:
    """Asked before the first claim, and again where the keys are others: with wrong ones nothing is touched."""
    global _fitting
    ours = (settings.CONTACT_KEYS, settings.FINGERPRINT_KEY, settings.LINK_KEYS)
    if _fitting == ours:
        return True
    if not keys_fit():
        health.trouble("keys_do_not_fit")
        return False
    _fitting = ours
    # What stumbled here before may go through with these keys, or with this version.
    try_stumbled_again()
    try_composing_again()
    try_asks_again()
    return True
