"""Calls Django in a thread of its own pool, with the whole request in hand, and takes the whole answer back.

Django stays what it is written for: one thread a request, one database connection a thread. What waits (a body that comes
slowly, a reader who takes an answer slowly, a turn) waits on the event loop and holds none.
"""

from __future__ import annotations

import asyncio
import io
import logging
import re
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import unquote_to_bytes

Environ = dict[str, Any]
Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
Headers = list[tuple[bytes, bytes]]

log = logging.getLogger(__name__)

_ONE_THING: Final = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_STUCK_AFTER: Final = 3.0  # seconds without one answer about a thing while half of the threads are at it
_JUST_NOW: Final = 0.5  # seconds


class Stuck(Exception):
    """Half of the threads are at this one thing, and none of them gets on with it."""


@dataclass(slots=True)
class Answer:
    """status: as a number. headers: as they go over the wire."""

    status: int
    headers: Headers
    body: bytes


@dataclass(slots=True)
class _Turn:
    gate: asyncio.Semaphore
    moved_at: float
    wanted_by: int = 0


@dataclass
class DjangoThreads:
    """``threads`` of them."""

    django: Wsgi
    threads: int
    _turns: dict[bytes, _Turn] = field(default_factory=dict, init=False)
    # The first answers of a process read its templates and take as long as they take.
    _is_warm: bool = field(default=False, init=False)
    _pool: ThreadPoolExecutor = field(init=False)
    # What asks whether we can work must not stand behind the work.
    _probes: ThreadPoolExecutor = field(init=False)

    def __post_init__(self) -> None:
        self._pool = ThreadPoolExecutor(self.threads, thread_name_prefix="django")
        self._probes = ThreadPoolExecutor(1, thread_name_prefix="probe")

    async def answer(self, scope: dict[str, Any], body: Sequence[bytes], *, length: int | None) -> Answer:
        """What Django answers. ``length``: of the body as announced, where it is not sent along. Raises Stuck."""
        environ = environ_of(scope, body, length=length)
        loop = asyncio.get_running_loop()
        async with self._turn(one_thing(scope["method"], scope["raw_path"])) as turn:
            answer = await loop.run_in_executor(self._pool, called, self.django, environ)
            self._is_warm = True
            if turn and answer.status != HTTPStatus.SERVICE_UNAVAILABLE:
                turn.moved_at = loop.time()
        return answer

    async def probe(self, scope: dict[str, Any]) -> Answer:
        """The same in a thread of its own, for whoever asks whether this process can work."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._probes, called, self.django, environ_of(scope, [], length=None)
        )

    @asynccontextmanager
    async def _turn(self, thing: bytes) -> AsyncIterator[_Turn | None]:
        """At most half of the threads for one thing: a row that somebody holds must not hold everybody."""
        if not thing:
            yield None
            return
        now = asyncio.get_running_loop().time
        turn = self._turns.setdefault(thing, _Turn(asyncio.Semaphore(max(self.threads // 2, 1)), now()))
        turn.wanted_by += 1
        try:
            await self._enter(turn, now)
            try:
                yield turn
            finally:
                turn.gate.release()
        finally:
            turn.wanted_by -= 1
            if not turn.wanted_by:
                self._turns.pop(thing, None)

    async def _enter(self, turn: _Turn, now: Callable[[], float]) -> None:
        """Wait for a turn for as long as those before us get on. Raises Stuck when they do not."""
        if not turn.gate.locked():
            await turn.gate.acquire()
            return
        while True:
            left = turn.moved_at + _STUCK_AFTER - now() if self._is_warm else 1.0
            try:
                await asyncio.wait_for(turn.gate.acquire(), max(left, 0.01))
            except TimeoutError:
                if self._is_warm and now() - turn.moved_at >= _STUCK_AFTER:
                    raise Stuck from None
                continue
            # Whoever got on made way for us just now. Else they gave up, and so would we, some seconds later.
            if self._is_warm and now() - turn.moved_at > _JUST_NOW:
                turn.gate.release()
                raise Stuck
            return


def one_thing(method: str, path: bytes) -> bytes:
    """The id of the first thing that a path names, where the request may change it; else nothing."""
    found = None if method in _READS else _ONE_THING.search(path)
    return found[0] if found else b""


def called(django: Wsgi, environ: Environ) -> Answer:
    """Run in a thread. Never raises: a fault that Django did not answer itself is a bare 500, written down once."""
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        started[:] = [(status, headers)]

    try:
        chunks = django(environ, start_response)
        try:
            body = b"".join(chunks)
        finally:
            # Django lets go of its database connection here, in the thread that took it.
            getattr(chunks, "close", lambda: None)()
        [(status, headers)] = started
    except Exception:
        log.exception("answer failed")
        return Answer(500, [(b"content-type", b"text/plain"), (b"content-length", b"0")], b"")
    code = int(status[:3])
    wire = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    if environ["REQUEST_METHOD"] == "HEAD" or code in {204, 304}:
        body = b""
    elif not any(name.lower() == b"content-length" for name, _ in wire):
        wire.append((b"content-length", b"%d" % len(body)))
    return Answer(code, wire, body)


def environ_of(scope: dict[str, Any], body: Sequence[bytes], *, length: int | None) -> Environ:
    """PEP 3333's environ from ASGI's scope. ``length`` stands for a body that was announced and is not sent along."""
    host, port = (scope.get("server") or ("localhost", 80))[:2]
    client = scope.get("client")
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(_path_of(scope["raw_path"])).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": str(host),
        "SERVER_PORT": str(port or 80),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": str(client[0]) if client else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(b"".join(body)),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        name = "HTTP_" + raw_name.decode("latin-1").upper().replace("-", "_")
        value = raw_value.decode("latin-1")
        if name in environ:
            value = f"{environ[name]}{'; ' if name == 'HTTP_COOKIE' else ','}{value}"
        environ[name] = value
    environ.pop("HTTP_CONTENT_LENGTH", None)
    # The body is here whole, so its length is known whichever way it came.
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    environ["CONTENT_LENGTH"] = str(sum(map(len, body)) if length is None else length)
    if (kind := environ.pop("HTTP_CONTENT_TYPE", None)) is not None:
        environ["CONTENT_TYPE"] = kind
    return environ


def _path_of(target: bytes) -> bytes:
    # "http://host/path" is a way to write it that every server must understand (RFC 9112 §3.2.2).
    if target[:1] != b"/" and b"://" in target:
        return b"/" + target.partition(b"://")[2].partition(b"/")[2]
    return target
