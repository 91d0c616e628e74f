"""A worker's own timer: in each of its processes two threads look for what is due, by a clock that only goes forward.

It needs no broker and no beat, and no other machine's clock. One thread sends; the other goes all other rounds, since
some of them take minutes. However many look at once, each round is gone by one (``round_taking``).
"""

from __future__ import annotations

import logging
import random
import threading
import time
from typing import Final

from django.db import close_old_connections, connection

from outreach.channels import carrier
from outreach.sending.batch import ending
from outreach.worker.round_taking import SWEEP
from outreach.worker.rounds import ROUNDS, Rota

_log = logging.getLogger(__name__)
_PAUSE: Final = 1.5  # seconds, a third more or less, so that several processes do not look at the same moment
_FOR_THOSE_ASIDE: Final = 15.0  # seconds for letters that are still unanswered when the process ends


class Sweeper:
    """start it in each process that works; end it before the process does."""

    def __init__(self) -> None:
        others = [name for name in ROUNDS if name != SWEEP]
        self._threads = [
            threading.Thread(target=_look, args=(names,), name=f"sweeper-{names[0]}", daemon=True)
            for names in ([SWEEP], others)
        ]

    def start(self) -> None:
        ending.clear()
        for thread in self._threads:
            thread.start()

    def end(self, *, seconds: float = 60.0) -> None:
        """Begin nothing more, and wait for what is under way, ``seconds`` at most."""
        ending.set()
        until = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        carrier.wait_for_those_aside(seconds=min(_FOR_THOSE_ASIDE, max(0.0, until - time.monotonic())))


def _look(names: list[str]) -> None:
    rota = Rota(names)
    while not ending.wait(_PAUSE * random.uniform(0.67, 1.33)):  # noqa: S311 - spreads load, keeps no secret
        try:
            close_old_connections()
            rota.look()
        except Exception as error:  # noqa: BLE001 - this thread must not end before its process
            _log.error("sweeper_stumbled", extra={"error": type(error).__name__})
            connection.close()
    connection.close()
