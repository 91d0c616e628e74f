"""Two changes that met: PostgreSQL ends one of them, and nothing is wrong with it. It is tried once more, here alone."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextvars import ContextVar
from typing import Final

from django.db import DatabaseError, connection

from engage.database.faults import sqlstate_of

_log = logging.getLogger(__name__)
# deadlock_detected, serialization_failure
_MET: Final = frozenset({"40P01", "40001"})
_has_kept_something: ContextVar[bool] = ContextVar("has_kept_something", default=False)


def met_another_change(error: BaseException | None) -> bool:
    """Whether this error is only that: the transaction was undone, and the same again will most likely do."""
    return isinstance(error, DatabaseError) and sqlstate_of(error) in _MET


def again_once[Answer](act: Callable[[], Answer]) -> Answer:
    """Do ``act``, which must stand in a transaction of its own; once more where it met another change."""
    try:
        return act()
    except DatabaseError as error:
        if not met_another_change(error) or connection.in_atomic_block:
            raise
        _log.info("tried_again", extra={"why": sqlstate_of(error)})
    return act()


def something_is_kept() -> None:
    """Said by an act that has committed part of what it does, so that doing all of it again would do that part twice."""
    _has_kept_something.set(True)


def begin_afresh() -> None:
    """At the start of each request: nothing is kept yet."""
    _has_kept_something.set(False)


def may_be_repeated() -> bool:
    return not _has_kept_something.get()
