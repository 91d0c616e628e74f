"""Hundreds at once for the last seats, from threads and from several processes; and the dangers the guards stand for."""

from __future__ import annotations

import datetime as dt
import random
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import F
from django.utils import timezone

from engage.contacts.links import Purpose
from engage.kept_answers.keeping import Claim, KeptAnswers, KeyInProgress
from engage.listening.models import ContributionIntake
from engage.refusals import RuleViolation
from events.door.attendance import attendance
from events.door.checking_in import Arriving, check_in_batch
from events.event.models import Event
from events.planning.scheduling import edit
from events.rsvps.changing import cancel, change
from events.rsvps.erasing import erase
from events.rsvps.models import CheckIn, Rsvp
from events.rsvps.responding import respond
from events.rsvps.waitlisting import accept, decline, lapse_offers, promote_where_seats_are_free
from tests.events.crowd import all_at_once, as_words, asking, in_processes
from tests.makers.events import an_event
from tests.makers.rsvps import an_rsvp, by_link, sums_hold

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def queue_has_no_gaps(event: Event) -> bool:
    event.refresh_from_db()
    numbers = Rsvp.objects.filter(event=event, status="waitlisted").values_list("queue_number", flat=True)
    return sorted(numbers) == list(range(1, event.queue_tail + 1))


@pytest.mark.slow
def test_500_threads_of_residents_take_the_last_100_seats() -> None:
    event = an_event(capacity=100)
    answers = Counter(map(as_words, all_at_once(asking(event.pk, [1] * 500), threads=24)))
    assert answers.pop(("confirmed", None)) == 100
    # Every one of the others was told another position: the first 400 of the queue, each once.
    assert answers == Counter({("waitlisted", position): 1 for position in range(1, 401)})
    assert queue_has_no_gaps(event)
    assert sums_hold(event.pk)


@pytest.mark.slow
def test_500_residents_take_the_last_100_seats_through_four_processes() -> None:
    event = an_event(capacity=100)
    answers = Counter(in_processes(event.pk, [1] * 500, processes=4, threads=6))
    assert answers.pop(("confirmed", None)) == 100
    assert answers == Counter({("waitlisted", position): 1 for position in range(1, 401)})
    assert queue_has_no_gaps(event)
    assert sums_hold(event.pk)


def test_parties_of_every_size_never_oversell_a_hall() -> None:
    event = an_event(capacity=60)
    parties = [random.Random(7).randint(1, 6) for _ in range(150)]
    answers = Counter(as_words(answer)[0] for answer in all_at_once(asking(event.pk, parties), threads=16))
    assert set(answers) == {"confirmed", "waitlisted"}
    event.refresh_from_db()
    assert 54 < event.seats_taken <= 60
    assert event.waiting == answers["waitlisted"]
    assert queue_has_no_gaps(event)
    assert sums_hold(event.pk)


def test_whatever_happens_at_once_nothing_locks_up_and_the_sums_hold() -> None:
    event = an_event(capacity=12)
    rsvps = [an_rsvp(event, 1 + number % 3, email=f"r{number % 9}@mail.example") for number in range(30)]
    dice = random.Random(11)
    now = event.starts_at - dt.timedelta(days=9)

    def act(number: int) -> Callable[[], Any]:
        rsvp, later = dice.choice(rsvps), now + dt.timedelta(hours=number)
        size, room = dice.randint(1, 3), dice.randint(12, 16)
        return dice.choice(
            [
                lambda: cancel(rsvp.pk, by="resident", now=now),
                lambda: accept(rsvp.pk, now=now),
                lambda: decline(rsvp.pk, now=now),
                lambda: change(rsvp.pk, party_size=size, now=now),
                lambda: erase(by_link(rsvp, Purpose.RSVP_MAIL, now), now=now),
                lambda: lapse_offers(now=later),
                lambda: promote_where_seats_are_free(now=now),
                lambda: edit(event.pk, actor=None, now=now, fields={"capacity": room}),
                *asking(event.pk, [size]),
            ]
        )

    answers = all_at_once([act(number) for number in range(160)], threads=12)
    broken = [one for one in answers if isinstance(one, Exception) and not isinstance(one, RuleViolation)]
    assert broken == []
    assert sums_hold(event.pk)


def test_two_tablets_that_sync_the_same_evening_at_once_count_everybody_once() -> None:
    event = an_event(capacity=None)
    rsvps = [an_rsvp(event) for _ in range(40)]
    batches = [
        [Arriving(f"{device}-{rsvp.pk}", code=rsvp.checkin_code) for rsvp in order]
        for device, order in (("a", rsvps), ("b", rsvps[::-1]), ("c", rsvps[20:] + rsvps[:20]))
    ]
    acts = [lambda batch=batch: check_in_batch(event, batch, now=timezone.now()) for batch in batches * 4]
    answers = all_at_once(acts, threads=6)
    assert [one for one in answers if isinstance(one, Exception)] == []
    assert CheckIn.objects.filter(undone_at=None).count() == 40
    assert attendance(event)["checked_in"] == 40


def test_a_double_click_under_one_key_saves_one_rsvp_and_asks_one_question() -> None:
    event = an_event(capacity=100)
    asked = {
        "method": "POST",
        "route": "rsvps",
        "agency": "",
        "principal": "",
        "key": "k" * 22,
        "body": b"{}",
    }

    class Answered(Exception):
        """What an endpoint raises to leave with the stored answer."""

    def click() -> str:
        claims: list[Claim] = []

        def opening() -> None:
            claims.append(KeptAnswers.claim(now=timezone.now(), **asked))  # type: ignore[arg-type]
            if claims[-1].stored:
                raise Answered

        try:
            respond(
                event.pk,
                question="Who reads the videos?",
                idempotency_key="k" * 22,
                now=timezone.now(),
                opening=opening,
                settle=lambda made: claims[-1].settle(status=201, body=str(made.rsvp.pk).encode()),
            )
        except Answered:
            return claims[-1].stored.body.decode() if claims[-1].stored else ""
        except KeyInProgress:
            return "in progress"
        return str(Rsvp.objects.get().pk)

    said = set(all_at_once([click] * 24, threads=8))
    assert Rsvp.objects.count() == 1
    assert ContributionIntake.objects.count() == 1
    assert str(Rsvp.objects.get().pk) in said
    assert said <= {str(Rsvp.objects.get().pk), "in progress"}
    assert sums_hold(event.pk)


def test_the_danger_of_looking_first_two_believe_in_one_seat_and_one_of_them_gets_an_error() -> None:
    event = an_event(capacity=1)
    both_looked = threading.Barrier(2)

    def look_then_take() -> str:
        free = 1 - Event.objects.get(pk=event.pk).seats_taken
        both_looked.wait(timeout=10)
        if free < 1:
            return "waitlisted"
        Event.objects.filter(pk=event.pk).update(seats_taken=F("seats_taken") + 1)
        return "confirmed"

    answers = all_at_once([look_then_take] * 2, threads=2)
    assert sorted(type(answer) for answer in answers if isinstance(answer, Exception)) == [IntegrityError]
    # The same two through the one statement: a seat, and a place in the queue.
    guarded = an_event(capacity=1)
    said = sorted(map(as_words, all_at_once(asking(guarded.pk, [1, 1]), threads=2)))
    assert said == [("confirmed", None), ("waitlisted", 1)]


def test_the_danger_of_the_other_order_rsvp_before_event_locks_two_residents_up() -> None:
    event = an_event()
    rsvp = an_rsvp(event)
    holding = threading.Barrier(2)

    def lock(first: Any, second: Any) -> None:
        with transaction.atomic():
            first.select_for_update(no_key=True).get()
            holding.wait(timeout=10)
            second.select_for_update(no_key=True).get()

    events, rsvps = Event.objects.filter(pk=event.pk), Rsvp.objects.filter(pk=rsvp.pk)
    answers = all_at_once([lambda: lock(events, rsvps), lambda: lock(rsvps, events)], threads=2)
    assert [type(one) for one in answers if one is not None] == [OperationalError]
