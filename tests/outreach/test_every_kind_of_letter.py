"""Every kind of letter is named for staff and has one writer. What each says: ``test_what_each_letter_says``."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone, translation
from django.utils.functional import Promise

from outreach.announcing.staff_mail import send_password_reset
from outreach.announcing.sweep import announce
from outreach.ledger.kinds import About, Kind, UnknownKind, every_kind, kind_named, letter
from outreach.ledger.models import Delivery, Lane
from outreach.worker.rounds import go_round
from tests.makers.agencies import a_person, an_agency
from tests.makers.events import an_event
from tests.makers.mail_server import Post
from tests.makers.rsvps import an_rsvp

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
KINDS = {kind.name: kind for kind in every_kind()}
HOUR = dt.timedelta(hours=1)


@pytest.mark.parametrize("kind", KINDS.values(), ids=[*KINDS])
def test_each_kind_says_how_it_goes_and_what_staff_call_it_in_both_languages(kind: Kind) -> None:
    assert kind.lane in Lane
    assert kind.write.__module__.startswith("outreach.letters.")
    names = []
    for language in ("en", "es"):
        with translation.override(language):
            names.append(str(kind.called))
    assert all(names)
    assert names[0] != names[1]
    # What one click stops can wait for the morning, so it is never an answer or a move.
    assert not (kind.stops and (kind.own_act or kind.moves_calendar))


def _to_a_resident() -> None:
    an_rsvp(an_event(), email="ana@mail.example")


def _to_one_of_the_staff() -> None:
    send_password_reset(a_person(an_agency(), email="ana@mail.example"), now=timezone.now())


@pytest.mark.parametrize("act", [_to_a_resident, _to_one_of_the_staff])
def test_a_kind_that_nobody_knows_here_is_an_alarm_and_waits_for_whoever_does(
    post: Post, act: Callable[[], None], caplog: pytest.LogCaptureFixture
) -> None:
    """As where a newer version wrote the row, or a letter was taken out while rows of it were due."""
    act()
    announce(now=timezone.now())
    known = Delivery.objects.get().kind
    Delivery.objects.update(kind="from_tomorrow")
    for _ in range(2):
        Delivery.objects.update(due_at=timezone.now() - HOUR)
        go_round()
    row = Delivery.objects.get()
    assert (row.state, row.reason, row.attempts) == ("due", "composing_UnknownKind", 0)
    assert post.letters == []
    alarms = [one for one in caplog.records if one.msg == "composing_failed"]
    assert {(one.levelno, vars(one)["error"]) for one in alarms} == {(logging.ERROR, "UnknownKind")}
    Delivery.objects.update(kind=known, due_at=timezone.now() - HOUR)
    go_round()
    assert Delivery.objects.get().state == "sent"
    assert len(post.letters) == 1


def test_a_kind_has_one_writer_and_a_name_mistyped_is_no_kind() -> None:
    def another(occasion: Any) -> None: ...

    named: Promise = kind_named("reminder").called
    with pytest.raises(ValueError, match="two writers"):
        letter(kind="reminder", lane=Lane.EVENT, about=About.EVENT, own_act=False, called=named)(another)
    with pytest.raises(UnknownKind):
        kind_named("remindr")
