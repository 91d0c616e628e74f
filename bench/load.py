"""An HTTP client that costs little: so many connections at once, each request timed."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Answers:
    """What came back. ``times``: seconds of each request; ``bodies``: the JSON of each 2xx."""

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return len(self.times) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """Milliseconds within which ``share`` of the requests were answered."""
        ordered = sorted(self.times)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def post_all(
    host: str, port: int, path: str, bodies: Iterable[dict[str, Any]], *, connections: int
) -> Answers:
    """POST each body as JSON over ``connections`` connections at once; a refused connection is tried again."""
    return asyncio.run(_post_all(host, port, path, iter(list(bodies)), connections))


async def _post_all(
    host: str, port: int, path: str, bodies: Iterator[dict[str, Any]], connections: int
) -> Answers:
    answers = Answers()
    began = time.perf_counter()
    await asyncio.gather(*(_one_connection(host, port, path, bodies, answers) for _ in range(connections)))
    answers.seconds = time.perf_counter() - began
    return answers


async def _one_connection(
    host: str, port: int, path: str, bodies: Iterator[dict[str, Any]], answers: Answers
) -> None:
    reader: asyncio.StreamReader | None = None
    writer: asyncio.StreamWriter | None = None
    for body in bodies:
        content = json.dumps(body).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(content)}\r\n\r\n"
        ).encode()
        began = time.perf_counter()
        while True:
            try:
                if writer is None:
                    reader, writer = await asyncio.open_connection(host, port)
                writer.write(head + content)
                assert reader is not None
                status, answer, stays = await _answer(reader)
                break
            except (ConnectionError, asyncio.IncompleteReadError):
                # A server may close an idle connection just as we write; nothing was answered, so ask again.
                writer = None
        answers.times.append(time.perf_counter() - began)
        answers.statuses[status] += 1
        if status < 300:
            answers.bodies.append(json.loads(answer))
        if not stays:
            writer.close()
            writer = None
    if writer is not None:
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes, bool]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    lines = head.split("\r\n")
    status = int(lines[0].split()[1])
    headers = {
        name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:] if line)
    }
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return status, body, headers.get("connection", "").lower() != "close"
