"""From a note to the page that everybody reads: shown, themed, promised, summed up, approved by a leader, published."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from engage.commitments.models import Commitment
from engage.database.ids import uuid7
from engage.listening.notes import commitment_from, take_note
from engage.people.models import Person
from events.event.models import Event
from events.planning.lifecycle import end, start
from outreach.summaries.models import SummaryVersion
from outreach.worker.rounds import go_round
from tests.browser.opening import signed_in
from tests.makers.agencies import a_person, an_agency
from tests.makers.commitments import today_of
from tests.makers.events import an_event
from tests.makers.mail_server import Post, addressee_of
from tests.makers.rsvps import an_rsvp

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


@pytest.fixture
def evening() -> Event:
    """Over: one resident was there by email, one note and one promise were written down."""
    agency = an_agency(offices=["Streets"], languages=["en", "es"])
    event = an_event(agency, languages=["en", "es"])
    an_rsvp(event, email="ana@mail.example")
    liaison = a_person(agency, name="Maria", email="maria@staff.example")
    common = {"agency": agency, "event": event, "language": "en", "actor": liaison, "now": timezone.now()}
    take_note(
        note_id=uuid4(),
        body="Nine lamps are out by the bridge.",
        may_quote=True,
        new_theme="Street lights",
        **common,
    )
    contribution = take_note(note_id=uuid4(), body="We will mend them.", said_by="department", **common).row
    commitment_from(
        contribution, commitment_id=uuid7(), actor=liaison, now=timezone.now(), title="Mend the nine lamps by the bridge",
        done_means="They shine.", owner_office="Streets", focus_area="community_engagement",
        due_on=today_of(agency) + dt.timedelta(days=30),
    )  # fmt: skip
    start(event, now=timezone.now())
    return end(event, now=timezone.now()).event


def the_liaison() -> Person:
    return Person.objects.get(email="maria@staff.example")


def show_the_note(page: Page, event: Event) -> None:
    page.goto(f"/desk/{event.agency.slug}/events/{event.pk}/contributions/")
    row = page.get_by_role("listitem").filter(has=page.locator("blockquote", has_text="Nine lamps"))
    row.get_by_role("button", name="Show it").click()
    expect(page.get_by_text("Everybody can read it now.").first).to_be_attached()
    expect(page.get_by_role("navigation", name="How it stands")).to_contain_text("Shown 1")


def write_the_summary(page: Page, event: Event) -> None:
    page.goto(f"/desk/{event.agency.slug}/events/{event.pk}/summary/")
    page.get_by_role("button", name="Draft it from the record").click()
    expect(page.get_by_role("checkbox", name="Mend the nine lamps")).to_be_checked()
    expect(page.get_by_role("checkbox", name="Nine lamps are out by the bridge.")).to_be_checked()
    page.get_by_label("What people said", exact=False).first.fill("The path by the bridge is dark.")
    page.get_by_label("Heading, in Spanish").first.fill("Faroles")
    page.get_by_label("What people asked for (optional)", exact=True).first.fill("A new bridge")
    page.get_by_role("button", name="Save the summary").click()
    expect(page.get_by_role("alert")).to_contain_text("Say why.")
    expect(page.get_by_label("What people said", exact=False).first).to_have_value(
        "The path by the bridge is dark."
    )
    page.get_by_label("Why you will not do it (optional)", exact=True).first.fill("There is no money for it.")
    page.get_by_role("button", name="Save the summary").click()
    expect(page.get_by_text("The summary is saved.")).to_be_visible()


@pytest.mark.parametrize("screen", ["desktop", "phone", "desktop_without_scripts"])
def test_from_a_note_to_the_page_that_everybody_reads(
    screen: str, evening: Event, post: Post, request: pytest.FixtureRequest
) -> None:
    page: Page = request.getfixturevalue(screen)
    liaison, leader = the_liaison(), a_person(evening.agency, "leader", name="Chief Park")
    signed_in(page, liaison)
    show_the_note(page, evening)
    write_the_summary(page, evening)

    signed_in(page, leader)
    page.goto(f"/desk/{evening.agency.slug}/events/{evening.pk}/summary/")
    expect(page.get_by_role("main")).to_contain_text("Mend the nine lamps by the bridge")
    expect(page.get_by_role("main")).to_contain_text("Nine lamps are out by the bridge.")
    page.get_by_label("Your reply, in your own words").fill("I answer for this.")
    page.get_by_role("button", name="Approve these words").click()
    expect(page.get_by_text("You approved the summary.")).to_be_visible()

    signed_in(page, liaison)
    page.goto(f"/desk/{evening.agency.slug}/events/{evening.pk}/summary/")
    page.get_by_role("link", name="Publish it").click()
    expect(page.get_by_role("main")).to_contain_text("1 draft promise becomes public")
    page.get_by_role("button", name="Publish it and tell them").click()
    expect(page.get_by_role("heading", name="The summary is public")).to_be_visible()
    assert Commitment.objects.get().number == 1

    go_round()
    if "without" in screen:
        page.get_by_role("link", name="Look again").click()
    # Asked for again every five seconds.
    expect(page.get_by_text("Messages are written for 1 place, question or follower")).to_be_visible(
        timeout=15_000
    )
    assert [addressee_of(letter) for letter in post.letters] == ["ana@mail.example"]

    page.get_by_role("link", name="See the public page").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Town hall")
    for words in (
        "Street lights",
        "The path by the bridge is dark.",
        "Nine lamps",
        "A new bridge",
        "I answer for this.",
    ):
        expect(page.get_by_role("main")).to_contain_text(words)
    expect(page.get_by_role("link", name="Mend the nine lamps by the bridge").first).to_be_visible()


def test_an_edit_after_the_approval_takes_it_back(desktop: Page, evening: Event) -> None:
    signed_in(desktop, the_liaison())
    desktop.goto(f"/desk/{evening.agency.slug}/events/{evening.pk}/summary/")
    desktop.get_by_role("button", name="Draft it from the record").click()
    signed_in(desktop, a_person(evening.agency, "leader"))
    desktop.goto(f"/desk/{evening.agency.slug}/events/{evening.pk}/summary/")
    desktop.get_by_role("button", name="Approve these words").click()
    signed_in(desktop, the_liaison())
    desktop.goto(f"/desk/{evening.agency.slug}/events/{evening.pk}/summary/")
    expect(desktop.get_by_text("A leader has approved these words")).to_be_visible()
    desktop.get_by_label("What happens next (optional)", exact=True).fill("We meet in May.")
    desktop.get_by_role("button", name="Save the summary").click()
    expect(desktop.get_by_text("a leader has to approve it again")).to_be_visible()
    expect(desktop.get_by_role("link", name="Publish it")).to_have_count(0)
    assert SummaryVersion.objects.get().status == "draft"
