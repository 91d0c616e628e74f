"""Asking for a letter is the same work whatever the address; whose it is, the worker finds out, once."""

from __future__ import annotations

import datetime as dt
import os
import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engage.activity.models import Activity
from engage.contacts.asking_for_letters import forget_old_asks
from engage.contacts.models import Contact, LetterAsk
from engage.contacts.unproven import block
from events.event.models import Event
from events.rsvps import resident_record
from events.rsvps.changing import cancel
from outreach.announcing import letters_asked_for
from outreach.announcing.letters_asked_for import answer_asks
from outreach.ledger.models import Delivery
from outreach.worker import rounds
from outreach.worker.rounds import ROUNDS, Every, go_round
from tests.makers.agencies import a_person, an_agency
from tests.makers.events import an_event
from tests.makers.mail_server import Post, addressee_of
from tests.makers.rsvps import an_rsvp, contact_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
# Of one length: what each did before is in its name.
WHO = ["place", "twice", "gaveb", "block", "bounc", "staff", "nobod"]


def _address(who: str) -> str:
    return f"{who}@mail.example"


@pytest.fixture
def event() -> Event:
    """A meeting with every kind of address: with a place, with two, given back, blocked, bounced, of the staff, of nobody."""
    event = an_event(an_agency())
    for who in ("place", "twice", "twice", "gaveb", "block", "bounc"):
        rsvp = an_rsvp(event, email=_address(who))
        if who == "gaveb":
            cancel(rsvp.pk, by="resident", now=timezone.now())
        if who == "bounc":
            Contact.objects.filter(pk=contact_of(rsvp).pk).update(unreachable_since=timezone.now())
    block(_address("block"), now=timezone.now())
    a_person(event.agency, email=_address("staff"))
    return event


def _by_api(client: Client, event: Event, email: str) -> int:
    path = f"/api/v1/events/{event.pk}/rsvps/resend/"
    return client.post(path, {"email": email}, content_type="application/json").status_code


def _by_page(client: Client, event: Event, email: str) -> int:
    return client.post(f"/events/{event.pk}/my-link", {"email": email}).status_code


def _password(client: Client, event: Event, email: str) -> int:
    return client.post("/accounts/password/reset/", {"email": email}).status_code


ASKS = pytest.mark.parametrize("ask", [_by_api, _by_page, _password])
_Ask = Callable[[Client, Event, str], int]


def _work_of(ask: _Ask, event: Event, who: str) -> list[tuple[str, int]]:
    """Each statement without its values, and how long it is with them."""
    with CaptureQueriesContext(connection) as queries:
        assert ask(Client(), event, _address(who)) in (200, 202, 302)
    return [(re.sub(r"'[^']*'|\d+", "?", one["sql"]).split(" WHERE ")[0], len(one["sql"])) for one in queries]


@ASKS
def test_the_request_does_the_same_whoever_has_the_address(ask: _Ask, event: Event) -> None:
    """Of two answers the slower one was the known address in 78 and 84 of 100 pairs: it looked further, and wrote a row."""
    _work_of(ask, event, "first")
    before = Activity.objects.count(), Delivery.objects.count()
    work = {who: _work_of(ask, event, who) for who in WHO}
    for who in WHO:
        assert [text for text, _length in work[who]] == [text for text, _length in work["nobod"]], who
    assert (Activity.objects.count(), Delivery.objects.count()) == before
    assert not any("engage_contact" in text or "engage_person" in text for text, _length in work["staff"])
    rows = {
        (row.letter, row.agency_id, row.event_id, len(row.sealed_address), row.next_try_at, row.pk.version)
        for row in LetterAsk.objects.all()
    }
    assert len(rows) == 1
    assert all(row.asked_at.microsecond == 0 for row in LetterAsk.objects.all())


def test_danger_a_request_that_looks_by_itself_tells_who_has_an_rsvp(
    event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    def looks(_letter: str, email: str, *, agency_id: Any, event_id: Any, now: dt.datetime) -> None:
        resident_record.send_links(agency_id=agency_id, event_id=event_id, email=email, now=now)

    _work_of(_by_api, event, "first")
    monkeypatch.setattr(resident_record, "ask_for_letter", looks)
    assert len(_work_of(_by_page, event, "place")) != len(_work_of(_by_page, event, "nobod"))


def test_only_whose_address_it_is_gets_a_letter(event: Event, post: Post) -> None:
    go_round()
    post.letters.clear()
    for who in WHO:
        _by_api(Client(), event, _address(who))
        _password(Client(), event, _address(who).upper())
    go_round()
    assert sorted(addressee_of(letter) for letter in post.letters) == [
        _address(who) for who in ("place", "staff", "twice")
    ]
    assert not LetterAsk.objects.exists()


def test_a_worker_killed_before_the_commit_loses_nothing_and_doubles_nothing(
    event: Event, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_round()
    post.letters.clear()
    _by_page(Client(), event, _address("place"))
    # The first to be answered: a second row of the record would be a second letter.
    LetterAsk.objects.update(asked_at=timezone.now() - dt.timedelta(minutes=1))
    _password(Client(), event, _address("staff"))

    def killed(_ask: LetterAsk) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(LetterAsk, "delete", killed)
        with pytest.raises(KeyboardInterrupt):
            answer_asks(now=timezone.now())
    assert LetterAsk.objects.count() == 2
    assert not Activity.objects.filter(verb="rsvp.link_asked").exists()
    go_round()
    go_round()
    assert sorted(addressee_of(letter) for letter in post.letters) == [_address("place"), _address("staff")]


def test_two_workers_at_once_answer_each_ask_once(event: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    for who in ("place", "twice"):
        _by_page(Client(), event, _address(who))
    both_in = threading.Barrier(2, timeout=20)
    right = letters_asked_for.send_links

    def held(**asked: Any) -> None:
        both_in.wait()
        right(**asked)

    def work() -> None:
        answer_asks(now=timezone.now())
        connection.close()

    monkeypatch.setattr(letters_asked_for, "send_links", held)
    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert Activity.objects.filter(verb="rsvp.link_asked").count() == 2
    assert not LetterAsk.objects.exists()


def test_what_no_key_opens_stays_rings_an_alarm_and_holds_up_no_other(
    event: Event, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    ours = settings.CONTACT_KEYS
    settings.CONTACT_KEYS = [(9, os.urandom(32))]
    _by_page(Client(), event, _address("twice"))
    settings.CONTACT_KEYS = ours
    sealed_elsewhere = LetterAsk.objects.get()
    LetterAsk.objects.update(asked_at=timezone.now() - dt.timedelta(minutes=1))
    _by_page(Client(), event, _address("place"))
    assert answer_asks(now=timezone.now()) == 2
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == [
        "letter_not_given"
    ]
    assert Activity.objects.filter(verb="rsvp.link_asked").count() == 1
    assert LetterAsk.objects.get().pk == sealed_elsewhere.pk
    assert answer_asks(now=timezone.now()) == 0


def test_with_wrong_keys_nothing_is_touched_and_with_the_right_ones_all_goes_through(
    event: Event, settings: Any
) -> None:
    _by_page(Client(), event, _address("place"))
    LetterAsk.objects.update(next_try_at=timezone.now() + dt.timedelta(minutes=10))
    ours = settings.CONTACT_KEYS
    settings.CONTACT_KEYS = [(1, os.urandom(32))]
    go_round()
    assert LetterAsk.objects.count() == 1
    settings.CONTACT_KEYS = ours
    rounds._fitting = None
    go_round()
    assert Activity.objects.filter(verb="rsvp.link_asked").count() == 1
    assert not LetterAsk.objects.exists()


def test_no_ask_lives_for_a_day_whether_it_can_be_answered_or_not(event: Event) -> None:
    _by_page(Client(), event, _address("place"))
    asked_at = LetterAsk.objects.get().asked_at
    when = ROUNDS["forget_old_asks"].when
    assert isinstance(when, Every)
    last_look = asked_at + dt.timedelta(days=1, seconds=-2 * when.seconds)
    assert forget_old_asks(now=asked_at + dt.timedelta(hours=12)) == 0
    assert forget_old_asks(now=last_look) == 1
