"""Who has to make room goes whole: the moment at which it is told is also one at which more of it comes, or its time ends."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from config.serving import body_waiting
from config.serving.body_waiting import Bodies, Body, TooSlow


class _Client:
    """Sends a piece when the test says so."""

    def __init__(self) -> None:
        self._pieces: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    def sends(self, piece: bytes, *, more: bool) -> None:
        self._pieces.put_nowait({"type": "http.request", "body": piece, "more_body": more})

    async def receive(self) -> dict[str, Any]:
        return await self._pieces.get()


@pytest.fixture(autouse=True)
def little_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body_waiting, "MOST_WAITING_OF_A_NETWORK", 1)


def _come(bodies: Bodies, client: _Client) -> asyncio.Task[Body]:
    return asyncio.create_task(bodies.whole(client.receive, "192.0.2.0"))


async def _a_moment() -> None:
    for _turn in range(5):
        await asyncio.sleep(0)


def test_what_comes_while_a_body_is_sent_away_is_no_body_without_its_beginning() -> None:
    async def meet() -> None:
        bodies, slow, quick = Bodies(largest=1000), _Client(), _Client()
        first = _come(bodies, slow)
        slow.sends(b"name=Ana&", more=True)
        await _a_moment()
        # The newcomer runs first in the next turn, and the end of the slow one's body has come by then.
        second = _come(bodies, quick)
        slow.sends(b"party=2", more=False)
        quick.sends(b"name=Bo", more=False)
        with pytest.raises(TooSlow):
            await first
        assert (await second).chunks == [b"name=Bo"]

    asyncio.run(meet())


def test_a_newcomer_is_let_in_at_the_moment_at_which_the_slowest_ones_time_is_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(body_waiting, "PATIENCE", 0.05)

    async def meet() -> None:
        bodies, slow, quick = Bodies(largest=1000), _Client(), _Client()
        first = _come(bodies, slow)
        slow.sends(b"name=Ana&", more=True)
        await _a_moment()
        loop = asyncio.get_running_loop()
        second: asyncio.Future[asyncio.Task[Body]] = loop.create_future()
        (waiting,) = bodies._waiting
        over = waiting.until.when() if waiting.until else None
        assert over is not None

        def come() -> None:
            quick.sends(b"name=Bo", more=False)
            second.set_result(_come(bodies, quick))

        # In the very turn of the loop in which its time ends, before it has heard of that: a timer counts in milliseconds.
        loop.call_at(over - 0.00001, come)
        with pytest.raises(TooSlow):
            await first
        assert (await (await second)).chunks == [b"name=Bo"]

    asyncio.run(meet())
