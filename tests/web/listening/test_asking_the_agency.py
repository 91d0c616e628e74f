"""Asking the agency: nothing ties words without a name to anybody, a form sent twice is one question, shown ones are public."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from engage.activity.models import Activity
from engage.agencies.models import Agency
from engage.contacts.models import Contact
from engage.listening.models import Contribution, ContributionIntake
from engage.listening.moderating import answer, hide, show
from outreach.subscriptions.models import Subscription
from tests.makers.agencies import a_person, an_agency
from tests.makers.contributions import a_contribution, what_waits
from tests.makers.events import an_event
from tests.makers.pages import html_of
from web.listening.asking import PAGE

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def a_form(**fields: Any) -> dict[str, Any]:
    given = {
        "kind": "question",
        "body": "Why was I stopped?",
        "contact": "none",
        "key": secrets.token_urlsafe(24),
    }
    return given | fields


def sent(agency: Agency, form: dict[str, Any], language: str = "", client: Client | None = None) -> Any:
    return (client or Client()).post(f"{language}/agencies/{agency.slug}/ask/", form)


def test_words_without_a_name_wait_among_others_and_leave_no_trace() -> None:
    agency = an_agency()
    told = sent(agency, a_form())
    assert told.status_code == 303
    assert told["Location"] == f"/agencies/{agency.slug}/ask/?sent"
    waiting = ContributionIntake.objects.get()
    assert (waiting.target, waiting.target_id) == ("agency", agency.pk)
    assert [said.body for said in what_waits()] == ["Why was I stopped?"]
    assert not Contribution.objects.exists()
    assert not Activity.objects.exists()
    assert b"Thank you" in Client().get(told["Location"]).content


def test_who_is_signed_in_is_of_no_interest() -> None:
    agency = an_agency()
    client = Client()
    client.force_login(a_person(agency))
    assert sent(agency, a_form(), client=client).status_code == 303
    assert ContributionIntake.objects.count() == 1


def test_a_form_sent_again_is_one_question_and_another_text_under_its_key_is_not_lost() -> None:
    agency, form = an_agency(), a_form()
    assert [sent(agency, form).status_code for _n in range(3)] == [303, 303, 303]
    assert ContributionIntake.objects.count() == 1
    other = sent(agency, form | {"body": "Something else"})
    assert other.status_code == 409
    page = html_of(other)
    assert "Something else" in page
    assert form["key"] not in page


def test_a_browser_without_a_key_is_asked_once_more_and_nothing_is_taken_in_yet() -> None:
    agency = an_agency()
    asked = sent(agency, a_form(key="", body="Is <b>this</b> right?"))
    assert asked.status_code == 200
    assert "no-store" in asked["Cache-Control"]
    assert not ContributionIntake.objects.exists()
    page = html_of(asked)
    assert "Is this right?" in page
    assert "<b>this</b>" not in page
    hidden = dict(asked.context["hidden"])
    assert len(hidden["key"]) >= 22
    assert sent(agency, hidden).status_code == 303
    assert [said.body for said in what_waits()] == ["Is <b>this</b> right?"]


def test_somebody_who_wants_to_hear_of_it_is_asked_to_confirm_and_the_words_are_sealed() -> None:
    agency, form = an_agency(), a_form(contact="email", email="ada@home.example")
    assert sent(agency, form, language="/es").status_code == 303
    assert sent(agency, form, language="/es").status_code == 303
    contribution = Contribution.objects.get()
    assert (contribution.body, contribution.anonymous, contribution.contact, contribution.language) == (
        "",
        False,
        None,
        "es",
    )
    standing = Subscription.objects.get()
    assert (standing.target, standing.target_id, standing.confirmed_at) == (
        "contribution",
        contribution.pk,
        None,
    )
    assert Contact.objects.count() == 1
    assert not ContributionIntake.objects.exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"body": "  "}, "Write what you want to ask or say."),
        ({"contact": "email", "email": ""}, "Type your email"),
        ({"contact": "email", "email": "ada@"}, "id_email"),
        ({"body": "x" * 4001}, "4000"),
        ({"kind": "note"}, "id_kind"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field_and_the_words_stay(
    fields: dict[str, str], sentence: str
) -> None:
    told = sent(an_agency(), a_form(**({"body": "Keep me here"} | fields)))
    assert told.status_code == 400
    page = html_of(told)
    assert sentence in page
    assert "<title>Error:" in page
    assert 'id="errors"' in page
    if fields.get("contact"):
        assert "Keep me here" in page
    assert not Contribution.objects.exists()
    assert not ContributionIntake.objects.exists()


def test_another_site_cannot_send_it_and_reading_changes_nothing() -> None:
    agency = an_agency()
    away = Client().post(f"/agencies/{agency.slug}/ask/", a_form(), headers={"Sec-Fetch-Site": "cross-site"})
    assert away.status_code == 403
    Client().get(f"/agencies/{agency.slug}/ask/", a_form())
    Client().head(f"/agencies/{agency.slug}/ask/")
    assert not ContributionIntake.objects.exists()


def test_shown_words_stand_below_with_their_answer_and_no_others(django_assert_num_queries: Any) -> None:
    agency, now = an_agency(), timezone.now()
    shown = a_contribution(agency, body="When will it open?")
    show(shown, actor=None, now=now)
    answer(shown, text="In May.", actor=None, now=now)
    a_contribution(agency, body="Still waiting")
    hide(a_contribution(agency, body="Not for all"), reason="It names somebody.", actor=None, now=now)
    show(a_contribution(agency, body="At a meeting", event=an_event(agency)), actor=None, now=now)
    show(a_contribution(an_agency(), body="Elsewhere"), actor=None, now=now)
    with django_assert_num_queries(2):
        page = html_of(Client().get(f"/agencies/{agency.slug}/ask/"))
    assert "When will it open?" in page
    assert "In May." in page
    for text in ("Still waiting", "Not for all", "At a meeting", "Elsewhere"):
        assert text not in page


def test_what_was_asked_is_leafed_through() -> None:
    agency, day = an_agency(), dt.date(2026, 3, 1)
    for number in range(PAGE + 3):
        contribution = a_contribution(
            agency, body=f"Question {number:02}", said_on=day + dt.timedelta(days=number)
        )
        show(contribution, actor=None, now=timezone.now())
    client = Client()
    first = client.get(f"/agencies/{agency.slug}/ask/")
    assert html_of(first).count("Question ") >= PAGE
    second = html_of(
        client.get(f"/agencies/{agency.slug}/ask/", {"after": first.context["contributions"].following})
    )
    assert "Question 02" in second
    assert "Question 03" not in second
    assert client.get(f"/agencies/{agency.slug}/ask/?after=x").status_code == 404
