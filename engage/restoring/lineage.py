"""Whether this is the database we last wrote to, or an older one that was restored.

Every half minute the worker moves a number on, in the database and then beside the list of erasures. A number outside
that is higher than the one inside was written by a later life of this database: between that backup and now messages
went out that it does not know of. Then nothing that was due goes out until a person has looked (``restore_check``).
"""

from __future__ import annotations

import logging
import os
import time
from typing import Final

from django.db import transaction
from django.db.models.functions import Now

from engage.restoring.erasure_list import held, keep_name_of, path_of_the_list
from engage.restoring.models import Lineage

_log = logging.getLogger(__name__)
_EVERY: Final = 30.0  # seconds
_looked_at = -_EVERY

# Part of a claim: while a restored database waits for a person, only what that person released is taken.
NOT_HELD: Final = """(reason = 'restore_released'
    OR NOT EXISTS (SELECT FROM engage_lineage WHERE held_at IS NOT NULL))"""
RELEASED: Final = "restore_released"


def keep_up() -> None:
    """Before a claim: compare and move on, at most twice a minute. The first call of a process always looks."""
    global _looked_at
    if time.monotonic() - _looked_at < _EVERY:
        return
    look()
    _looked_at = time.monotonic()


def look() -> Lineage:
    """Compare with what stands outside, hold where this database is older, and move the number on in both places."""
    path = path_of_the_list()
    if path is None:
        return _moved_on(None)
    beside = path.with_name(f"{path.name}.pulse")
    try:
        with held(beside) as file:
            known = _number_in(file.read())
            lineage = _moved_on(known)
            file.seek(0)
            file.truncate()
            file.write(f"{lineage.pulse}\n")
            file.flush()
            os.fsync(file.fileno())
        if known is None:
            keep_name_of(beside)
    except OSError as error:
        # Mail goes on; what is lost is the warning after a restore.
        _log.error("outside_unreachable", extra={"error": type(error).__name__})
        lineage = _moved_on(None)
    if lineage.held_at is not None:
        _log.error("held_after_restore", extra={"see": "manage.py restore_check"})
    return lineage


def hold() -> Lineage:
    """By hand: this database was restored, whatever stands outside."""
    with transaction.atomic():
        lineage = _row()
        if lineage.held_at is None:
            lineage = _held(lineage)
    return lineage


def end_hold() -> None:
    Lineage.objects.update(held_at=None, backed_up_at=None)


def holding() -> Lineage | None:
    return Lineage.objects.filter(held_at__isnull=False).first()


@transaction.atomic
def _moved_on(outside: int | None) -> Lineage:
    lineage = _row()
    if outside is not None and outside > lineage.pulse:
        lineage = _held(lineage)
    Lineage.objects.update(pulse=max(lineage.pulse, outside or 0) + 1, pulsed_at=Now())
    return _row()


def _row() -> Lineage:
    Lineage.objects.bulk_create([Lineage()], ignore_conflicts=True)
    return Lineage.objects.select_for_update().get()


def _held(lineage: Lineage) -> Lineage:
    Lineage.objects.filter(held_at=None).update(held_at=Now(), backed_up_at=lineage.pulsed_at)
    return _row()


def _number_in(text: str) -> int | None:
    word = text.strip()
    return int(word) if word.isascii() and word.isdigit() else None
