"""The relay is away, refuses us, shuts the door, or our keys are wrong: nobody's message ends for that."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from engage.contacts.models import Contact
from events.event.models import Event
from outreach.announcing.sweep import announce
from outreach.channels.mail_server import MailServer
from outreach.channels.models import ChannelState
from outreach.ledger.models import Delivery
from outreach.sending.batch import send_due
from outreach.worker.rounds import go_round
from tests.makers.events import an_event
from tests.makers.mail_server import CurtPost
from tests.makers.rsvps import an_rsvp

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)

GOOD = lambda step, recipient, brought: None  # noqa: E731 - what a server says that only says yes


def people(count: int, event: Event | None = None) -> Event:
    event = event or an_event()
    for number in range(count):
        an_rsvp(event, email=f"p{number}@mail.example")
    return event


def states() -> set[tuple[str, str, int]]:
    return set(Delivery.objects.values_list("state", "reason", "attempts"))


def pause_over() -> None:
    """The channel's pause, skipped in the table; and whatever waits for its next try."""
    ChannelState.objects.update(next_try_at=None)
    Delivery.objects.filter(state="due").update(due_at=timezone.now() - dt.timedelta(seconds=1))


def away_for_a_day() -> None:
    """One try more than any message gets, and two; each after its pause."""
    announce(now=timezone.now())
    Delivery.objects.update(attempts=19)
    for _try in range(3):
        pause_over()
        go_round()


def metrics() -> str:
    return Client().get("/metrics", REMOTE_ADDR="127.0.0.1").content.decode()


FAULTS: dict[str, Callable[[str, str, int], str | None]] = {
    "smtp_greeting_421": lambda step, to, n: "421 not now" if step == "GREET" else None,
    "smtp_greeting_554": lambda step, to, n: "554 not you" if step == "GREET" else None,
    "smtp_connection_lost": lambda step, to, n: "" if step == "GREET" else None,
    "smtp_login_535": lambda step, to, n: "535 5.7.8 expired" if step == "AUTH" else None,
    "smtp_421": lambda step, to, n: "421 4.7.0 too busy" if step == "MAIL" else None,
    "smtp_from_451": lambda step, to, n: "451 4.3.0 disk" if step == "MAIL" else None,
    "smtp_from_553": lambda step, to, n: "553 5.7.1 not your sender" if step == "MAIL" else None,
    "smtp_from_530": lambda step, to, n: "530 5.7.0 sign in first" if step == "MAIL" else None,
    "smtp_554": lambda step, to, n: "554 5.7.1 relay access denied" if step == "RCPT" else None,
    "smtp_550": lambda step, to, n: "550 relaying denied" if step == "RCPT" else None,
    "smtp_451": lambda step, to, n: "451 4.3.0 queue full" if step == "RCPT" else None,
    "smtp_452": lambda step, to, n: "452 4.3.1 full" if step == "." else None,
}


@pytest.mark.parametrize("code", FAULTS)
def test_a_relay_that_takes_nobodys_letters_for_a_day_ends_none_and_each_goes_when_it_is_back(
    relay: CurtPost, settings: Any, code: str
) -> None:
    if "login" in code:
        relay.user = "engage"
        settings.MAIL_SERVER = relay.server
    relay.answer = FAULTS[code]
    people(4)
    away_for_a_day()
    assert {state for state, _reason, _attempts in states()} == {"due"}
    assert f'engage_channel_down_seconds{{channel="email",error="{code}"}}' in metrics()
    assert Contact.objects.filter(unreachable_since=None).count() == 4
    relay.answer = GOOD
    pause_over()
    go_round()
    assert {state for state, _reason, _attempts in states()} == {"sent"}
    assert sorted(to for to, _id in relay.letters) == [f"p{number}@mail.example" for number in range(4)]
    assert "engage_channel_down_seconds{" not in metrics()


@pytest.mark.parametrize(
    "server",
    [
        MailServer("127.0.0.1", 9, "", "", "none"),
        MailServer("no-such-host.invalid", 25, "", "", "none"),
        MailServer(f"{'a' * 70}.invalid", 25, "", "", "none"),
        "starttls",
        "tls",
    ],
    ids=["refused", "unknown_name", "no_name", "no_starttls", "no_tls"],
)
def test_a_relay_that_cannot_be_reached_or_trusted_ends_no_message(
    relay: CurtPost, settings: Any, server: MailServer | str
) -> None:
    settings.MAIL_SERVER = (
        MailServer("127.0.0.1", relay.port, "", "", server) if isinstance(server, str) else server
    )
    people(2)
    away_for_a_day()
    assert states() == {("due", "", 19)}
    settings.MAIL_SERVER = relay.server
    pause_over()
    go_round()
    assert len(relay.letters) == 2


def test_while_the_relay_is_away_it_is_asked_every_few_seconds_and_not_at_every_round(
    relay: CurtPost,
) -> None:
    relay.answer = FAULTS["smtp_greeting_421"]
    people(2)
    for _round in range(20):
        go_round()
    assert relay.connections <= 3
    for _try in range(8):
        ChannelState.objects.update(next_try_at=timezone.now() - dt.timedelta(seconds=1))
        go_round()
    pause = ChannelState.objects.get().next_try_at - timezone.now()  # type: ignore[operator]
    assert dt.timedelta(seconds=2) < pause < dt.timedelta(seconds=13)


def test_a_recipient_put_off_again_and_again_while_others_are_served_is_given_up(relay: CurtPost) -> None:
    relay.answer = lambda step, to, n: "450 4.2.1 busy" if step == "RCPT" and to.startswith("p0") else None
    people(2)
    go_round()
    assert states() == {("due", "smtp_450", 1), ("sent", "", 1)}
    Delivery.objects.filter(state="due").update(attempts=19)
    pause_over()
    go_round()
    assert states() == {("failed", "smtp_450", 20), ("sent", "", 1)}
    assert "engage_deliveries_failed 1.0" in metrics()


ENDS = {
    "at_mail": lambda step, to, n, most: "421 enough" if step == "MAIL" and n >= most else None,
    "silently": lambda step, to, n, most: "" if step == "MAIL" and n >= most else None,
    "at_the_recipient": lambda step, to, n, most: "421 enough" if step == "RCPT" and n >= most else None,
    "silently_at_the_recipient": lambda step, to, n, most: "" if step == "RCPT" and n >= most else None,
    "at_data": lambda step, to, n, most: "421 enough" if step == "DATA" and n >= most else None,
    "after_the_letter": lambda step, to, n, most: "421 enough" if step == "." and n >= most else None,
}


@pytest.mark.parametrize("most", [1, 3])
@pytest.mark.parametrize("how", ENDS)
def test_a_server_that_ends_the_connection_after_a_few_letters_costs_nobody_a_wait_or_a_try(
    relay: CurtPost, how: str, most: int
) -> None:
    relay.answer = lambda step, to, n: ENDS[how](step, to, n, most)
    people(7)
    began = time.monotonic()
    go_round()
    assert states() == {("sent", "", 1)}
    assert len({identity for _to, identity in relay.letters}) == len(relay.letters) == 7
    assert time.monotonic() - began < 8


def test_with_other_keys_nothing_is_touched_and_each_message_goes_when_the_right_key_is_back(
    relay: CurtPost, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    people(5)
    announce(now=timezone.now())
    right = settings.CONTACT_KEYS
    settings.CONTACT_KEYS = [(number, bytes(32)[:-1] + b"x") for number, _key in right]
    away_for_a_day()
    # The look at the keys left out, as where they change under a worker.
    for _try in range(3):
        pause_over()
        send_due()
    assert {(state, attempts) for state, _reason, attempts in states()} == {("due", 19)}
    assert any(record.levelname == "ERROR" for record in caplog.records)
    assert "engage_channel_down_seconds{" in metrics()
    settings.CONTACT_KEYS = right
    pause_over()
    go_round()
    assert len(relay.letters) == 5
    assert {state for state, _reason, _attempts in states()} == {"sent"}


def addresses_under_two_keys(settings: Any, *, old_ones: int) -> None:
    """Letters due to ``old_ones`` addresses under a key that is then dropped, and, after them, to three under the new one."""
    (number, old), *_more = settings.CONTACT_KEYS
    people(old_ones)
    announce(now=timezone.now())
    settings.CONTACT_KEYS = [(number + 1, b"n" * 32), (number, old)]
    people(3, an_event())
    announce(now=timezone.now())
    settings.CONTACT_KEYS = [(number + 1, b"n" * 32)]


def key_is_back(settings: Any, old: Any) -> None:
    settings.CONTACT_KEYS = [*settings.CONTACT_KEYS, old]
    pause_over()
    go_round()


def test_addresses_under_a_key_that_was_dropped_wait_while_the_others_go(
    relay: CurtPost, settings: Any
) -> None:
    old = settings.CONTACT_KEYS[0]
    addresses_under_two_keys(settings, old_ones=2)
    send_due()
    assert states() == {("due", "composing_SealBroken", 0), ("sent", "", 1)}
    key_is_back(settings, old)
    assert len(relay.letters) == 5


def test_many_under_a_dropped_key_stop_the_round_and_go_behind_the_others(
    relay: CurtPost, settings: Any
) -> None:
    old = settings.CONTACT_KEYS[0]
    addresses_under_two_keys(settings, old_ones=5)
    send_due()
    assert relay.letters == []
    assert states() == {("due", "composing_SealBroken", 0), ("due", "", 0)}
    for _try in range(3):
        ChannelState.objects.update(next_try_at=None)
        send_due()
    assert len(relay.letters) == 3
    key_is_back(settings, old)
    assert len(relay.letters) == 8


def test_a_template_that_is_missing_on_this_machine_ends_no_message(
    relay: CurtPost, settings: Any, tmp_path: Path
) -> None:
    people(4)
    whole = settings.TEMPLATES
    settings.TEMPLATES = [whole[0] | {"DIRS": [tmp_path], "APP_DIRS": False}]
    away_for_a_day()
    assert {(state, attempts) for state, _reason, attempts in states()} == {("due", 19)}
    settings.TEMPLATES = whole
    pause_over()
    go_round()
    assert len(relay.letters) == 4


@pytest.mark.parametrize("position", [0, 2, 4], ids=["first", "among", "last"])
def test_one_message_that_cannot_be_composed_fails_alone_wherever_it_stands(
    relay: CurtPost, position: int
) -> None:
    people(5)
    announce(now=timezone.now())
    row = Delivery.objects.order_by("due_at", "pk")[position]
    Contact.objects.filter(deliveries=row.pk).update(sealed_address=b"\x01broken")
    go_round()
    assert states() == {("failed", "composing_SealBroken", 1), ("sent", "", 1)}
    assert len(relay.letters) == 4
