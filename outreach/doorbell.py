"""Ringing for the worker after a commit: "look now", and nothing else. A lost ring costs seconds, never a message."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from typing import Final

# However many acts commit at once, so often at most does one process ring.
_PAUSE: Final = 0.2  # seconds
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


def _look_now() -> None:
    from outreach.tasks import look_now

    # Rings of a broker that was away must not pile up for the worker.
    look_now.apply_async(expires=15, retry=False)


bell: Final = Doorbell(_look_now)
