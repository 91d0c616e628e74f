"""Asking without coming, and asking for one's own link: what is said, what is kept, and what nobody may find out."""

from __future__ import annotations

import re
import secrets
from typing import Any

import pytest
from django.test import Client

from engage.activity.models import Activity
from engage.listening.models import Contribution, ContributionIntake
from engage.listening.words import body_of
from events.event.models import Event
from outreach.worker.rounds import go_round
from tests.makers.contributions import what_waits
from tests.makers.events import an_event
from tests.makers.rsvps import an_rsvp

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def send(client: Client, event: Event, **more: Any) -> Any:
    given = {
        "key": secrets.token_urlsafe(24),
        "kind": "question",
        "body": "Why?",
        "contact": "none",
        "email": "",
    } | more
    return client.post(
        f"/events/{event.pk}/ask", {name: value for name, value in given.items() if value is not None}
    )


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_without_a_name_it_waits_among_the_others_and_names_nobody(client: Client) -> None:
    event = an_event()
    answer = send(client, event, body="Why was I stopped?", kind="concern")
    assert answer.status_code == 303
    thanks = client.get(answer["Location"])
    assert "Thank you, it has reached us" in text_of(thanks)
    assert "Why was I stopped?" not in text_of(thanks)
    row = ContributionIntake.objects.get()
    assert row.target_id == event.pk
    assert [(said.body, said.kind) for said in what_waits()] == [("Why was I stopped?", "concern")]
    assert not Contribution.objects.exists()
    assert not Activity.objects.filter(object_id=row.pk).exists()


def test_an_address_typed_beside_no_name_is_not_kept(client: Client) -> None:
    send(client, an_event(), email="maya@mail.example")
    assert ContributionIntake.objects.count() == 1
    assert not Contribution.objects.exists()


def test_with_an_address_it_is_sealed_until_somebody_shows_it(client: Client) -> None:
    answer = send(client, an_event(), contact="email", email="maya@mail.example")
    assert answer.status_code == 303
    contribution = Contribution.objects.get()
    assert (contribution.body, body_of(contribution), contribution.anonymous) == ("", "Why?", False)
    assert contribution.contact is not None


@pytest.mark.parametrize("more", [{}, {"contact": "email", "email": "maya@mail.example"}])
def test_sent_twice_it_is_there_once(client: Client, more: dict[str, str]) -> None:
    event, key = an_event(), secrets.token_urlsafe(24)
    for _each in range(3):
        assert send(client, event, key=key, **more).status_code == 303
    assert ContributionIntake.objects.count() + Contribution.objects.count() == 1
    assert send(client, event, key=key, body="Something else", **more).status_code == 409


def test_a_browser_that_makes_no_key_is_asked_once_more(client: Client) -> None:
    event = an_event()
    answer = send(client, event, key=None, body="Is <this> right?")
    assert answer["Cache-Control"] == "no-store"
    assert "Is &lt;this&gt; right?" in text_of(answer)
    assert not ContributionIntake.objects.exists()
    hidden = dict(answer.context["hidden"])
    back = client.post(f"/events/{event.pk}/ask", hidden | {"change": "1"})
    assert back.context["form"]["body"].value() == "Is <this> right?"
    assert client.post(f"/events/{event.pk}/ask", hidden).status_code == 303
    assert [said.body for said in what_waits()] == ["Is <this> right?"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"body": "   "}, "body"),
        ({"body": "x" * 4001}, "body"),
        ({"contact": "email"}, "email"),
        ({"contact": "email", "email": "nobody"}, "email"),
        ({"kind": "note"}, "kind"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(client: Client, wrong: dict[str, str], field: str) -> None:
    answer = send(client, an_event(), **({"body": "Keep this"} | wrong))
    assert answer.status_code == 400
    assert answer.context["form"].errors[field]
    assert "Error:" in text_of(answer)
    assert not ContributionIntake.objects.exists()
    assert not Contribution.objects.exists()


def test_looking_changes_nothing_and_may_be_kept_by_caches(client: Client) -> None:
    event = an_event()
    for more, kept in (("", "public, max-age=60"), ("?sent", "s-maxage=60, max-age=0")):
        answer = client.get(f"/events/{event.pk}/ask{more}")
        assert answer["Cache-Control"] == kept
        assert not answer.cookies
    assert 'name="key" value=""' in text_of(client.get(f"/events/{event.pk}/ask"))


def test_my_link_is_the_same_answer_whether_the_address_is_known_or_not(client: Client) -> None:
    event = an_event()
    an_rsvp(event, email="maya@mail.example")
    path = f"/events/{event.pk}/my-link"
    known, unknown = (client.post(path, {"email": f"{name}@mail.example"}) for name in ("maya", "nobody"))
    assert known.content == unknown.content
    assert known.status_code == unknown.status_code == 200
    go_round()
    assert Activity.objects.filter(verb="rsvp.link_asked").count() == 1


def test_my_link_sent_twice_is_one_mail(client: Client) -> None:
    event = an_event()
    an_rsvp(event, email="maya@mail.example")
    form = {"email": "maya@mail.example", "key": secrets.token_urlsafe(24)}
    assert [client.post(f"/events/{event.pk}/my-link", form).status_code for _n in range(2)] == [200, 200]
    go_round()
    assert Activity.objects.filter(verb="rsvp.link_asked").count() == 1
    for key in (form["key"], "short"):
        other = {"email": "nobody@mail.example", "key": key}
        assert client.post(f"/events/{event.pk}/my-link", other).status_code == 200


@pytest.mark.parametrize("email", ["", "nobody", "a\0b@mail.example"])
def test_my_link_says_what_is_wrong_with_an_address(client: Client, email: str) -> None:
    answer = client.post(f"/events/{an_event().pk}/my-link", {"email": email})
    assert answer.status_code == 400
    assert answer.context["form"].errors["email"]
