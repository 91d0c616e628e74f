"""One round of the worker: look up who asked for a letter, announce what happened, plan what falls due, send what is due, until nothing is left."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError

from engage.database_faults import AWAY, fault_of, sqlstate_of
from engage.database_time import database_now
from engage.key_marks import keys_fit
from engage.letter_asking import try_asks_again
from engage.trying_again import again_once
from outreach import channel_health
from outreach.announcing import announce, try_stumbled_again
from outreach.delivery_outcomes import try_composing_again
from outreach.delivery_sending import send_due
from outreach.ending import ending
from outreach.letters_asked_for import answer_asks
from outreach.reminder_planning import plan_reminders
from outreach.round_taking import SWEEP, through

_log = logging.getLogger(__name__)
# Well under the task's time limit of 600 s, and a batch may take 240 s.
_A_ROUND: Final = 200.0  # seconds
# In a long broadcast, answers and reminders are looked for this often.
_PLAN_EVERY: Final = 2.0  # seconds
# The keys that were seen to fit the database.
_fitting: Any = None


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
            plan_reminders()
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
        channel_health.trouble("keys_do_not_fit")
        return False
    _fitting = ours
    # What stumbled here before may go through with these keys, or with this version.
    try_stumbled_again()
    try_composing_again()
    try_asks_again()
    return True
