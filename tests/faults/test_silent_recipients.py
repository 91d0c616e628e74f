"""A recipient whose server keeps silent waits alone: its neighbours go, and it is not asked twice."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.utils import timezone

from bench.worker_group import wait_until
from outreach.announcing.sweep import announce
from outreach.channels import carrier, email
from outreach.ledger.models import Delivery
from outreach.sending import batch
from outreach.sending.batch import send_due
from outreach.worker.rounds import go_round
from tests.faults.test_the_channels_faults import people, states
from tests.makers.events import an_event
from tests.makers.mail_server import CurtPost
from tests.makers.rsvps import an_rsvp

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
# Seconds: the patience of the suite is a tenth of the real one.
PATIENCE, SILENCE = (0.3, 0.15, 0.08), 2.5


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(batch, "_PATIENCE", PATIENCE)
    yield
    carrier.wait_for_those_aside(seconds=10)


def silent(*steps: str) -> Any:
    """p0 to p3 hear nothing at these steps for a while."""
    return lambda step, to, n: SILENCE if step in steps and to[:2] in {"p0", "p1", "p2", "p3"} else None


@pytest.mark.parametrize("step", ["RCPT", "."])
def test_four_silent_recipients_hold_up_nobody_and_are_served_once_when_they_answer(
    relay: CurtPost, step: str
) -> None:
    relay.answer = silent(step)
    people(10)
    began = time.monotonic()
    go_round()
    assert time.monotonic() - began < SILENCE
    assert sorted(to for to, _id in relay.letters) == [f"p{number}@mail.example" for number in range(4, 10)]
    wait_until(lambda: states() == {("sent", "", 1)}, seconds=20, what="the silent ones' answers")
    assert len({identity for _to, identity in relay.letters}) == len(relay.letters) == 10


def test_a_recipient_that_stays_silent_is_tried_again_later_and_counts(
    relay: CurtPost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(email, "_A_RECIPIENT", 0.6)
    relay.answer = silent("RCPT")
    people(6)
    go_round()
    wait_until(
        lambda: states() == {("sent", "", 1), ("due", "smtp_timeout", 1)}, seconds=20, what="the time-out"
    )


def test_no_more_letters_stand_aside_than_relays_bear_and_the_rest_waits(
    relay: CurtPost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrier, "MOST_ASIDE", 3)
    relay.answer = lambda step, to, n: SILENCE if step == "RCPT" else None
    people(8)
    announce(now=timezone.now())
    send_due()
    assert Delivery.objects.filter(state="sending").count() == 3
    assert Delivery.objects.filter(state="due", attempts=0).count() == 5
    wait_until(lambda: not carrier.is_full(), seconds=20, what="room")
    relay.answer = lambda step, to, n: None
    wait_until(lambda: go_round() == 0 and states() == {("sent", "", 1)}, seconds=20, what="all")


def test_a_relay_that_greets_nobody_is_one_fault_of_the_channel(
    relay: CurtPost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(email, "_TO_GREET", 0.4)
    relay.answer = lambda step, to, n: SILENCE if step == "GREET" else None
    an_rsvp(an_event(), email="ana@mail.example")
    began = time.monotonic()
    go_round()
    assert time.monotonic() - began < SILENCE
    assert states() == {("due", "", 0)}
    assert relay.connections == 1
