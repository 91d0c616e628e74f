"""A liaison plans an event, publishes it, saves a place for a caller, and arranges what they need."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from engage.agencies.models import Agency
from events.event.models import Event
from events.planning.models import ChecklistItem
from events.rsvps.models import Rsvp
from events.rsvps.needs.models import AccessRequest
from tests.browser.opening import signed_in
from tests.browser.running_site import Site
from tests.makers.agencies import a_person, an_agency
from tests.makers.events import a_draft, a_venue, an_event
from tests.makers.rsvps import an_rsvp
from web.desk.board_reading import board_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
_DAY = timezone.now().date() + dt.timedelta(days=30)


def planned(page: Page, agency: Agency) -> Event:
    page.goto(f"/desk/{agency.slug}/")
    page.get_by_role("link", name="Plan an event").first.click()
    page.get_by_label("Title", exact=True).fill("Town hall about stops")
    page.locator("#id_date").fill(_DAY.isoformat())
    page.locator("#id_starts").fill("18:00")
    page.locator("#id_ends").fill("19:30")
    page.locator("#id_capacity").fill("60")
    page.locator("#id_venue").select_option(label="Library")
    page.get_by_role("button", name="Save as a draft").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Town hall about stops")
    return Event.objects.get(agency=agency)


def published(page: Page, event: Event) -> None:
    page.get_by_role("link", name="Publish it").click()
    page.get_by_role("button", name="Publish it now").click()
    expect(page.get_by_text("The event is published.")).to_be_visible()
    event.refresh_from_db()
    assert event.status == "published"


def rsvp_for_a_caller(page: Page, event: Event) -> Rsvp:
    page.get_by_role("link", name=re.compile("^RSVPs")).click()
    page.get_by_role("link", name="Save a place for a caller").click()
    page.get_by_label("How many people come").fill("2")
    page.locator("label[for=id_need_wheelchair]").click()
    page.locator("#id_detail_wheelchair").fill("One wheelchair.")
    page.get_by_role("button", name="Save their place").click()
    expect(page.get_by_text("The place is saved. Read them their code.")).to_be_visible()
    rsvp = Rsvp.objects.get(event=event)
    expect(page.get_by_text(f"{rsvp.checkin_code[:5]} {rsvp.checkin_code[5:]}")).to_be_visible()
    return rsvp


def arranged(page: Page, rsvp: Rsvp) -> None:
    page.get_by_role("link", name="1 request").click()
    page.get_by_role("link", name="Wheelchair space or a seat near the door", exact=True).click()
    page.get_by_role("button", name="I arrange it").click()
    expect(page.get_by_text("One wheelchair.")).to_be_visible()
    page.get_by_label("How it stands").select_option("arranged")
    page.get_by_label(re.compile("What the resident reads")).fill("A space in the first row.")
    page.get_by_role("button", name="Save, and tell the resident").click()
    expect(page.get_by_text("A space in the first row.")).to_be_visible()
    need = AccessRequest.objects.get(rsvp=rsvp)
    assert (need.status, need.outcome) == ("arranged", "A space in the first row.")


def the_whole_way(page: Page) -> Agency:
    agency = an_agency()
    a_venue(agency)
    signed_in(page, a_person(agency))
    event = planned(page, agency)
    published(page, event)
    arranged(page, rsvp_for_a_caller(page, event))
    return agency


def test_from_a_plan_to_an_arranged_need_on_a_desktop(desktop: Page) -> None:
    agency = the_whole_way(desktop)
    desktop.goto(f"/desk/{agency.slug}/")
    expect(
        desktop.locator("#lane-published").get_by_role("link", name="Town hall about stops")
    ).to_be_visible()
    assert board_of(agency, a_person(agency), only_mine=False, now=timezone.now()).needs == []


def test_the_same_on_a_phone_without_javascript(phone_without_scripts: Page) -> None:
    the_whole_way(phone_without_scripts)


def test_a_box_of_the_checklist_saves_itself_and_keeps_the_focus(desktop: Page) -> None:
    event = a_draft()
    signed_in(desktop, a_person(event.agency))
    desktop.goto(f"/desk/{event.agency.slug}/events/{event.pk}/")
    item = event.checklist_items.all()[0]
    box = desktop.locator(f"#do-{item.pk}")
    box.focus()
    desktop.keyboard.press("Space")
    expect(desktop.locator("#checklist-count")).to_contain_text("1 of ")
    expect(desktop.locator("#told")).to_contain_text("Saved.")
    expect(box).to_be_focused()
    assert ChecklistItem.objects.get(pk=item.pk).done_at
    desktop.reload()
    expect(desktop.get_by_text("Show 1 done")).to_be_visible()


def test_the_checklist_is_saved_by_its_button_without_javascript(phone_without_scripts: Page) -> None:
    event = a_draft()
    signed_in(phone_without_scripts, a_person(event.agency))
    phone_without_scripts.goto(f"/desk/{event.agency.slug}/events/{event.pk}/")
    phone_without_scripts.locator(f"#do-{event.checklist_items.all()[0].pk}").check()
    phone_without_scripts.get_by_role("button", name="Save checklist").click()
    expect(phone_without_scripts.get_by_text("1 line is changed.")).to_be_visible()


def test_a_moved_event_asks_before_people_are_told(desktop: Page) -> None:
    event = an_event()
    an_rsvp(event, email="ana@mail.example")
    signed_in(desktop, a_person(event.agency))
    desktop.goto(f"/desk/{event.agency.slug}/events/{event.pk}/edit")
    desktop.locator("#id_starts").fill("17:00")
    desktop.get_by_role("button", name="Save changes").click()
    expect(desktop.get_by_role("heading", level=1)).to_have_text("Change the time or the place?")
    desktop.get_by_role("button", name="Save and tell them").click()
    expect(desktop.get_by_text("Your changes are saved.")).to_be_visible()
    event.refresh_from_db()
    assert event.local_starts_at.hour == 17


@pytest.mark.parametrize("times", [0, 1, 2, 3])
def test_the_sheet_and_the_poster_are_one_letter_page_each(desktop: Page, times: int) -> None:
    """times: how long its texts are; at 0 there are none, at 3 they are as long as may be."""
    many = ["sign_language", "captions", "interpreter", "wheelchair", "childcare", "transport", "large_print"]
    agency = an_agency(contact_phone="202 555 0123")
    event = an_event(
        agency,
        title="What officers may ask, what you need not say, and how to complain " * times or "Town hall",
        description="Ask the department. " * 13 * times,
        venue=a_venue(
            agency,
            name="The Hall of the Community of the Old Mill and of Lower Row " * times,
            address="12 Main Street " * 7 * times,
            getting_there="Buses 4 and 12 stop outside. " * 20 * times,
        )
        if times
        else None,
        access_offered=many if times else [],
        languages=["en", "es", "vi", "zh-Hans", "ar", "so"] if times else ["en"],
        run_by="The mediation center and the library " * 2 * times,
    )
    signed_in(desktop, a_person(agency))
    for path, size in (
        (f"/desk/{agency.slug}/events/{event.pk}/sign-in-sheet", b"792 612"),
        (f"/events/{event.pk}/poster", b"612 792"),
    ):
        desktop.goto(path)
        printed = desktop.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) == 1, path
        assert size in printed, path
        # Nothing is cut off: what does not fit would be hidden, and nobody would know.
        assert desktop.evaluate(
            "() => { const sheet = document.querySelector('.sheet, .poster'); return sheet.scrollHeight <= sheet.clientHeight + 1; }"
        ), path


def test_the_board_refreshes_its_lanes_and_keeps_the_focus(browser: Browser, site: Site) -> None:
    event = a_draft()
    context = browser.new_context(base_url=site.url)
    page = context.new_page()
    page.clock.install()
    signed_in(page, a_person(event.agency))
    page.goto(f"/desk/{event.agency.slug}/")
    link = page.locator(f"#card-{event.pk}")
    link.focus()
    Event.objects.filter(pk=event.pk).update(title="Another name")
    page.clock.fast_forward(61_000)
    expect(link).to_have_text("Another name")
    expect(link).to_be_focused()
    context.close()
