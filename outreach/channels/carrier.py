"""Handing letters over from a thread beside, so that a recipient who keeps silent holds up nobody but itself.

Whoever sends waits a moment for the answer. If none comes, that letter keeps its connection and its thread until it
is answered or its time is over, and the next letters go over another.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Final

from outreach.channels.channel import Channel, DeliveryFailure, Letter

type Answer = str | DeliveryFailure
# At most so many letters of one process wait for silent servers; relays count connections.
MOST_ASIDE: Final = 16
_aside: set[Future[Answer]] = set()
_lock = threading.Lock()


class Carrier:
    """One channel and one thread. close it, or leave it to a letter that was set aside."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="carrier")
        self._sending: Future[Answer] | None = None

    def carry(self, letter: Letter, *, patience: float) -> Answer | None:
        """What became of it; None where nothing was heard for ``patience`` seconds: then ``set_aside``."""
        self._sending = self._thread.submit(self._send, letter)
        done, _waiting = wait([self._sending], timeout=patience)
        return self._sending.result() if done else None

    def set_aside(self, then: Callable[[Answer], None]) -> None:
        """Nobody waits for this letter any more; ``then`` is called with its answer, in the carrier's own thread."""
        sending = self._sending
        if sending is None:
            raise ValueError("nothing was carried")
        with _lock:
            _aside.add(sending)

        def answered(future: Future[Answer]) -> None:
            try:
                then(future.result())
            finally:
                with _lock:
                    _aside.discard(future)
                self.close()

        sending.add_done_callback(answered)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.channel.close()
        self._thread.shutdown(wait=False)

    def _send(self, letter: Letter) -> Answer:
        try:
            return self.channel.send(letter)
        except DeliveryFailure as failure:
            return failure


def is_full() -> bool:
    """Whether as many letters are aside as may be."""
    with _lock:
        return len(_aside) >= MOST_ASIDE


def is_there_room(*, seconds: float) -> bool:
    """False where, after ``seconds``, still as many letters are aside as may be."""
    until = time.monotonic() + seconds
    while is_full():
        if time.monotonic() >= until:
            return False
        time.sleep(0.05)
    return True


def wait_for_those_aside(*, seconds: float) -> int:
    """Before the process ends: give them ``seconds`` to be answered. How many are still not."""
    until = time.monotonic() + seconds
    while True:
        with _lock:
            left = len(_aside)
        if not left or time.monotonic() >= until:
            return left
        time.sleep(0.05)
