"""The ASGI application in front of Django: probes at once, bodies before threads, and a no that costs nothing."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from ipaddress import IPv4Network, IPv6Network
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import override

from config.serving import draining
from config.serving.body_waiting import Bodies, Gone, NoRoom, Receive, TooLarge, TooSlow
from config.serving.django_calling import Answer, DjangoThreads, Stuck, Wsgi
from engage.counting.client_address import client_address
from engage.counting.rates import client_network
from engage.database.faults import BUSY, TOO_MANY, DatabaseFault

Send = Callable[[dict[str, Any]], Awaitable[None]]
Scope = dict[str, Any]

_UP: Final = Answer(
    200,
    [
        (b"content-type", b"application/json"),
        (b"cache-control", b"max-age=0, no-cache, no-store, must-revalidate, private"),
        (b"x-content-type-options", b"nosniff"),
        (b"content-length", b"16"),
    ],
    b'{"status": "ok"}',
)
_COME_BACK_IN: Final = 5  # seconds


class Front:
    """``django`` in ``threads`` threads, behind waiting bodies. ``name``: the host by which probes reach Django."""

    def __init__(
        self,
        django: Wsgi,
        *,
        threads: int,
        largest_body: int,
        trusted_proxies: Sequence[IPv4Network | IPv6Network] = (),
        name: str = "localhost",
    ) -> None:
        self._django = DjangoThreads(django, threads)
        self._bodies = Bodies(largest=largest_body)
        self._largest = largest_body
        self._trusted = trusted_proxies
        self._name = name.encode("ascii")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close"})
        if scope["type"] != "http":
            return
        try:
            answer = await self._answer(scope, receive)
        except Stuck:
            answer = _come_again(scope, BUSY)
        except Gone:
            return
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        body = b"" if scope["method"] == "HEAD" else answer.body
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        if scope["method"] in {"GET", "HEAD"}:
            if scope["raw_path"] == b"/healthz":
                return _UP
            if scope["raw_path"] == b"/readyz":
                return await self._is_ready(scope)
        return await self._with_its_body(scope, receive)

    async def _is_ready(self, scope: Scope) -> Answer:
        if draining.is_under_way():
            return _no(scope, 503, "draining", '{"draining": "yes"}', wait=_COME_BACK_IN)
        if scope["query_string"] == b"here":
            # Asked by a proxy that chooses between us and the others. What is away for all of us (the broker, the database)
            # is no reason to send nobody: pages go on without the one, and we say ourselves what is the matter with the other.
            return _UP
        # Whoever asks from within (a proxy, a supervisor) need not know our public name.
        headers = [(name, value) for name, value in scope["headers"] if name != b"host"]
        return await self._django.probe(scope | {"headers": [*headers, (b"host", self._name)]})

    async def _with_its_body(self, scope: Scope, receive: Receive) -> Answer:
        announced = _announced(scope)
        if announced == 0:
            return await self._django.answer(scope, [], length=None)
        if announced is not None and announced > self._largest:
            # Django says no by what was announced; nothing of it is read.
            return _last(await self._django.answer(scope, [], length=announced))
        try:
            body = await self._bodies.whole(receive, self._network(scope))
        except TooSlow:
            with override(_language(scope)):
                return _no(
                    scope, 408, "too_slow", _("What you sent did not reach us in time. Send it again.")
                )
        except NoRoom:
            return _come_again(scope, TOO_MANY)
        except TooLarge as large:
            return _last(await self._django.answer(scope, [], length=large.so_far))
        try:
            return await self._django.answer(scope, body.chunks, length=None)
        finally:
            self._bodies.release(body)

    def _network(self, scope: Scope) -> str:
        said = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for")
        peer = scope["client"][0] if scope.get("client") else ""
        return client_network(client_address(peer, said.decode("latin-1"), self._trusted))


def _announced(scope: Scope) -> int | None:
    """Bytes of the body as announced, 0 where there is none, None where only its end will tell."""
    length = 0
    for name, value in scope["headers"]:
        if name == b"transfer-encoding":
            return None
        if name == b"content-length":
            # Whether it is a number the server has seen to.
            length = int(value[:18] or b"0")
    return length


def _last(answer: Answer) -> Answer:
    """What is not read must not be taken for the next request of this connection."""
    others = [(name, value) for name, value in answer.headers if name.lower() != b"connection"]
    return Answer(answer.status, [*others, (b"connection", b"close")], answer.body)


def _no(scope: Scope, status: int, code: str, sentence: str, *, wait: int = 0) -> Answer:
    """An answer that asks nobody: a problem document for programs, a sentence for people."""
    if scope["raw_path"].startswith(b"/api/"):
        problem = {
            "type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": sentence, "code": code,
            "errors": [],
        }  # fmt: skip
        kind, body = b"application/problem+json", json.dumps(problem).encode()
    else:
        kind, body = b"text/plain; charset=utf-8", sentence.encode()
    headers = [
        (b"content-type", kind), (b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"),
        (b"content-length", b"%d" % len(body)),
    ]  # fmt: skip
    if wait:
        headers.append((b"retry-after", b"%d" % wait))
    return _last(Answer(status, headers, body))


def _come_again(scope: Scope, fault: DatabaseFault) -> Answer:
    with override(_language(scope)):
        return _no(scope, 503, fault.code, str(fault.sentence), wait=fault.come_back_in)


def _language(scope: Scope) -> str:
    """As far as a no needs it: Spanish where it is asked for first."""
    asked = next((value for name, value in scope["headers"] if name == b"accept-language"), b"")
    return "es" if asked[:2].lower() == b"es" or scope["raw_path"].startswith(b"/es/") else "en"
