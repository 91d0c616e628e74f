"""The limits of time and room that slow clients meet, made small enough to be met here; a newcomer is let in all the same."""

from __future__ import annotations

import socket
import time
from contextlib import ExitStack
from typing import Any

import pytest

from tests.makers.events import an_event
from tests.makers.web_servers import WebServer, a_web_server
from tests.serving.bad_manners import ends_within, many, opening

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)

_SMALL = """
from config.serving import body_waiting, web_worker
web_worker.HEAD_WITHIN = 1.0
web_worker.TAKEN_WITHIN = 1.0
web_worker.MOST_OF_A_NETWORK = 30
body_waiting.PATIENCE = 1.0
body_waiting.PACE = 1_000_000
body_waiting.MOST_WAITING_OF_A_NETWORK = 20
body_waiting.MOST_OF_A_NETWORK = 400_000
body_waiting.MOST_IN_ALL = 600_000
"""
_LARGE = _SMALL.replace("PATIENCE = 1.0", "PATIENCE = 60.0").replace("WITHIN = 1.0", "WITHIN = 60.0")


def _client(web: WebServer, sends: bytes) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", web.port), timeout=5)
    client.sendall(sends)
    return client


@pytest.mark.slow
def test_time_runs_out_for_a_head_a_body_and_a_reader_and_each_is_told_why() -> None:
    path = f"/api/v1/events/{an_event(capacity=None).pk}/rsvps/"
    with a_web_server(before=_SMALL) as web, ExitStack() as clients:
        slow = {
            kind: clients.enter_context(_client(web, opening(kind, path)))
            for kind in ("nothing at all", "half a head", "a small body that never ends", "a body in chunks without an end")
        }  # fmt: skip
        # Whoever takes nothing for that long is not waited for, however much still stands ready.
        taking = clients.enter_context(_client(web, opening("an answer that is never taken", path) * 6))
        said = {kind: ends_within(client, 8) for kind, client in slow.items()}
        assert None not in said.values(), said
        for kind in ("a small body that never ends", "a body in chunks without an end"):
            assert b" 408 " in said[kind], kind
            assert b'"code": "too_slow"' in said[kind]
            assert b"connection: close" in said[kind].lower()
        time.sleep(1)
        taken = ends_within(taking, 8)
        assert taken is not None
        assert taken.count(b"HTTP/1.1 200 OK") < 240


def _refused(web: WebServer, kind: str, path: str, more: bytes) -> bytes:
    with _client(web, opening(kind, path)) as client:
        said = ends_within(client, 8, lambda: more)
        assert said is not None, kind
        return said


def _is_served(web: WebServer, event: Any) -> bool:
    begun = time.monotonic()
    rsvp = web.ask("POST", f"/api/v1/events/{event.pk}/rsvps/", {"email": "ana@mail.example"})
    return (rsvp.status, time.monotonic() - begun < 4) == (201, True)


@pytest.mark.slow
@pytest.mark.parametrize("connections", ["900", "25"])
def test_where_there_is_no_room_the_newcomer_comes_in_and_the_slowest_goes(connections: str) -> None:
    event = an_event(capacity=None)
    with a_web_server(before=_LARGE, arguments=["--worker-connections", connections]) as web:
        assert _is_served(web, event)
        for kind in ("nothing at all", "a small body that never ends", "a body that trickles"):
            with many(web.port, kind, f"/events/{event.pk}/rsvp", number=60) as clients:
                assert _is_served(web, event), kind
                standing = [client for client in clients if ends_within(client, 0.01) is None]
                assert len(standing) <= 30, kind
                assert _is_served(web, event), kind
        # What is too large is refused unread, and its sender can read why.
        for path in (f"/api/v1/events/{event.pk}/rsvps/", f"/events/{event.pk}/rsvp"):
            said = _refused(web, "a body that nobody asked for", path, b"a" * 10_000)
            assert said.startswith(b"HTTP/1.1 413 "), said[:200]
            assert b"connection: close" in said.lower()
        said = _refused(web, "a head that has no end", "/", b"X-Flood: " + b"a" * 4_000 + b"\r\n")
        assert said.startswith(b"HTTP/1.1 431 "), said[:200]
