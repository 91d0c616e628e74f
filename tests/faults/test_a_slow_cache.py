"""A cache that answers, but slowly: all questions of one request together take a second, not one each."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client

from config.caching import patient_cache
from events.rsvps.models import Rsvp
from tests.makers.api_clients import the_public
from tests.makers.events import an_event

# Less than what is taken for a cache that hangs: each answer alone is one to wait for.
LATE_BY = 0.3

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


@dataclass
class SlowLine:
    """In front of the real cache: what is asked goes through at once, each answer comes ``LATE_BY`` seconds late."""

    real: str
    listening: socket.socket = field(
        default_factory=lambda: socket.create_server(("127.0.0.1", 0), backlog=64)
    )
    answers: int = 0

    def __post_init__(self) -> None:
        threading.Thread(target=self._take, daemon=True).start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.listening.getsockname()[1]}/0"

    def _take(self) -> None:
        while True:
            try:
                near = self.listening.accept()[0]
            except OSError:
                return
            far = self._connect()
            threading.Thread(target=self._pass_on, args=(near, far, 0.0), daemon=True).start()
            threading.Thread(target=self._pass_on, args=(far, near, LATE_BY), daemon=True).start()

    def _connect(self) -> socket.socket:
        address = urlsplit(self.real)
        if address.scheme == "unix":
            far = socket.socket(socket.AF_UNIX)
            far.connect(unquote(address.path))
            return far
        return socket.create_connection((address.hostname or "127.0.0.1", address.port or 6379))

    def _pass_on(self, source: socket.socket, target: socket.socket, late: float) -> None:
        try:
            while part := source.recv(65_536):
                time.sleep(late)
                self.answers += bool(late)
                target.sendall(part)
        except OSError:
            target.close()


@pytest.fixture
def slow(settings: Any) -> Iterator[SlowLine]:
    line = SlowLine(str(settings.CACHES["default"]["LOCATION"]))
    options = {"socket_timeout": 1.0, "socket_connect_timeout": 1.0}
    settings.CACHES = {
        "default": {
            "BACKEND": "config.caching.patient_cache.PatientCache",
            "LOCATION": line.url,
            "KEY_PREFIX": "slow-line",
            "OPTIONS": options,
        }
    }
    yield line
    line.listening.close()


def seconds_of_an_rsvp(event: Any) -> float:
    begun = time.monotonic()
    assert the_public().post(f"/events/{event.pk}/rsvps/").status_code == 201
    return time.monotonic() - begun


@pytest.mark.slow
def test_all_questions_of_one_request_wait_a_second_together(slow: SlowLine) -> None:
    event = an_event()
    # The first one greets the server too, which is no question of ours.
    seconds_of_an_rsvp(event)
    slow.answers = 0
    seconds_of_an_rsvp(event)
    assert 1 <= slow.answers <= patient_cache.OF_A_REQUEST / LATE_BY + 1
    assert Rsvp.objects.filter(event=event).count() == 2


@pytest.mark.slow
def test_the_next_request_may_wait_for_it_again(slow: SlowLine) -> None:
    event = an_event()
    seconds_of_an_rsvp(event)
    for _ in range(2):
        slow.answers = 0
        seconds_of_an_rsvp(event)
        assert slow.answers


@pytest.mark.slow
def test_what_is_no_request_may_take_its_time(slow: SlowLine) -> None:
    Client().get("/no-such-page")
    for number in range(6):
        cache.set("anything", number)
        assert cache.get("anything") == number
