"""Holds a whole exchange to its time. A socket's own time-out starts anew with each byte a slow server drips."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import Final

_GLANCE: Final = 0.25  # seconds between two looks at the clock


class Watchdog:
    """One thread a connection. ``cut`` is called from it, once, when the time of a block is over."""

    def __init__(self, cut: Callable[[], None]) -> None:
        self._cut = cut
        self._lock = threading.Lock()
        self._until: float | None = None
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self.has_bitten = False

    @contextlib.contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """The block is over after ``seconds`` of wall clock, whatever it is waiting for."""
        with self._lock:
            self._until, self.has_bitten = time.monotonic() + seconds, False
        if self._thread is None:
            self._thread = threading.Thread(target=self._watch, name="mail-watchdog", daemon=True)
            self._thread.start()
        try:
            yield
        finally:
            with self._lock:
                self._until = None

    def end(self) -> None:
        self._ended.set()
        if self._thread is not None:
            self._thread.join(timeout=1)

    def _watch(self) -> None:
        while not self._ended.wait(_GLANCE):
            with self._lock:
                if self._until is not None and time.monotonic() >= self._until:
                    self.has_bitten, self._until = True, None
                    self._cut()
