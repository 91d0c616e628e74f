"""The cache takes connections and never answers: each request would wait for it, one question after the other."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest
import redis
from django.conf import LazySettings
from django.core.cache import cache
from django.db import connections
from django.test import Client

from config.caching import patient_cache
from config.caching.patient_cache import LeftAlone, Patience
from events.event.models import Event
from events.rsvps.models import Rsvp
from tests.makers.agencies import a_person, an_agency
from tests.makers.api_clients import api_for, the_public
from tests.makers.events import an_event
from tests.makers.worlds import PASSWORD

TIME_OUT = 0.5
PATIENT, DJANGO = "config.caching.patient_cache.PatientCache", "django.core.cache.backends.redis.RedisCache"


@dataclass
class BlackHole:
    """A server on this machine that takes whatever comes and says nothing."""

    listening: socket.socket = field(
        default_factory=lambda: socket.create_server(("127.0.0.1", 0), backlog=256)
    )
    held: list[socket.socket] = field(default_factory=list)

    def __post_init__(self) -> None:
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self) -> None:
        while True:
            try:
                self.held.append(self.listening.accept()[0])
            except OSError:
                return

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.listening.getsockname()[1]}/0"

    def close(self) -> None:
        for each in (self.listening, *self.held):
            each.close()


@pytest.fixture
def hole() -> Iterator[BlackHole]:
    hole = BlackHole()
    yield hole
    hole.close()


def hang(settings: LazySettings, hole: BlackHole, backend: str = PATIENT) -> None:
    options = {"socket_timeout": TIME_OUT, "socket_connect_timeout": TIME_OUT}
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": hole.url, "OPTIONS": options}}


def all_at_once(event: Event, many: int = 32, threads: int = 16) -> tuple[list[int], float]:
    """The answers to so many RSVPs through as many threads as a server has, and the seconds that they took in all."""

    def one(number: int) -> int:
        try:
            return the_public(address=f"192.0.2.{number}").post(f"/events/{event.pk}/rsvps/").status_code
        finally:
            connections.close_all()

    begun = time.monotonic()
    with ThreadPoolExecutor(threads) as pool:
        answers = list(pool.map(one, range(many)))
    return answers, time.monotonic() - begun


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_many_at_once_wait_for_it_once(settings: LazySettings, hole: BlackHole) -> None:
    event = an_event()
    hang(settings, hole)
    answers, seconds = all_at_once(event)
    assert answers == [201] * 32
    assert Rsvp.objects.filter(event=event).count() == 32
    # One time-out, in which sixteen wait side by side, and the work itself; each waited for more than once else.
    assert seconds < 3
    # Sixteen, and on a busy machine the few that began before the first of them gave up; never one for each.
    assert len(hole.held) < 32


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_without_patience_each_waits_on_its_own(settings: LazySettings, hole: BlackHole) -> None:
    event = an_event()
    hang(settings, hole, DJANGO)
    _answers, seconds = all_at_once(event, many=6, threads=2)
    assert seconds > 3 * TIME_OUT


@pytest.mark.slow
@pytest.mark.django_db(databases=["default", "owner"])
def test_signing_in_and_reading_go_on_beside_it(settings: LazySettings, hole: BlackHole) -> None:
    agency = an_agency()
    person = a_person(agency)
    person.set_password(PASSWORD)
    person.save()
    hang(settings, hole)
    signed = Client().post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert signed.status_code == 302
    assert Client().get(f"/agencies/{agency.slug}/").status_code == 200
    assert api_for(person, agency, ["events:read"]).get("/me/").status_code == 200
    # Three pages, each with questions to the cache; one of these was put.
    assert len(hole.held) == 1


def test_it_is_asked_again_after_a_pause_by_one_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = [100.0]
    monkeypatch.setattr(patient_cache.time, "monotonic", lambda: moment[0])
    patience = Patience()

    def ask(answer: Exception | None = None) -> str:
        try:
            patience.check()
            with patience.asking():
                if answer is not None:
                    raise answer
        except LeftAlone:
            return "left alone"
        except redis.RedisError:
            return "raised"
        return "answered"

    assert ask() == "answered"
    # Gone, at once: nobody had to wait, so it is asked as before.
    assert [ask(redis.ConnectionError()), ask()] == ["raised", "answered"]
    assert [ask(redis.TimeoutError()), ask()] == ["raised", "left alone"]
    moment[0] += 4.9
    assert ask() == "left alone"
    moment[0] += 0.2
    patience.check()
    # Somebody asks; the others do not wait for what comes of it.
    assert ask() == "left alone"
    moment[0] += 5.1
    assert [ask(), ask()] == ["answered", "answered"]


@pytest.mark.django_db(databases=["default", "owner"])
def test_one_that_hung_is_used_again_once_it_answers(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = str(settings.CACHES["default"]["LOCATION"])
    patience = patient_cache.patience_with(real)
    patience._give_up()
    with pytest.raises(LeftAlone):
        cache.get("anything")
    assert the_public().post(f"/events/{an_event().pk}/rsvps/").status_code == 201
    monkeypatch.setattr(patience, "_asked_again_at", 0.0)
    cache.set("anything", 7)
    assert cache.get_many(["anything"]) == {"anything": 7}
    cache.set_many({"a": 1, "b": 2})
    assert cache.incr("a") == 2
