"""The links under our mails: confirm, stop, accept an invitation, and the code on a ticket."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from engage.contacts.links import Purpose, mint
from engage.people.models import Person
from engage.roles.granting import invite
from engage.roles.models import Invitation, Role
from outreach.subscriptions.models import Subscription
from outreach.subscriptions.one_click_unsubscribe import unsubscribe_link
from outreach.subscriptions.subscribing import subscribe
from tests.makers.agencies import a_person, an_agency
from tests.makers.events import an_event
from tests.makers.rsvps import an_rsvp, as_it_is, contact_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
PASSWORD = "a long walk by the river"


def a_subscription(language: str = "en") -> Subscription:
    agency = an_agency()
    return subscribe(
        agency=agency,
        target="agency",
        target_id=agency.pk,
        email="reader@home.example",
        language=language,
        now=timezone.now(),
    )


def link(page: str, purpose: Purpose, row: Subscription | Invitation) -> str:
    return f"/{page}/{mint(purpose, row.pk, row.link_version)}"


def test_a_subscription_is_confirmed_by_the_button_and_not_by_opening_the_link(client: Client) -> None:
    asked = a_subscription()
    path = link("confirm", Purpose.CONFIRM, asked)
    assert client.get(path).status_code == 200
    assert client.head(path).status_code == 200
    asked.refresh_from_db()
    assert asked.confirmed_at is None
    assert client.post(path).status_code == 200
    asked.refresh_from_db()
    assert asked.confirmed_at is not None
    assert client.post(path).status_code == 200


def test_the_link_that_stops_confirms_nothing(client: Client) -> None:
    asked = a_subscription()
    path = link("confirm", Purpose.UNSUBSCRIBE, asked)
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404
    asked.refresh_from_db()
    assert asked.confirmed_at is None


def test_a_mail_program_stops_a_subscription_with_one_post_from_anywhere_and_no_cookie() -> None:
    asked = a_subscription()
    client = Client(enforce_csrf_checks=True)
    path = link("unsubscribe", Purpose.UNSUBSCRIBE, asked)
    answer = client.post(
        path,
        "List-Unsubscribe=One-Click",
        content_type="application/x-www-form-urlencoded",
        headers={"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 200
    assert not answer.cookies
    asked.refresh_from_db()
    assert asked.ended_at is not None


def test_a_person_stops_it_by_the_button_and_another_site_cannot(client: Client) -> None:
    asked = a_subscription()
    path = link("unsubscribe", Purpose.UNSUBSCRIBE, asked)
    assert client.get(path).status_code == 200
    assert client.post(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    asked.refresh_from_db()
    assert asked.ended_at is None
    assert client.post(path).status_code == 200
    asked.refresh_from_db()
    assert asked.ended_at is not None


def test_reminders_are_stopped_by_the_same_page_and_the_rsvp_stands(client: Client) -> None:
    rsvp = an_rsvp(an_event(), email="a@home.example")
    path = f"/unsubscribe/{unsubscribe_link(contact_of(rsvp))}"
    client.get(path)
    assert as_it_is(rsvp).remind == "email"
    answer = client.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert (as_it_is(rsvp).remind, as_it_is(rsvp).status) == ("none", "confirmed")


def test_the_page_speaks_the_readers_language(client: Client) -> None:
    assert b'lang="es"' in client.get(link("confirm", Purpose.CONFIRM, a_subscription("es"))).content


def an_invitation(email: str = "new@staff.example", kind: str = "liaison") -> Invitation:
    return invite(agency=an_agency(), email=email, kind=kind, actor=None, now=timezone.now())


def test_an_invitation_is_accepted_with_a_name_and_a_password_and_then_one_can_sign_in(
    client: Client,
) -> None:
    offered = an_invitation()
    path = link("invitation", Purpose.INVITATION, offered)
    assert offered.email in client.get(path).content.decode()
    assert not Person.objects.filter(email=offered.email).exists()
    answer = client.post(path, {"name": "Noor", "password": PASSWORD, "again": PASSWORD})
    assert answer.status_code == 200
    assert Role.objects.get(person__email=offered.email).kind == "liaison"
    assert client.login(email=offered.email, password=PASSWORD)
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "given",
    [
        {"name": "Noor", "password": "short", "again": "short"},
        {"name": "Noor", "password": "password1234", "again": "password1234"},
        {"name": "Noor", "password": PASSWORD, "again": PASSWORD + "!"},
        {"name": "  ", "password": PASSWORD, "again": PASSWORD},
        {},
        {"name": "N\x00or", "password": PASSWORD, "again": PASSWORD},
    ],
)
def test_a_weak_or_differing_password_gives_no_role(client: Client, given: dict[str, str]) -> None:
    offered = an_invitation()
    answer = client.post(link("invitation", Purpose.INVITATION, offered), given)
    assert answer.status_code == 400
    assert not Person.objects.filter(email=offered.email).exists()


def test_somebody_who_is_here_already_keeps_their_password(client: Client) -> None:
    person = a_person(email="here@staff.example")
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    offered = an_invitation(email=person.email, kind="admin")
    path = link("invitation", Purpose.INVITATION, offered)
    assert b'type="password"' not in client.get(path).content
    taken = {"name": "Other", "password": "something else entirely", "again": "something else entirely"}
    assert client.post(path, taken).status_code == 200
    assert Role.objects.filter(person=person, kind="admin").exists()
    assert client.login(email=person.email, password=PASSWORD)


def test_an_invitation_that_is_too_old_or_withdrawn_opens_nothing(client: Client) -> None:
    offered = an_invitation()
    path = link("invitation", Purpose.INVITATION, offered)
    Invitation.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert client.get(path).status_code == 404
    assert client.post(path, {"name": "N", "password": PASSWORD, "again": PASSWORD}).status_code == 404
    assert not Role.objects.exists()


@pytest.mark.parametrize("path", ["/c/{}", "/C/{}", "/c/{}/"])
def test_a_tickets_code_is_explained_and_looked_up_nowhere(client: Client, path: str) -> None:
    rsvp = an_rsvp(an_event(title="Town hall about stops"), name="Ada")
    real = client.get(path.format(rsvp.checkin_code))
    assert real.status_code == 200
    assert b"Ada" not in real.content
    assert b"Town hall about stops" not in real.content
    assert client.get(path.format("0000000000")).status_code == 200
    assert client.post(path.format(rsvp.checkin_code)).status_code == 405
