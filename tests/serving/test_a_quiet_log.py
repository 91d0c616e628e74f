"""What anybody can send all day is no news: a log line that nobody can act on hides the one that counts."""

from __future__ import annotations

import contextlib
import json
import logging
import secrets
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from engage.contacts.links import Purpose, mint
from tests.makers.agencies import an_agency
from tests.makers.events import an_event
from tests.makers.rsvps import an_rsvp
from tests.makers.web_servers import WebServer, a_web_server

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
FORM = {"Content_Type": "application/x-www-form-urlencoded"}


def say(server: WebServer, *parts: bytes, answer: bool = True) -> bytes:
    """Bytes on a connection of their own; without waiting for an answer it is cut off at once."""
    with (
        contextlib.suppress(OSError),
        socket.create_connection(("127.0.0.1", server.port), timeout=5) as line,
    ):
        for part in parts:
            line.sendall(part)
        if not answer:
            # A reset, as from a telephone that was carried off.
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            return b""
        return line.recv(65_536)
    return b""


def by_method(server: WebServer, links: list[str]) -> None:
    for path in links:
        for method in ("HEAD", "OPTIONS", "TRACE", "PUT", "BREW"):
            with contextlib.suppress(OSError):
                server.ask(method, path)


def by_form(server: WebServer, event: str) -> None:
    """Forms of other sites, without a token, of nonsense."""
    server.ask("POST", "/accounts/login/", b"login=a&password=b", **FORM)
    server.ask(
        "POST", "/accounts/login/", b"login=a", Cookie="csrftoken=nonsense; sessionid=nonsense", **FORM
    )
    server.ask("POST", "/accounts/login/", b"login=a", Referer="https://evil.example/", **FORM)
    server.ask("POST", f"{event}/rsvp", b"party_size=1", Origin="https://evil.example", **FORM)
    server.ask("POST", f"{event}/rsvp", b"a=1&" * 2000, **FORM)
    server.ask(
        "POST", f"{event}/rsvp", b"nothing of the kind", Content_Type="multipart/form-data; boundary=x"
    )
    server.ask("POST", f"{event}/rsvp", b"nothing", Content_Type="multipart/form-data")
    server.ask("POST", f"{event}/rsvp", b"party_size=%00%ff\xff&key=%d8", **FORM)
    server.ask("POST", f"/api/v1{event}/rsvps/", b"{", Content_Type="application/json")
    server.ask("POST", f"/api/v1{event}/rsvps/", b"[" * 100_000, Content_Type="application/json")
    server.ask(
        "POST", f"/api/v1{event}/rsvps/", b"\xff\xfe", Content_Type="application/json; charset=klingon"
    )
    server.ask("GET", "/api/v1/me/", Authorization="Bearer nonsense")
    server.ask("GET", "/desk/", Cookie="sessionid=" + "x" * 900)
    server.ask("GET", "/", Accept_Language="x" * 4000)


def by_address(server: WebServer) -> None:
    for host in ("evil.example", "", "a b", "[::1", "-", "x" * 300, "127.0.0.1:99999"):
        with contextlib.suppress(OSError, ValueError):
            server.ask("GET", "/", Host=host)
    for path in (
        "/%00",
        "/%ff",
        "/..%2f..%2fetc/passwd",
        "/.env",
        "/wp-login.php",
        "/static/../x",
        "//evil.example/",
    ):
        with contextlib.suppress(OSError):
            server.ask("GET", path)


def by_bytes(server: WebServer, event: str) -> None:
    """No HTTP, half of it, too much of it; and clients that are gone before they are answered."""
    head = (
        b"POST "
        + event.encode()
        + b"/rsvp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    )
    for words in (
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + secrets.token_bytes(64) + b"\r\n\r\n",
        b"nonsense\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET / HTTP/1.1\r\nHost 127.0.0.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 200 + b"\r\n", b"GET / HTTP/1.1\r\nX: " + b"y" * 20_000 + b"\r\n\r\n",
        head + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nparty", head + b"Content-Length: -1\r\n\r\n",
        head + b"Content-Length: x\r\n\r\n", head + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\nnonsense\r\n",
        head + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
        head + b"Transfer-Encoding: nonsense\r\n\r\n",
    ):  # fmt: skip
        say(server, words)
    for words in (
        b"",
        b"GET",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        head + b"Content-Length: 5000\r\n\r\nparty_size=1",
    ):
        for _ in range(3):
            say(server, words, answer=False)
    body = (
        b"POST /api/v1"
        + event.encode()
        + b"/rsvps/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    )
    say(server, body + b"Content-Length: 5000\r\n\r\n{", answer=False)


def loud(server: WebServer) -> list[str]:
    """Lines that somebody would have to read: ours above INFO, and whatever is not written by us."""
    lines = []
    for line in server.log.read_text().splitlines():
        try:
            written = json.loads(line)
        except ValueError:
            lines.append(line)
            continue
        if written["level"] not in {"debug", "info"}:
            lines.append(line)
    return lines


@pytest.mark.slow
def test_a_walk_of_what_anybody_may_send_leaves_no_line_that_somebody_must_read() -> None:
    rsvp = an_rsvp(an_event(an_agency()))
    event = f"/events/{rsvp.event_id}"
    token = mint(Purpose.RSVP_SCREEN, rsvp.pk, rsvp.link_version)
    links = [
        f"/r/{token}",
        f"/r/{token}/data",
        f"/r/{'a' * 53}",
        f"/confirm/{'a' * 53}",
        "/door/",
        "/desk/",
        event,
    ]
    with a_web_server() as server:
        by_method(server, links)
        by_form(server, event)
        by_address(server)
        by_bytes(server, event)
        assert server.ask("GET", "/healthz").status == 200
        assert server.ask("HEAD", f"/r/{token}").status == 200
        assert not loud(server)
        # The walk was heard all the same: counted, one line each.
        assert server.log.read_text().count('"event": "request"') > 50


@pytest.fixture
def written() -> Iterator[list[logging.LogRecord]]:
    """What a root logger of the level that production has hears."""
    records: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = records.append  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    yield records
    logging.getLogger().removeHandler(handler)


def test_a_fault_of_ours_is_as_loud_as_ever(
    written: list[logging.LogRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("the roof is down")

    monkeypatch.setattr("web.events.detail.show_event", broken)
    answer = Client(raise_request_exception=False).get(f"/events/{an_event().pk}")
    assert answer.status_code == 500
    errors = [record for record in written if record.levelno >= logging.ERROR]
    assert [record.name for record in errors] == ["django.request"]
    assert errors[0].exc_info is not None
