"""A resident on a phone: a place saved with one field, changed, given back, and an offer taken; with and without JavaScript."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from engage.contacts.links import Purpose, mint
from events.event.models import Event
from events.rsvps.models import Rsvp
from tests.browser.looking import axe, tab_to
from tests.makers.agencies import an_agency
from tests.makers.contributions import what_waits
from tests.makers.events import an_event
from tests.makers.rsvps import a_full_event, an_rsvp, as_it_is, given_back, sums_hold

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


@pytest.fixture(params=["with scripts", "without scripts"])
def hand(request: Any) -> Page:
    """A phone, once as it is and once with JavaScript off."""
    return request.getfixturevalue("phone" if request.param == "with scripts" else "phone_without_scripts")


@pytest.fixture
def event() -> Event:
    return an_event(an_agency(name="Harbor Falls Police Department"), title="Town hall on stops", capacity=20)


def link_of(rsvp: Rsvp) -> str:
    return f"/r/{mint(Purpose.RSVP_SCREEN, rsvp.pk, rsvp.link_version)}"


def press_save(page: Page) -> int:
    """How many presses it took: without JavaScript the page asks once more."""
    page.get_by_role("button", name="Save my place").click()
    if page.get_by_role("heading", name="Is this right?").count():
        page.get_by_role("button", name="Save my place").click()
        return 2
    return 1


def test_one_field_and_at_most_three_interactions(hand: Page, event: Event) -> None:
    hand.goto(f"/events/{event.pk}")
    hand.get_by_label("Your email").fill("maya@mail.example")
    assert 1 + press_save(hand) <= 3
    expect(hand.get_by_role("heading", name="Your place is saved")).to_be_visible()
    rsvp = Rsvp.objects.get()
    expect(hand.get_by_text(f"{rsvp.checkin_code[:5]} {rsvp.checkin_code[5:]}")).to_be_visible()
    assert (rsvp.status, rsvp.party_size) == ("confirmed", 1)


def test_the_form_and_its_button_fit_one_screen_of_a_phone(hand: Page, event: Event) -> None:
    hand.goto(f"/events/{event.pk}")
    top = hand.locator("#rsvp").bounding_box()
    button = hand.locator("#rsvp").get_by_role("button", name="Save my place").bounding_box()
    screen = hand.viewport_size
    assert top
    assert button
    assert screen
    assert button["y"] + button["height"] - top["y"] <= screen["height"]
    shown = hand.locator("#rsvp input:visible, #rsvp select:visible, #rsvp textarea:visible")
    assert shown.count() == 3, "people, an email, or no messages"
    expect(hand.get_by_label("A question for the meeting")).to_be_hidden()


def test_a_folded_part_with_a_mistake_comes_open_with_what_was_typed(hand: Page, event: Event) -> None:
    hand.goto(f"/events/{event.pk}")
    hand.get_by_label("Your email").fill("maya@mail.example")
    hand.get_by_label("How many people are coming?").fill("9")
    hand.get_by_text("I need something to take part").click()
    hand.locator("label[for=id_need_interpreter]").click()
    hand.get_by_role("button", name="Save my place").click()
    errors = hand.get_by_role("alert")
    expect(errors).to_contain_text("at most 6")
    expect(errors).to_contain_text("Say which language")
    expect(hand.locator("#id_interpreter_language")).to_be_visible()
    expect(hand.locator("#id_need_interpreter")).to_be_checked()
    expect(hand.get_by_label("A question for the meeting")).to_be_hidden()


def test_after_the_changes_are_saved_the_first_screen_says_so(phone: Page, event: Event) -> None:
    phone.goto(link_of(an_rsvp(event)))
    phone.get_by_role("link", name="Change or cancel").click()
    phone.get_by_label("How many people are coming?").fill("2")
    phone.get_by_role("button", name="Save the changes").click()
    told = phone.get_by_role("status").filter(has_text="Saved. This is how it stands now.")
    expect(told).to_be_in_viewport()
    expect(told).to_be_focused()


def test_no_messages_needs_no_field(hand: Page, event: Event) -> None:
    hand.goto(f"/events/{event.pk}")
    hand.get_by_text("No messages. I keep my code myself").click()
    press_save(hand)
    expect(hand.get_by_role("heading", name="Your place is saved")).to_be_visible()
    assert Rsvp.objects.get().email_contact_id is None


def test_the_rsvp_is_changed_and_given_back(hand: Page, event: Event) -> None:
    rsvp = an_rsvp(event, email="maya@mail.example")
    hand.goto(link_of(rsvp))
    hand.get_by_label("How many people are coming?").fill("3")
    hand.get_by_text("I need something to take part").click()
    hand.get_by_text("Large print").click()
    hand.get_by_role("button", name="Save the changes").click()
    expect(hand.get_by_text("Saved. This is how it stands now.")).to_be_visible()
    assert as_it_is(rsvp).party_size == 3
    hand.get_by_role("link", name="Give the place back").click()
    hand.get_by_role("button", name="Yes, give it back").click()
    expect(hand.get_by_role("heading", name="You gave your place back")).to_be_visible()
    assert as_it_is(rsvp).status == "cancelled"
    assert sums_hold(event.pk)


def test_an_offer_is_taken_with_one_press(hand: Page) -> None:
    event, holder, (waiting,) = a_full_event(2)
    given_back(holder, timezone.now())
    offered = as_it_is(waiting)
    hand.goto(f"/accept/{mint(Purpose.ACCEPT, offered.pk, offered.link_version)}")
    hand.get_by_role("button", name="Take the place").click()
    expect(hand.get_by_role("heading", name="Your place is saved")).to_be_visible()
    assert as_it_is(waiting).status == "confirmed"
    assert sums_hold(event.pk)


def test_a_mistake_is_said_on_top_with_the_focus_and_mended(hand: Page, event: Event) -> None:
    hand.goto(f"/events/{event.pk}")
    hand.get_by_text("I have a question").click()
    hand.get_by_label("A question for the meeting").fill("Why was I stopped?")
    hand.get_by_role("button", name="Save my place").click()
    expect(hand).to_have_title(re.compile("^Error: "))
    summary = hand.get_by_role("alert")
    expect(summary).to_contain_text("Your place is not saved yet")
    expect(hand.get_by_label("A question for the meeting")).to_have_value("Why was I stopped?")
    summary.get_by_role("link").click()
    field = hand.get_by_label("Your email")
    expect(field).to_be_focused()
    field.fill("maya@mail.example")
    hand.get_by_role("button", name="Save my place").click()
    expect(hand.get_by_role("heading", name="Your place is saved")).to_be_visible()
    assert [said.body for said in what_waits()] == ["Why was I stopped?"]


def test_the_focus_goes_to_the_mistakes(phone: Page, event: Event) -> None:
    phone.goto(f"/events/{event.pk}")
    phone.get_by_role("button", name="Save my place").click()
    expect(phone.locator("#errors")).to_be_focused()
    assert axe(phone) == []


def test_going_back_and_pressing_again_is_still_one_rsvp(phone: Page, event: Event) -> None:
    phone.goto(f"/events/{event.pk}")
    phone.get_by_label("Your email").fill("maya@mail.example")
    phone.get_by_role("button", name="Save my place").dblclick()
    expect(phone.get_by_role("heading", name="Your place is saved")).to_be_visible()
    assert Rsvp.objects.count() == 1
    phone.reload()
    assert Rsvp.objects.count() == 1


def test_by_keyboard_alone(desktop: Page, event: Event) -> None:
    desktop.goto(f"/events/{event.pk}")
    desktop.keyboard.press("Tab")
    expect(desktop.locator(".usa-skipnav")).to_be_focused()
    email = desktop.get_by_label("Your email")
    tab_to(desktop, email)
    desktop.keyboard.type("maya@mail.example")
    tab_to(desktop, desktop.get_by_text("I need something to take part"))
    desktop.keyboard.press("Enter")
    tab_to(desktop, desktop.locator("#id_need_captions"))
    desktop.keyboard.press("Space")
    tab_to(desktop, desktop.locator("#id_detail_captions"))
    desktop.keyboard.type("On the left, please")
    tab_to(desktop, desktop.get_by_role("button", name="Save my place"))
    desktop.keyboard.press("Enter")
    expect(desktop.get_by_role("heading", name="Your place is saved")).to_be_visible()
    expect(desktop.get_by_text("Live captions").first).to_be_visible()
    assert axe(desktop) == []


def test_the_picture_of_the_code_is_saved(phone: Page, event: Event) -> None:
    rsvp = an_rsvp(event)
    phone.goto(link_of(rsvp))
    with phone.expect_download() as saved:
        phone.get_by_role("link", name="Save as a picture").click()
    name = saved.value.suggested_filename
    assert name.startswith(f"{rsvp.event.local_starts_at:%Y-%m-%d}-")
    assert name.endswith(".png")
    assert rsvp.checkin_code not in name


def test_on_a_phone_what_a_filter_found_comes_before_the_filter(hand: Page, event: Event) -> None:
    an_event(event.agency, title="Walk by the mill")
    hand.goto(f"/agencies/{event.agency.slug}/meetings/")
    hand.locator("summary", has_text="Find a meeting").click()
    hand.get_by_label("Words in its name or place").fill("mill")
    hand.get_by_role("button", name="Show meetings").click()
    expect(hand.get_by_text("1 meeting", exact=True)).to_be_in_viewport()
    expect(hand.get_by_role("link", name="Walk by the mill")).to_be_in_viewport()
    expect(hand.get_by_label("Words in its name or place")).to_be_hidden()


def test_where_there_is_room_the_filter_is_open_without_scripts_too(
    desktop_without_scripts: Page, event: Event
) -> None:
    page = desktop_without_scripts
    page.goto(f"/agencies/{event.agency.slug}/meetings/")
    page.get_by_label("Words in its name or place").fill("stops")
    page.get_by_label("From day").fill("2020-01-01")
    page.get_by_role("button", name="Show meetings").click()
    expect(page.get_by_text("1 meeting", exact=True)).to_be_visible()
    expect(page.get_by_label("Words in its name or place")).to_have_value("stops")
    expect(page.get_by_label("To day")).to_be_visible()


def test_the_list_narrows_while_one_types_and_its_address_can_be_passed_on(
    desktop: Page, event: Event
) -> None:
    an_event(event.agency, title="Walk by the mill")
    desktop.goto(f"/agencies/{event.agency.slug}/meetings/")
    expect(desktop.get_by_role("heading", level=3)).to_have_count(2)
    desktop.get_by_label("Words in its name or place").press_sequentially("mill")
    expect(desktop.get_by_role("heading", level=3)).to_have_count(1)
    expect(desktop).to_have_url(re.compile("q=mill"))
    desktop.reload()
    expect(desktop.get_by_role("heading", level=3)).to_have_count(1)
    assert axe(desktop) == []
