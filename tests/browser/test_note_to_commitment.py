"""A liaison writes down what is said in the room, and makes a promise of it in one step: quickly with JavaScript, also without."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from engage.commitments.models import Commitment
from engage.listening.models import Contribution
from engage.listening.theming import make_theme
from events.event.models import Event
from events.planning.lifecycle import start
from tests.browser.opening import signed_in
from tests.makers.agencies import a_person, an_agency
from tests.makers.commitments import today_of
from tests.makers.events import an_event

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
_SAID = "We will put two officers on Quay Street until New Year."


@pytest.fixture
def evening() -> Event:
    agency = an_agency(offices=["Patrol Division", "Records"], languages=["en", "es"])
    event = an_event(agency)
    make_theme(actor=None, event=event, title="Street lights")
    return start(event, now=timezone.now()).event


def opened(page: Page, event: Event) -> Page:
    signed_in(page, a_person(event.agency, name="Maria"))
    page.goto(f"/desk/{event.agency.slug}/events/{event.pk}/notes/")
    return page


def write(page: Page, words: str, who: str = "A resident") -> None:
    page.get_by_label("What was said, in their words").fill(words)
    page.get_by_text(who, exact=True).first.click()


def row(page: Page, words: str) -> Locator:
    return page.get_by_role("listitem").filter(has=page.locator("blockquote", has_text=words))


def fill_in_the_commitment(part: Locator, event: Event) -> None:
    expect(part.get_by_label("The promise, as it will read in public")).to_have_value(_SAID)
    part.get_by_label("Office responsible").select_option("Patrol Division")
    due = today_of(event.agency) + dt.timedelta(days=40)
    part.get_by_label("Due date").fill(due.isoformat())


def test_a_note_stands_on_top_at_once_and_the_next_one_can_be_typed(desktop: Page, evening: Event) -> None:
    page = opened(desktop, evening)
    page.evaluate("window.stayed = true")
    write(page, "The lamp by the bridge is out.")
    page.get_by_text("Street lights", exact=True).first.click()
    page.keyboard.press("Tab")
    page.get_by_label("What was said, in their words").press("Control+Enter")
    expect(page.locator("#noted")).to_have_text("The note is saved.")
    expect(page.get_by_label("What was said, in their words")).to_have_value("")
    expect(page.get_by_label("What was said, in their words")).to_be_focused()
    expect(page.get_by_role("radio", name="Street lights")).to_be_checked()
    write(page, "And the one by the school.")
    page.get_by_role("button", name="Save note").click()
    expect(page.locator("#stream > li blockquote").first).to_contain_text("by the school")
    expect(page.locator("#note-numbers")).to_contain_text("2 notes")
    assert page.evaluate("window.stayed")
    assert [str(note.theme) for note in Contribution.objects.all()] == ["Street lights"] * 2


def test_a_double_click_is_one_note(desktop: Page, evening: Event) -> None:
    page = opened(desktop, evening)
    write(page, "Only once.")
    page.get_by_role("button", name="Save note").dblclick()
    expect(page.locator("#note-numbers")).to_contain_text("1 note")
    page.reload()
    expect(page.locator("#stream > li")).to_have_count(1)


@pytest.mark.parametrize("screen", ["desktop", "phone", "desktop_without_scripts", "phone_without_scripts"])
def test_from_the_note_to_a_draft_commitment(
    screen: str, evening: Event, request: pytest.FixtureRequest
) -> None:
    page = opened(request.getfixturevalue(screen), evening)
    write(page, _SAID, "The department")
    page.get_by_role("button", name="Save note").click()
    row(page, _SAID).get_by_role("link", name="Make a promise").click()
    part = row(page, _SAID)
    fill_in_the_commitment(part, evening)
    part.get_by_role("button", name="Save promise").click()
    expect(page.get_by_role("alert")).to_contain_text("Say what people will be able to see.")
    expect(row(page, _SAID).get_by_label("Office responsible")).to_have_value("Patrol Division")
    row(page, _SAID).get_by_label("How will we know it was kept?").fill("The patrol log, each month")
    row(page, _SAID).get_by_role("button", name="Save promise").click()
    expect(row(page, _SAID)).to_contain_text("Draft promise")
    expect(row(page, _SAID)).to_contain_text("Patrol Division, due ")
    made = Commitment.objects.get()
    assert (made.draft, made.event_id, made.owner_office) == (True, evening.pk, "Patrol Division")


@pytest.mark.parametrize("screen", ["desktop", "phone_without_scripts"])
def test_not_a_promise_closes_it_again(screen: str, evening: Event, request: pytest.FixtureRequest) -> None:
    page = opened(request.getfixturevalue(screen), evening)
    write(page, "Who do I call at night?")
    page.get_by_role("button", name="Save note").click()
    row(page, "at night").get_by_role("link", name="Make a promise").click()
    row(page, "at night").get_by_role("link", name="Not a promise").click()
    expect(page.get_by_role("button", name="Save promise")).to_have_count(0)
    expect(row(page, "at night").get_by_role("link", name="Make a promise")).to_be_visible()
    assert not Commitment.objects.exists()


@pytest.mark.parametrize("screen", ["desktop", "desktop_without_scripts"])
def test_a_note_is_corrected_with_a_reason(
    screen: str, evening: Event, request: pytest.FixtureRequest
) -> None:
    page = opened(request.getfixturevalue(screen), evening)
    write(page, "Oficer Smith was rude.")
    page.get_by_role("button", name="Save note").click()
    row(page, "Smith").get_by_role("link", name="Edit").click()
    part = page.get_by_role("form", name="Edit this note")
    part.get_by_label("What was said, in their words").fill("An officer was rude.")
    part.get_by_role("button", name="Save changes").click()
    expect(page.get_by_role("alert")).to_contain_text("This change needs a reason")
    part.get_by_label("Why the words change").fill("It named a person.")
    part.get_by_role("button", name="Save changes").click()
    expect(row(page, "An officer was rude.")).to_be_visible()
    assert Contribution.objects.get().revisions.get().reason == "It named a person."
