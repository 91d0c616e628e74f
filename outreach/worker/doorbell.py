"""Ringing for the worker after a commit: "look now", and nothing else. A lost ring costs seconds, never a message."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
from collections.abc import Callable
from typing import Final

from celery import current_app
from django.core.cache import cache

# However many acts commit at once, so often at most does one process ring.
_PAUSE: Final = 0.2  # seconds
_RUNG: Final = "doorbell"
_RUNG_FOR: Final = 10  # seconds
_log = logging.getLogger(__name__)


class Doorbell:
    """Rings from a thread of its own, so that a dead broker never holds a request up."""

    def __init__(self, ring_once: Callable[[], None]) -> None:
        self._ring_once = ring_once
        self._asked = threading.Event()
        self._starting = threading.Lock()
        self._owner = 0

    def ring(self) -> None:
        """Returns at once; several calls within a fifth of a second are one ring."""
        self._asked.set()
        # A process that was forked has no thread yet, whatever its parent had.
        if self._owner != os.getpid():
            with self._starting:
                if self._owner != os.getpid():
                    threading.Thread(target=self._run, name="doorbell", daemon=True).start()
                    self._owner = os.getpid()

    def _run(self) -> None:
        while True:
            self._asked.wait()
            self._asked.clear()
            try:
                self._ring_once()
            except Exception as error:  # noqa: BLE001 - the broker's driver has many; the sweep heals them all
                _log.warning("doorbell_silent", extra={"error": type(error).__name__})
            time.sleep(_PAUSE)


def answered() -> None:
    """A worker begins to look: whatever is done from now on needs another ring."""
    with contextlib.suppress(
        Exception
    ):  # the cache's own exceptions are its driver's; the mark goes by itself
        cache.delete(_RUNG)


def _look_now() -> None:
    # One ring is enough until somebody looks; rings of a worker that is away must not pile up for it. The mark goes by
    # the broker's clock, so that no message needs an hour at which it is too late.
    if cache.add(_RUNG, 1, timeout=_RUNG_FOR):
        current_app.send_task("outreach.tasks.look_now", retry=False)


bell: Final = Doorbell(_look_now)
