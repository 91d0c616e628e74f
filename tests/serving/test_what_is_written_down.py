"""No part writes down who asked, for what, from where or with which browser, least of all while the next part is away.

The proxy is asked the same in a drill with a real one: ``make drills D=proxy_writes_nothing``.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.makers.events import an_event
from tests.makers.web_servers import ROOT, WebServer, a_web_server, database_urls

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)

_LINK = "abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrstu"
_ADDRESS = "canary.who.asks@mail.example"
_BROWSER = "Canary-Browser/7.7"
_NAME = "Canary Marigold"
_TELLING = (_LINK, _ADDRESS, "canary.who", _BROWSER, _NAME, "203.0.113.77", "/r/", "127.0.0.1")
_AWAY = {"REDIS_URL": "redis://127.0.0.1:1/0", "EMAIL_URL": "smtp://127.0.0.1:1"}


def _go_through(web: WebServer, event: Any) -> set[int]:
    """Everything that a resident does, well and badly, over the real server."""
    who = {"User_Agent": _BROWSER, "X_Forwarded_For": "203.0.113.77", "Accept": "text/html"}
    rsvp = {"email": _ADDRESS, "name": _NAME, "party_size": 1, "question": f"{_NAME} asks"}
    found = {
        web.ask("GET", f"/r/{_LINK}?new", **who).status,
        web.ask("POST", f"/r/{_LINK}/change", b"email=" + _ADDRESS.encode(), **who).status,
        web.ask("POST", f"/api/v1/events/{event.pk}/rsvps/", rsvp, **who).status,
        web.ask("POST", f"/api/v1/events/{event.pk}/rsvps/resend/", {"email": _ADDRESS}, **who).status,
        web.ask("GET", f"/events/{event.pk}?q={_ADDRESS}", **who).status,
        web.ask("GET", "/", Host=f"{_LINK}.example", **who).status,
    }
    for raw in (
        f"GET /r/{_LINK} HTTP/9.9\r\nUser-Agent: {_BROWSER}\r\n\r\n",
        f"NONSENSE {_ADDRESS}\r\n\r\n",
        f"GET /r/{_LINK} HTTP/1.1\r\nHost: a\r\nX-{_ADDRESS}: {_NAME}\r\nContent-Length: {_NAME}\r\n\r\n",
        f"POST /r/{_LINK}/change HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n{_ADDRESS}\r\n",
        f"POST /r/{_LINK}/change HTTP/1.1\r\nHost: a\r\nContent-Length: 90\r\n\r\n{_ADDRESS}",
    ):
        with (
            socket.create_connection(("127.0.0.1", web.port), timeout=5) as client,
            contextlib.suppress(OSError),
        ):
            client.sendall(raw.encode())
            client.shutdown(socket.SHUT_WR)
            client.recv(4096)
    return found


def _telling(text: str, event: Any) -> list[str]:
    # The meeting's own id: a bare "/events/" also stands in the file names of a fault's report.
    return [word for word in (*_TELLING, str(event.pk)) if word in text]


@pytest.mark.slow
def test_the_web_server_writes_down_nobody_with_everything_there_and_with_everything_away() -> None:
    event = an_event(capacity=None)
    trusted = {"TRUSTED_PROXIES": "127.0.0.0/8", "THROTTLES": "on"}
    with a_web_server(environment=trusted) as web:
        assert 201 in _go_through(web, event)
        assert _telling(web.log.read_text(), event) == []
    with a_web_server(environment=trusted | _AWAY) as web:
        assert 201 in _go_through(web, event)
        said = web.log.read_text()
        assert "cache_unavailable" in said, "the log of this very server is read"
        assert _telling(said, event) == []
    gone = {"DATABASE_URL": "postgres://engage_app@/engage?host=/nonexistent"}
    with a_web_server(environment=trusted | _AWAY | gone) as web:
        assert 503 in _go_through(web, event)
        # What is away for every web process takes none of them from the proxy.
        assert (web.ask("GET", "/readyz").status, web.ask("GET", "/readyz?here").status) == (503, 200)
        assert _telling(web.log.read_text(), event) == []


@pytest.mark.slow
def test_the_worker_and_the_database_write_down_nobody_while_the_relay_is_away(tmp_path: Path) -> None:
    event = an_event(capacity=None)
    with a_web_server() as web:
        _go_through(web, event)
    log = tmp_path / "worker.log"
    with log.open("wb") as said:
        worker = subprocess.Popen(
            [sys.executable, "-m", "celery", "--app", "config", "worker", "--loglevel", "INFO", "--pool", "solo", "--beat",
             "--schedule", str(tmp_path / "schedule"), "--pidfile", ""],
            cwd=ROOT, env=os.environ | database_urls() | {"EMAIL_URL": _AWAY["EMAIL_URL"]}, stdout=said, stderr=said,
        )  # fmt: skip
    try:
        until = time.monotonic() + 40
        # Its first tries of the confirmation fail: there is nobody at the relay's port.
        while "channel" not in log.read_text() and time.monotonic() < until:
            time.sleep(0.2)
    finally:
        worker.terminate()
        worker.wait(timeout=30)
    said_of_the_relay = log.read_text()
    assert "channel" in said_of_the_relay, said_of_the_relay[-2000:]
    about_people = [word for word in _TELLING if word != "127.0.0.1"]
    assert [word for word in about_people if word in said_of_the_relay] == []
    folder = parse_qs(urlsplit(database_urls()["DATABASE_URL"]).query)["host"][0]
    for written in Path(folder).parent.glob("postgres.log"):
        assert [word for word in about_people if word in written.read_text(errors="replace")] == []
