"""From the record to the ledger: whatever fails, the rest is announced, and nothing is announced twice."""

from __future__ import annotations

import threading
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections, transaction
from django.utils import timezone

from engage.activity_recording import record
from engage.models import Activity
from engage.resident_links import Purpose
from engage.role_granting import invite
from outreach import audience
from outreach.announcing import announce
from outreach.ledger_round import go_round
from outreach.models import ActivityStumble, Delivery
from outreach.staff_mail import send_password_reset
from tests.makers.agencies import a_person, an_agency
from tests.makers.events import a_meeting
from tests.makers.letters import html_of, links_in, text_of
from tests.makers.mail_server import Post
from tests.makers.places import a_place

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def unannounced() -> int:
    return Activity.objects.filter(announced_at=None).count()


def test_an_act_that_cannot_be_announced_blocks_nobody_and_gets_another_try(monkeypatch: Any) -> None:
    event = a_meeting()
    places = [a_place(event, email=f"r{number}@mail.example") for number in range(3)]
    poison = Activity.objects.get(object_id=places[1].pk)
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
    event = a_meeting()
    for number in range(40):
        a_place(event, email=f"r{number}@mail.example")
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


def test_an_act_that_nobody_hears_of_is_marked_and_forgotten() -> None:
    agency = an_agency()
    with transaction.atomic():
        record("agency.edited", agency)
    announce(now=timezone.now())
    assert (unannounced(), Delivery.objects.count()) == (0, 0)


def test_what_is_born_announced_mails_nobody(post: Post) -> None:
    event = a_meeting()
    place = a_place(event, email="ana@mail.example")
    Activity.objects.filter(announced_at=None).update(announced_at=timezone.now())
    with transaction.atomic():
        record("rsvp.made", place, data={"status": "confirmed"}, born_announced=True)
    go_round()
    assert post.letters == []


def test_an_act_about_something_that_is_gone_is_announced_to_nobody() -> None:
    agency = an_agency()
    for verb in [*audience.QUICK, *audience.BROADCASTS]:
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
    assert letter["To"] == "new@staff.example"
    assert letter["Subject"] == "Le invitamos a trabajar con Harbor Falls"
    (token,) = links_in(letter, "/invitation")
    from engage.resident_links import mint

    assert token == mint(Purpose.INVITATION, invitation.pk, invitation.link_version)


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
