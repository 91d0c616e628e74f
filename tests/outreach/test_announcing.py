"""From the record to the ledger: whatever fails, the rest is announced, and nothing is announced twice."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connections, transaction
from django.utils import timezone

from engage.activity.models import Activity
from engage.activity.recording import record
from engage.contacts.links import Purpose
from engage.roles.granting import invite
from outreach.announcing import audience, broadcasting
from outreach.announcing.models import ActivityStumble
from outreach.announcing.staff_mail import send_password_reset
from outreach.announcing.sweep import announce
from outreach.ledger.models import Delivery
from outreach.worker.rounds import go_round
from tests.makers.agencies import a_person, an_agency
from tests.makers.events import an_event
from tests.makers.letters import html_of, links_in, text_of
from tests.makers.mail_server import Post, addressee_of
from tests.makers.rsvps import an_rsvp

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def unannounced() -> int:
    return Activity.objects.filter(announced_at=None).count()


def test_an_act_that_cannot_be_announced_blocks_nobody_and_gets_another_try(monkeypatch: Any) -> None:
    event = an_event()
    rsvps = [an_rsvp(event, email=f"r{number}@mail.example") for number in range(3)]
    poison = Activity.objects.get(object_id=rsvps[1].pk)
    announce_it = audience.QUICK["rsvp.made"]

    def stumbling(activities: Any, now: Any) -> None:
        if any(one.pk == poison.pk for one in activities):
            raise ValueError("cannot be announced")
        announce_it(activities, now)

    monkeypatch.setitem(audience.QUICK, "rsvp.made", stumbling)
    while announce(now=timezone.now()):
        continue
    assert Delivery.objects.count() == 2
    assert unannounced() == 1
    assert ActivityStumble.objects.get().activity_id == poison.pk
    monkeypatch.undo()
    assert announce(now=timezone.now()) == 0
    ActivityStumble.objects.update(next_try_at=timezone.now())
    announce(now=timezone.now())
    assert Delivery.objects.count() == 3
    assert unannounced() == ActivityStumble.objects.count() == 0


def test_ten_sweeps_at_once_announce_each_act_once(post: Post) -> None:
    event = an_event()
    for number in range(40):
        an_rsvp(event, email=f"r{number}@mail.example")
    start = threading.Barrier(10)
    failures: list[Exception] = []

    def sweep() -> None:
        start.wait()
        try:
            while announce(now=timezone.now(), most=7):
                continue
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=sweep) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    announce(now=timezone.now())
    assert failures == []
    assert unannounced() == 0
    assert Delivery.objects.filter(kind="confirmation").count() == 40


def news_and_then_answers(news: int, answers: int) -> None:
    """Something is published so many times, and then so many places are saved; nothing else is to be announced."""
    event = an_event()
    Activity.objects.filter(announced_at=None).update(announced_at=timezone.now())
    for number in range(news):
        Activity.objects.create(
            id=UUID(int=number),
            agency=event.agency,
            verb="event.published",
            object_type="event",
            object_id=event.pk,
        )
    for number in range(answers):
        an_rsvp(event, email=f"r{number}@mail.example")
    assert unannounced() == news + answers


def test_an_answer_does_not_stand_in_line_behind_news_to_many() -> None:
    news_and_then_answers(5, 1)
    announce(now=timezone.now(), most=2)
    assert Delivery.objects.filter(kind="confirmation").count() == 1
    assert unannounced() == 4


def test_while_news_to_many_is_planned_another_worker_announces_answers(monkeypatch: Any) -> None:
    news_and_then_answers(1, 2)
    counted: list[int] = []

    def beside() -> None:
        announce(now=timezone.now())
        counted.append(Delivery.objects.filter(kind="confirmation").count())
        connections.close_all()

    def long(activity: Activity, now: Any) -> None:
        other = threading.Thread(target=beside)
        other.start()
        other.join()

    monkeypatch.setitem(broadcasting.BROADCASTS, "event.published", long)
    # One of the answers: as if the other place had been saved just after this worker looked for them.
    announce(now=timezone.now(), most=1)
    assert counted == [2]
    assert unannounced() == 0


def test_an_act_that_nobody_hears_of_is_marked_and_forgotten() -> None:
    agency = an_agency()
    with transaction.atomic():
        record("agency.edited", agency)
    announce(now=timezone.now())
    assert (unannounced(), Delivery.objects.count()) == (0, 0)


def test_what_is_born_announced_mails_nobody(post: Post) -> None:
    event = an_event()
    rsvp = an_rsvp(event, email="ana@mail.example")
    Activity.objects.filter(announced_at=None).update(announced_at=timezone.now())
    with transaction.atomic():
        record("rsvp.made", rsvp, data={"status": "confirmed"}, born_announced=True)
    go_round()
    assert post.letters == []


def test_an_act_about_something_that_is_gone_is_announced_to_nobody() -> None:
    agency = an_agency()
    for verb in [*audience.QUICK, *broadcasting.BROADCASTS]:
        with transaction.atomic():
            Activity.objects.create(agency=agency, verb=verb, object_type="x", object_id=uuid4(), data={})
    while announce(now=timezone.now()):
        continue
    assert (unannounced(), Delivery.objects.count(), ActivityStumble.objects.count()) == (0, 0, 0)


def test_an_invitation_reaches_whoever_is_invited_in_their_language(post: Post) -> None:
    agency = an_agency(name="Harbor Falls", languages=["es"])
    invitation = invite(
        agency=agency,
        email="new@staff.example",
        kind="liaison",
        actor=a_person(agency, "admin"),
        now=timezone.now(),
    )
    go_round()
    (letter,) = post.letters
    assert addressee_of(letter) == "new@staff.example"
    assert letter["Subject"] == "Le invitamos a trabajar con Harbor Falls"
    (token,) = links_in(letter, "/invitation")
    from engage.contacts.links import mint

    assert token == mint(Purpose.INVITATION, invitation.pk, invitation.link_version)


def test_an_invitation_works_until_a_day_of_the_agencys_own_calendar(post: Post) -> None:
    agency = an_agency()
    invitation = invite(
        agency=agency,
        email="new@staff.example",
        kind="liaison",
        actor=a_person(agency, "admin"),
        now=timezone.now(),
    )
    # Nine in the evening in Chicago; in Greenwich it is the fourth.
    year = timezone.now().year + 1
    invitation.expires_at = dt.datetime(year, 3, 4, 3, tzinfo=dt.UTC)
    invitation.save(update_fields=["expires_at"])
    go_round()
    (letter,) = post.letters
    assert f"The link works until March 3, {year}." in " ".join(text_of(letter).split())


def test_an_invitation_taken_back_before_it_was_sent_is_not_sent(post: Post) -> None:
    agency = an_agency()
    admin = a_person(agency, "admin")
    for _ in range(2):
        invite(agency=agency, email="new@staff.example", kind="liaison", actor=admin, now=timezone.now())
    go_round()
    assert len(post.letters) == 1


def test_a_new_password_is_set_by_a_link_that_is_stored_nowhere(post: Post, client: Any) -> None:
    person = a_person(an_agency(), email="dana@staff.example")
    person.set_password("old password that is long")
    person.save(update_fields=["password"])
    for _ in range(3):
        send_password_reset(person, now=timezone.now())
    go_round()
    assert 1 <= len(post.letters) <= 2
    letter = post.letters[0]
    path = text_of(letter).partition("https://engage.example")[2].split()[0]
    assert path in html_of(letter)
    assert path.startswith("/accounts/password/reset/key/")
    answer = client.get(path, follow=True)
    assert answer.status_code == 200
    assert b'name="password1"' in answer.content
