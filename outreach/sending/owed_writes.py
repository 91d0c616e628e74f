"""What this process still has to write once the database is back: an outcome, a claim to give back.

Each names its own claim, so that writing it late, or after somebody else has taken the row over, changes nothing.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

from django.db import InterfaceError, OperationalError, connection

_log = logging.getLogger(__name__)
_PAUSES: Final = (0.5, 1.0, 2.0)  # seconds; a restart of the database takes about as long
_MOST: Final = 2000
_owed: list[Callable[[], object]] = []
_lock = threading.Lock()


def surely(write: Callable[[], object]) -> None:
    """Write it now; where the database is away for longer than a moment, owe it and go on."""
    for pause in (*_PAUSES, None):
        try:
            write()
            return
        except (OperationalError, InterfaceError):
            connection.close()
            if pause is not None:
                time.sleep(pause)
    owe(write)


def owe(write: Callable[[], object]) -> None:
    """To be written by ``settle``, before this process claims anything again."""
    with _lock:
        _owed.append(write)
        del _owed[:-_MOST]
    _log.warning("write_owed", extra={"owed": len(_owed)})


def settle() -> int:
    """Write whatever is owed. Raises the database's error where it is still away; the rest stays owed. How many."""
    settled = 0
    while True:
        with _lock:
            if not _owed:
                return settled
            write = _owed.pop(0)
        try:
            write()
        except (OperationalError, InterfaceError):
            with _lock:
                _owed.insert(0, write)
            raise
        settled += 1
