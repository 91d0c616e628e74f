"""What is due is found without a broker, without a beat, and whatever this machine's clock says."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from django.conf import settings as configured
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from bench.worker_group import wait_until
from events.event.models import Event
from outreach.sending.batch import ending
from outreach.tasks import tick
from outreach.worker import rounds as worker_rounds
from outreach.worker.doorbell import bell
from outreach.worker.models import Round
from outreach.worker.round_taking import BEAT, SWEEP, Daily, Every, take
from outreach.worker.sweeping import Sweeper
from tests.makers.events import an_event, begins_at
from tests.makers.mail_server import CurtPost
from tests.makers.rsvps import an_rsvp

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
MINUTES = dt.timedelta(minutes=1)


@pytest.fixture
def sweeper() -> Iterator[Sweeper]:
    running = Sweeper()
    running.start()
    yield running
    running.end(seconds=10)
    ending.clear()


@pytest.fixture(params=[-60, 60], ids=["an_hour_behind", "an_hour_ahead"])
def wrong_clock(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> dt.timedelta:
    """What Django takes for the time on this machine."""
    shift = request.param * MINUTES
    right = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: right() + shift)
    return shift


def starting_in(minutes: int) -> Event:
    event = an_event()
    begins_at(event, timezone.now() + minutes * MINUTES)
    return event


def test_with_no_broker_and_no_beat_a_letter_goes_and_an_event_begins(
    relay: CurtPost, sweeper: Sweeper
) -> None:
    begun = starting_in(-1)
    an_rsvp(an_event(), email="ana@mail.example")
    wait_until(lambda: relay.letters, seconds=30, what="the letter")
    wait_until(lambda: Event.objects.get(pk=begun.pk).status == "live", seconds=30, what="the beginning")
    assert Client().get("/readyz").json()["sweep"] == "ok"


def test_an_event_begins_and_ends_by_the_databases_clock(wrong_clock: dt.timedelta) -> None:
    right = timezone.now() - wrong_clock
    soon, begun = an_event(), an_event()
    for event, begins in ((soon, right + 40 * MINUTES), (begun, right - MINUTES)):
        begins_at(event, begins)
    worker_rounds.go("advance_events")
    soon.refresh_from_db()
    begun.refresh_from_db()
    assert (soon.status, begun.status) == ("published", "live")
    assert begun.started_at is not None
    assert abs(begun.started_at - right) < MINUTES


def test_no_round_takes_its_time_from_this_machine(wrong_clock: dt.timedelta, monkeypatch: Any) -> None:
    seen: dict[str, dt.datetime] = {}
    for name, one in worker_rounds.ROUNDS.items():
        watched = worker_rounds.WorkerRound(one.when, lambda now, name=name: seen.update({name: now}))
        monkeypatch.setitem(worker_rounds.ROUNDS, name, watched)
        worker_rounds.go(name)
    right = timezone.now() - wrong_clock
    assert set(seen) == set(worker_rounds.ROUNDS)
    assert all(abs(now - right) < MINUTES for now in seen.values())


def test_a_ring_has_no_hour_at_which_it_is_too_late_and_does_not_pile_up(settings: Any) -> None:
    server = redis.from_url(configured.CACHES["default"]["LOCATION"])
    queue = f"{configured.CACHES['default']['KEY_PREFIX']}:celery"
    server.delete(queue)
    cache.delete("doorbell")
    for _ring in range(5):
        bell.ring()
        time.sleep(0.3)
    waiting = [json.loads(text) for text in server.lrange(queue, 0, -1)]
    server.delete(queue)
    assert [message["headers"]["expires"] for message in waiting] == [None]
    assert waiting[0]["headers"]["eta"] is None


def test_a_tick_of_the_beat_is_taken_whenever_it_comes_and_leaves_its_mark(relay: CurtPost) -> None:
    an_rsvp(an_event(), email="ana@mail.example")
    tick()
    assert len(relay.letters) == 1
    assert set(Round.objects.filter(through_at__isnull=False).values_list("name", flat=True)) >= {BEAT, SWEEP}
    numbers = Client().get("/metrics", REMOTE_ADDR="127.0.0.1").content.decode()
    age = next(line for line in numbers.splitlines() if line.startswith("engage_last_beat_seconds "))
    assert 0 <= float(age.split()[1]) < 60


def test_each_round_is_gone_by_one_worker_and_again_when_it_is_time() -> None:
    assert [take("lapse_offers", Every(30)) for _ in range(3)] == [True, False, False]
    Round.objects.update(began_at=timezone.now() - 31 * dt.timedelta(seconds=1))
    assert [take("lapse_offers", Every(30)) for _ in range(2)] == [True, False]


def test_after_the_databases_clock_went_back_an_hour_rounds_go_on() -> None:
    Round.objects.create(name="lapse_offers", began_at=timezone.now() + 60 * MINUTES)
    assert [take("lapse_offers", Every(30)) for _ in range(2)] == [True, False]


def test_a_nightly_round_goes_once_a_night_and_a_missed_night_is_caught_up() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT (now() AT TIME ZONE 'UTC')::time")
        now = (cursor.fetchone() or (dt.time(),))[0]
    nightly = Daily(dt.time(now.hour, now.minute))
    assert take("purge", nightly) is False
    assert take("purge", nightly) is False
    Round.objects.update(began_at=timezone.now() - dt.timedelta(days=3))
    assert [take("purge", nightly) for _ in range(2)] == [True, False]


def test_a_round_that_fails_holds_up_no_other(monkeypatch: Any, relay: CurtPost) -> None:
    def broken(now: dt.datetime) -> None:
        raise RuntimeError("broken")

    gone = []
    rounds = {
        "advance_events": worker_rounds.WorkerRound(Every(15), broken),
        "lapse_offers": worker_rounds.WorkerRound(Every(30), gone.append),
    }
    monkeypatch.setattr(worker_rounds, "ROUNDS", rounds)
    worker_rounds.Rota([*rounds]).look()
    assert len(gone) == 1


def test_a_worker_that_is_away_shows_and_takes_no_page_from_anybody() -> None:
    client = Client()
    Round.objects.create(name=SWEEP, through_at=timezone.now() - 2 * MINUTES)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["sweep"]) == (200, "late")
    numbers = client.get("/metrics", REMOTE_ADDR="127.0.0.1").content.decode()
    age = next(line for line in numbers.splitlines() if line.startswith("engage_last_sweep_seconds "))
    assert float(age.split()[1]) > 100
    Round.objects.update(through_at=timezone.now())
    assert client.get("/readyz").json()["sweep"] == "ok"
