"""A web process that is told to end drops nobody: who is in is answered, who stands at the door too."""

from __future__ import annotations

import http.client
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any, Self

import pytest

from tests.makers.events import an_event
from tests.makers.web_servers import WebServer, a_web_server

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


class _Crowd:
    """People who ask, one request after another, until nobody listens any more."""

    def __init__(self, web: WebServer, path: str) -> None:
        self.web, self.path, self.seen = web, path, Counter[Any]()
        self._people = [
            threading.Thread(target=self._one, args=(n % 3 == 0,), daemon=True) for n in range(12)
        ]

    def __enter__(self) -> Self:
        for person in self._people:
            person.start()
        return self

    def __exit__(self, *_: object) -> None:
        for person in self._people:
            person.join(timeout=30)
            assert not person.is_alive()

    def _one(self, keeps: bool) -> None:
        connection: http.client.HTTPConnection | None = None
        while True:
            try:
                if connection is None:
                    connection = http.client.HTTPConnection("127.0.0.1", self.web.port, timeout=30)
                    connection.connect()
            except ConnectionRefusedError:
                return  # told so at once, and nothing was sent: a proxy goes to the next one
            except OSError as error:
                self.seen[type(error).__name__] += 1
                return
            try:
                connection.request("POST", self.path, b"{}", {"Content-Type": "application/json"})
                answer = connection.getresponse()
                answer.read()
                self.seen[answer.status] += 1
            except (OSError, http.client.HTTPException) as error:
                self.seen[type(error).__name__] += 1
                connection.close()
                connection = None
                continue
            if not keeps or answer.will_close:
                connection.close()
                connection = None


@pytest.mark.slow
@pytest.mark.parametrize("seconds", ["0", "1"])
def test_sigterm_under_load_drops_no_request(seconds: str) -> None:
    event = an_event(capacity=None)
    with a_web_server(processes=2, environment={"WEB_DRAIN_SECONDS": seconds, "THROTTLES": "off"}) as web:
        assert web.process
        with _Crowd(web, f"/api/v1/events/{event.pk}/rsvps/") as crowd:
            _until(lambda: crowd.seen[201] > 40, seconds=40)
            # Our own copy of the door must not keep it open.
            web.stop_listening()
            web.process.send_signal(signal.SIGTERM)
        assert web.process.wait(timeout=15) == 0
    dropped = {what: number for what, number in crowd.seen.items() if what != 201}
    # Without a time to drain, who keeps a connection may write into it in the moment in which it is closed.
    assert sum(dropped.values()) <= (0 if seconds == "1" else 2), crowd.seen


def _answers(web: WebServer, path: str) -> int:
    try:
        return web.ask("GET", path).status
    except OSError:
        return 0


def test_it_says_first_that_it_wants_nobody_new_and_goes_on_answering() -> None:
    event = an_event(capacity=None)
    with a_web_server(environment={"WEB_DRAIN_SECONDS": "2"}) as web:
        assert web.process
        assert (_answers(web, "/readyz"), _answers(web, "/readyz?here")) == (200, 200)
        web.stop_listening()
        begun = time.monotonic()
        web.process.send_signal(signal.SIGTERM)
        _until(lambda: _answers(web, "/readyz") == 503)
        assert _answers(web, "/readyz?here") == 503
        told = web.ask("GET", "/readyz")
        assert 1 <= int(told.headers["retry-after"]) <= 60
        assert web.ask("GET", "/healthz").status == 200
        rsvp = web.ask("POST", f"/api/v1/events/{event.pk}/rsvps/", {})
        assert (rsvp.status, rsvp.headers["connection"]) == (201, "close")
        assert web.process.wait(timeout=10) == 0
        assert 1.8 < time.monotonic() - begun < 6


@pytest.mark.slow
def test_a_second_signal_ends_the_wait_and_a_silent_connection_holds_nothing_up() -> None:
    with a_web_server(environment={"WEB_DRAIN_SECONDS": "60"}) as web:
        assert web.process
        with socket.create_connection(("127.0.0.1", web.port)):
            web.stop_listening()
            web.process.send_signal(signal.SIGTERM)
            _until(lambda: _answers(web, "/readyz") == 503)
            web.process.send_signal(signal.SIGTERM)
            assert web.process.wait(timeout=6) == 0


def _until(holds: Callable[[], bool], seconds: float = 5) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.05)
