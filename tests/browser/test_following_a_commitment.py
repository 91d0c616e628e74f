"""On a phone: finding the promise that is late, reading why, and following it; with JavaScript and without."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from engage.agencies.models import Agency
from engage.commitments.tracking import update
from outreach.subscriptions.models import Subscription
from tests.makers.agencies import an_agency
from tests.makers.commitments import a_commitment, today_of
from tests.makers.contributions import what_waits

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
DAY = dt.timedelta(days=1)


def a_town_with_commitments() -> Agency:
    agency = an_agency()
    then = timezone.now() - 30 * DAY
    late = a_commitment(agency, title="Lamps on the stairs", due_on=today_of(agency) - 4 * DAY, now=then)
    update(late, actor=None, note="The lamps are ordered.", now=timezone.now())
    a_commitment(agency, title="Numbers every quarter", owner_office="Records")
    return agency


def test_the_late_commitment_is_found_read_and_followed(phone: Page) -> None:
    agency = a_town_with_commitments()
    phone.goto(f"/agencies/{agency.slug}/promises/")
    phone.get_by_role("link", name="Lamps on the stairs").click()
    expect(phone.get_by_text("Late by 4 days")).to_be_visible()
    expect(phone.get_by_role("heading", name="Became late")).to_be_visible()
    phone.get_by_label("Your email").fill("ada@home.example")
    phone.get_by_role("button", name="Follow").click()
    expect(phone.get_by_role("heading", name="Check your email")).to_be_visible()
    assert Subscription.objects.get().target == "commitment"


def test_without_javascript_the_page_asks_once_more(phone_without_scripts: Page) -> None:
    agency, page = a_town_with_commitments(), phone_without_scripts
    page.goto(f"/agencies/{agency.slug}/promises/1/")
    page.get_by_label("Your email").fill("ada@home.example")
    page.get_by_role("button", name="Follow").click()
    expect(page.get_by_role("heading", name="Is this right?")).to_be_visible()
    assert not Subscription.objects.exists()
    page.get_by_role("button", name="Write to me").click()
    expect(page.get_by_role("heading", name="Check your email")).to_be_visible()
    assert Subscription.objects.count() == 1


def test_a_double_click_is_one_subscription(phone: Page) -> None:
    agency = a_town_with_commitments()
    phone.goto(f"/agencies/{agency.slug}/promises/1/")
    phone.get_by_label("Your email").fill("ada@home.example")
    phone.get_by_role("button", name="Follow").dblclick()
    expect(phone.get_by_role("heading", name="Check your email")).to_be_visible()
    assert Subscription.objects.count() == 1


def test_a_wrong_address_is_said_with_the_focus_on_the_list_and_the_text_kept(phone: Page) -> None:
    agency = a_town_with_commitments()
    phone.goto(f"/agencies/{agency.slug}/promises/1/")
    phone.get_by_label("Your email").fill("ada@")
    phone.get_by_role("button", name="Follow").click()
    expect(phone.locator("#errors")).to_be_focused()
    expect(phone.get_by_label("Your email")).to_have_value("ada@")
    phone.get_by_label("Your email").fill("ada@home.example")
    phone.get_by_role("button", name="Write to me").click()
    expect(phone.get_by_role("heading", name="Check your email")).to_be_visible()


def test_a_filter_swaps_the_list_says_how_many_and_its_address_can_be_passed_on(desktop: Page) -> None:
    agency = a_town_with_commitments()
    desktop.goto(f"/agencies/{agency.slug}/promises/")
    desktop.get_by_role("checkbox", name=re.compile(r"^Late( \d+)?$")).check(force=True)
    expect(desktop.get_by_role("link", name="Numbers every quarter")).to_have_count(0)
    expect(desktop.locator("#found")).to_have_text("1 promise.")
    assert "status=late" in desktop.url
    desktop.reload()
    expect(desktop.get_by_role("link", name="Lamps on the stairs")).to_be_visible()
    expect(desktop.get_by_role("link", name="Numbers every quarter")).to_have_count(0)


def test_filters_work_without_javascript(desktop_without_scripts: Page) -> None:
    agency, page = a_town_with_commitments(), desktop_without_scripts
    page.goto(f"/agencies/{agency.slug}/promises/")
    page.get_by_label("Who is responsible").select_option("Records")
    page.get_by_role("button", name="Show promises").click()
    expect(page.get_by_role("link", name="Numbers every quarter")).to_be_visible()
    expect(page.get_by_role("link", name="Lamps on the stairs")).to_have_count(0)


def test_a_question_is_asked_without_a_name_and_with_one_field(phone: Page) -> None:
    agency = an_agency()
    phone.goto(f"/agencies/{agency.slug}/ask/")
    phone.get_by_label("Your words").fill("Why was I stopped?")
    phone.get_by_role("button", name="Send it").click()
    expect(phone.get_by_role("heading", name="Thank you, it has reached us")).to_be_visible()
    assert [said.body for said in what_waits()] == ["Why was I stopped?"]
