"""Waits for a request's body without a thread, within limits of time and room.

Where room runs out, the newcomer is let in and whoever of the fullest network has waited longest is sent away: a client
that sends at a usual pace is always let in, beside any number that do not.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

Receive = Callable[[], Awaitable[dict[str, Any]]]

# A body may take this long, and as much longer as it comes at this pace on the average: 12 MB over a weak line are let
# through, a trickle is not.
PATIENCE: Final = 20.0  # seconds
PACE: Final = 16 * 1024  # bytes a second
MOST_IN_ALL: Final = 64 * 1024 * 1024  # bytes in one web process, of requests that Django works on too
MOST_OF_A_NETWORK: Final = 24 * 1024 * 1024
MOST_WAITING_OF_A_NETWORK: Final = 200  # bodies


class TooSlow(Exception):
    """The body did not come in time, or had to make room for others."""


class TooLarge(Exception):
    """More bytes came than anything we take; ``so_far`` of them were counted."""

    def __init__(self, so_far: int) -> None:
        super().__init__()
        self.so_far = so_far


class NoRoom(Exception):
    """Everything that could be kept is kept for requests that are being worked on."""


class Gone(Exception):
    """The client went away before its body was whole."""


@dataclass(eq=False, slots=True)
class Body:
    """One request's body. ``until``: what ends the wait, moved on as bytes come.

    is_sent_away: it made room for others, and what came of it is thrown away.
    """

    network: str
    until: asyncio.Timeout | None = None
    chunks: list[bytes] = field(default_factory=list)
    size: int = 0
    is_sent_away: bool = False


class Bodies:
    """All bodies that one web process holds. Everything happens on its event loop, so nothing is locked."""

    def __init__(self, *, largest: int) -> None:
        self._largest = largest
        self._waiting: dict[Body, None] = {}  # in order of arrival
        self._waiting_of: Counter[str] = Counter()
        self._bytes: Counter[str] = Counter()
        self._in_all = 0

    async def whole(self, receive: Receive, network: str) -> Body:
        """The body, once it is there; ``release`` it when Django is done. Raises TooSlow, TooLarge, NoRoom, Gone."""
        body = Body(network)
        began = asyncio.get_running_loop().time()
        self._waiting[body] = None
        self._waiting_of[network] += 1
        try:
            async with asyncio.timeout_at(began + PATIENCE) as body.until:
                self._make_room(body)
                while await self._more(receive, body):
                    body.until.reschedule(began + PATIENCE + body.size / PACE)
        except TimeoutError:
            self.release(body)
            raise TooSlow from None
        except BaseException:
            self.release(body)
            raise
        finally:
            del self._waiting[body]
            _less(self._waiting_of, network, by=1)
        return body

    def release(self, body: Body) -> None:
        """Give back the room that a body took."""
        _less(self._bytes, body.network, by=body.size)
        self._in_all -= body.size
        body.chunks, body.size = [], 0

    async def _more(self, receive: Receive, body: Body) -> bool:
        message = await receive()
        if body.is_sent_away:
            # This piece came before the word that it must go: without what was thrown away it is no body any more.
            raise TooSlow
        if message["type"] != "http.request":
            raise Gone
        chunk: bytes = message.get("body", b"")
        body.chunks.append(chunk)
        body.size += len(chunk)
        self._bytes[body.network] += len(chunk)
        self._in_all += len(chunk)
        if body.size > self._largest:
            raise TooLarge(body.size)
        more = bool(message.get("more_body"))
        self._make_room(body)
        return more

    def _make_room(self, body: Body) -> None:
        network = body.network
        if self._waiting_of[network] > MOST_WAITING_OF_A_NETWORK:
            self._send_away_the_slowest(network, instead_of=body)
        while self._bytes[network] > MOST_OF_A_NETWORK:
            if not self._send_away_the_slowest(network, instead_of=body):
                raise NoRoom
        while self._in_all > MOST_IN_ALL:
            [(fullest, _)] = self._bytes.most_common(1)
            if not self._send_away_the_slowest(fullest, instead_of=body):
                raise NoRoom

    def _send_away_the_slowest(self, network: str, *, instead_of: Body) -> bool:
        for other in self._waiting:
            if other.network != network or other is instead_of or other.is_sent_away or other.until is None:
                continue
            other.is_sent_away = True
            # One whose own time has just run out goes by itself.
            if not other.until.expired():
                other.until.reschedule(0)
            # Its room is free from now on, though it hears of it a moment later.
            self.release(other)
            return True
        return False


def _less(counter: Counter[str], name: str, *, by: int) -> None:
    counter[name] -= by
    if counter[name] <= 0:
        del counter[name]
