"""``manage.py send_again``: what failed goes again once the fault is mended; what was sent never does."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command
from django.utils import timezone

from events.event.models import Event
from outreach.ledger.models import Delivery
from outreach.worker.rounds import go_round
from tests.faults.test_the_channels_faults import people
from tests.makers.events import an_event
from tests.makers.mail_server import CurtPost

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def failed_people(relay: CurtPost, count: int = 3) -> Event:
    event = people(count)
    go_round()
    relay.letters.clear()
    Delivery.objects.update(state="failed", reason="smtp_535", settled_at=timezone.now())
    return event


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    call_command("send_again", *arguments)
    return capsys.readouterr().out


def test_what_failed_is_sent_again_once_by_one_command_and_what_was_sent_is_not(
    relay: CurtPost, capsys: pytest.CaptureFixture[str]
) -> None:
    failed_people(relay)
    people(2, an_event())
    go_round()
    relay.letters.clear()
    assert "3  confirmation  smtp_535\n3 messages would go again." in told(capsys, "--dry-run")
    assert Delivery.objects.filter(state="failed").count() == 3
    assert "3 messages go again." in told(capsys)
    assert "0 messages go again." in told(capsys)
    go_round()
    assert sorted(to for to, _id in relay.letters) == [f"p{number}@mail.example" for number in range(3)]
    assert "0 messages go again." in told(capsys)


def test_send_again_takes_only_what_is_asked_for(relay: CurtPost, capsys: pytest.CaptureFixture[str]) -> None:
    event = failed_people(relay)
    hour = dt.timedelta(hours=1)
    past, later = ((timezone.now() + step).isoformat() for step in (-hour, hour))
    for arguments, number in (
        (["--since", later], 0),
        (["--until", past], 0),
        (["--since", past, "--until", later], 3),
        (["--reason", "smtp_550"], 0),
        (["--reason", "smtp_535"], 3),
        (["--kind", "reminder"], 0),
        (["--kind", "confirmation"], 3),
        (["--event", str(event.pk)], 3),
        (["--event", "00000000-0000-7000-8000-000000000000"], 0),
        (["--agency", event.agency.slug], 3),
        (["--agency", "elsewhere"], 0),
    ):
        assert f"{number} messages would go again." in told(capsys, "--dry-run", *arguments)


def test_what_is_uncertain_goes_again_only_if_asked_and_what_expired_only_while_it_has_time(
    relay: CurtPost, capsys: pytest.CaptureFixture[str]
) -> None:
    failed_people(relay, 4)
    first, second, third, fourth = Delivery.objects.order_by("pk")
    hour = dt.timedelta(hours=1)
    for row, fields in (
        (first, {"state": "uncertain", "reason": "uncertain"}),
        (second, {"state": "failed", "expires_at": timezone.now() - hour}),
        (third, {"state": "expired", "reason": "smtp_450", "expires_at": timezone.now() + hour}),
        (fourth, {"state": "expired", "reason": "too_late", "expires_at": timezone.now() - hour}),
    ):
        Delivery.objects.filter(pk=row.pk).update(**fields)
    assert "1 messages go again." in told(capsys)
    assert Delivery.objects.get(pk=third.pk).state == "due"
    assert "1 messages go again." in told(capsys, "--uncertain")
    go_round()
    assert len(relay.letters) == 2
