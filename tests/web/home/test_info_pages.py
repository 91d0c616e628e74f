"""Privacy and accessibility: from the agency's own settings, and nothing that nobody enforces or signed."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from engage.agencies.models import Agency
from engage.agencies.pledges import sign_pledge, withdraw_pledge
from engage.listening import intake
from outreach.subscriptions.subscribing import ENDED_KEPT, UNCONFIRMED_KEPT
from outreach.worker.round_taking import Every
from outreach.worker.rounds import ROUNDS
from tests.makers.agencies import a_person, an_agency

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def seen(agency: Agency, page: str) -> str:
    answer = Client().get(f"/agencies/{agency.slug}/{page}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_days_are_the_agencys() -> None:
    assert "45 days after the meeting, or until you erase it" in seen(an_agency(retention_days=45), "privacy")
    assert "1 day after the meeting, or until you erase it" in seen(an_agency(retention_days=1), "privacy")


def test_how_long_the_address_of_whoever_follows_stays_is_said_as_it_is() -> None:
    page = " ".join(seen(an_agency(), "privacy").split())
    assert (ENDED_KEPT.days, UNCONFIRMED_KEPT.days) == (1, 7)
    assert "1 day after you stop. If you never confirm: 7 days after we asked you." in page


def test_when_words_without_a_name_go_on_is_said_as_it_is() -> None:
    page = seen(an_agency(), "privacy")
    assert (intake._ENOUGH, intake._WILL_DO) == (5, 3)
    assert dt.timedelta(minutes=10) == intake._WAIT
    assert (
        "five go on together, or three after ten minutes. If yours is alone, it waits for the hour." in page
    )
    assert ROUNDS["empty_intake_of_the_day"].when == Every(3600)
    assert "The words and the day, nothing else" not in page


def test_a_pledge_is_printed_with_its_day_and_its_withdrawal_is_said() -> None:
    agency = an_agency()
    assert "No pledge stands" in seen(agency, "privacy")
    admin = a_person(agency, "admin")
    pledge = sign_pledge(agency, actor=admin, code="no_id", text="We ask for <no> ID.", now=timezone.now())
    page = seen(agency, "privacy")
    assert "We ask for &lt;no&gt; ID." in page
    assert "Signed for the" in page
    withdraw_pledge(pledge, actor=admin, now=timezone.now())
    page = seen(agency, "privacy")
    assert "<del>We ask for &lt;no&gt; ID.</del>" in page
    assert "No pledge stands" in page


def test_who_to_talk_to_is_on_both() -> None:
    agency = an_agency(contact_office="Door 4", contact_phone="+12025550123", contact_email="us@city.example")
    for page in ("privacy", "accessibility"):
        text = seen(agency, page)
        assert "Door 4" in text
        assert 'href="mailto:us@city.example"' in text
        assert '<a href="tel:+12025550123">+12025550123</a>' in text
        assert '<a href="tel:711">711</a> for relay' in text
        assert '<a href="tel:911">911</a>' in text
        assert "Say what it is about. You need not say your name." in text


def test_what_was_not_tested_is_said() -> None:
    page = seen(an_agency(), "accessibility")
    assert "What has not been tested" in page
    assert "With screen readers" in page


def test_a_tty_number_stands_beside_the_telephone_and_711_is_said_in_its_country_alone() -> None:
    here = an_agency(contact_phone="202 555 0123", contact_tty="202 555 0199", country="US")
    abroad = an_agency(contact_phone="20 7946 0958", country="GB")
    for page in ("accessibility", "privacy"):
        said, elsewhere = (" ".join(seen(agency, page).split()) for agency in (here, abroad))
        assert 'By TTY: <a href="tel:2025550199">202 555 0199</a>.' in said
        assert 'or <a href="tel:711">711</a> for relay' in said
        assert "711" not in elsewhere
        assert "TTY" not in elsewhere
        assert 'Call <a href="tel:2079460958">20 7946 0958</a>' in elsewhere
