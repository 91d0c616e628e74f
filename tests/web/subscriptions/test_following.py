"""Following by email: the same answer for every address, one subscription for a form sent twice, nothing before a yes."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from engage.agencies.models import Agency
from engage.contacts.links import Purpose, mint
from engage.listening.theming import make_theme
from outreach.subscriptions.models import Subscription
from outreach.subscriptions.subscribing import confirm
from tests.makers.agencies import a_community, a_dialogue, an_agency
from tests.makers.commitments import a_commitment
from tests.makers.events import a_draft, an_event
from tests.makers.pages import html_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def a_form(**fields: Any) -> dict[str, Any]:
    return {"email": "ada@home.example", "language": "en", "key": secrets.token_urlsafe(24)} | fields


def sent(agency: Agency, form: dict[str, Any], language: str = "") -> Any:
    return Client().post(f"{language}/agencies/{agency.slug}/follow", form)


def test_a_commitment_is_followed_once_its_reader_has_said_yes() -> None:
    commitment = a_commitment()
    told = sent(commitment.agency, a_form(target="commitment", id=str(commitment.pk)))
    assert told.status_code == 303
    assert told["Location"] == f"/agencies/{commitment.agency.slug}/follow?sent"
    assert b"Check your email" in Client().get(told["Location"]).content
    standing = Subscription.objects.get()
    assert (standing.target, standing.target_id, standing.confirmed_at) == ("commitment", commitment.pk, None)


def test_the_agency_is_followed_where_nothing_is_named_and_the_page_gives_the_language() -> None:
    agency = an_agency()
    sent(agency, a_form(language=""), language="/es")
    assert (Subscription.objects.get().target, Subscription.objects.get().language) == ("agency", "es")


def test_an_address_that_follows_already_is_answered_like_one_that_does_not() -> None:
    agency = an_agency()
    first = sent(agency, a_form())
    standing = Subscription.objects.get()
    confirm(mint(Purpose.CONFIRM, standing.pk, standing.link_version), now=timezone.now())
    again = sent(agency, a_form())
    assert (first.status_code, first["Location"]) == (again.status_code, again["Location"])
    assert Subscription.objects.count() == 1


def test_a_form_sent_again_is_one_and_another_address_under_its_key_is_refused_aloud() -> None:
    agency, form = an_agency(), a_form()
    assert [sent(agency, form).status_code for _n in range(3)] == [303, 303, 303]
    other = sent(agency, form | {"email": "bo@home.example"})
    assert other.status_code == 409
    assert b"bo@home.example" in other.content
    assert Subscription.objects.count() == 1


def test_a_browser_without_a_key_is_asked_once_more() -> None:
    agency = an_agency()
    asked = sent(agency, a_form(key=""))
    assert asked.status_code == 200
    assert b"Is this right?" in asked.content
    assert "no-store" in asked["Cache-Control"]
    assert not Subscription.objects.exists()
    assert sent(agency, a_form(key=asked.context["key"])).status_code == 303
    assert Subscription.objects.count() == 1


def test_whoever_changes_something_then_finds_what_was_typed() -> None:
    commitment = a_commitment()
    form = a_form(key="", target="commitment", id=str(commitment.pk), language="es")
    asked = sent(commitment.agency, form)
    assert b'name="change"' in asked.content
    again = sent(commitment.agency, form | {"key": asked.context["key"], "change": "1"})
    assert again.status_code == 200
    page = html_of(again)
    assert "ada@home.example" in page
    assert '<option value="es" selected>' in page
    assert f'name="id" value="{commitment.pk}"' in page
    assert not Subscription.objects.exists()


@pytest.mark.parametrize("email", ["", "ada", "ada@", "a b@home.example", "x" * 260 + "@home.example"])
def test_what_is_no_address_is_said_at_the_field_and_kept(email: str) -> None:
    told = sent(an_agency(), a_form(email=email))
    assert told.status_code == 400
    page = html_of(told)
    assert 'href="#id_email"' in page
    assert "<title>Error:" in page
    assert email in page
    assert not Subscription.objects.exists()


def test_what_is_not_there_for_everyone_cannot_be_followed() -> None:
    agency = an_agency()
    nothing = [
        {"target": "commitment", "id": str(a_commitment(agency, draft=True).pk)},
        {"target": "commitment", "id": str(a_commitment(an_agency()).pk)},
        {"target": "event", "id": str(a_draft(agency).pk)},
        {"target": "dialogue", "id": str(a_dialogue(agency, stage="planning").pk)},
        {"target": "theme", "id": str(uuid4())},
        {"target": "theme", "id": str(make_theme(actor=None, event=a_draft(agency), title="Not yet").pk)},
        {
            "target": "theme",
            "id": str(make_theme(actor=None, dialogue=a_dialogue(agency), title="Nor this").pk),
        },
        {"target": "commitment"},
        {"target": "commitment", "id": "x"},
        {"target": "everything"},
    ]
    for asked in nothing:
        assert sent(agency, a_form(**asked)).status_code == 404, asked
        assert Client().get(f"/agencies/{agency.slug}/follow", asked).status_code == 404, asked
    assert not Subscription.objects.exists()


def test_the_small_form_names_what_is_followed_and_when_we_write() -> None:
    agency = an_agency()
    followed = {
        "event": an_event(agency, title="<b>Evening</b>"),
        "dialogue": a_dialogue(agency, stage="open", title="Stops"),
        "community": a_community(agency, name="Ward 3"),
        "commitment": a_commitment(agency, title="Lamps"),
    }
    pages = {
        target: Client().get(f"/agencies/{agency.slug}/follow", {"target": target, "id": str(thing.pk)})
        for target, thing in followed.items()
    }
    for target, text in (("event", "&lt;b&gt;Evening"), ("dialogue", "Stops"), ("community", "Ward 3")):
        assert text in html_of(pages[target])
    assert b"We write when something about this promise changes." in pages["commitment"].content
    assert not any(page.cookies for page in pages.values())


def test_another_site_cannot_send_it() -> None:
    agency = an_agency()
    answer = Client().post(
        f"/agencies/{agency.slug}/follow", a_form(), headers={"Origin": "https://elsewhere.example"}
    )
    assert answer.status_code == 403
    assert not Subscription.objects.exists()
