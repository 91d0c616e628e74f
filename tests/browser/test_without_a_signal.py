"""Public pages that were read open again without a signal, and say from when they are; nothing else is kept."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from engage.contacts.links import Purpose, mint
from tests.browser.opening import PHONE, signed_in
from tests.browser.running_site import Site
from tests.makers.agencies import a_person, an_agency
from tests.makers.events import an_event
from tests.makers.rsvps import an_rsvp

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["default", "owner"], transaction=True),
]
_KEPT = "caches.open('public-pages-1').then((c) => c.keys()).then((all) => all.map((one) => new URL(one.url).pathname))"


@pytest.fixture
def phone_that_loses_its_signal(browser: Browser, site: Site) -> Any:
    """Without the watch over requests that fail: here they are meant to."""
    context = browser.new_context(base_url=site.url, viewport=PHONE)  # type: ignore[arg-type]
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def read(page: Page, path: str) -> None:
    """Open a page and wait until the browser has kept it."""
    page.goto(path)
    until = time.monotonic() + 10
    while path not in page.evaluate(_KEPT):
        assert time.monotonic() < until, "The browser has not kept the page."
        page.wait_for_timeout(50)


def test_a_page_that_was_read_opens_with_its_date_and_one_that_was_not_says_so(
    phone_that_loses_its_signal: Page,
) -> None:
    page = phone_that_loses_its_signal
    agency = an_agency()
    event = an_event(agency, title="Town hall: traffic stops")
    read(page, f"/events/{event.pk}")
    expect(page.locator("#offline-strip")).to_be_hidden()
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Town hall: traffic stops")
    expect(page.locator("#offline-strip")).to_contain_text(re.compile(r"as it was on \w+day, "))
    # The look came along.
    assert page.evaluate("getComputedStyle(document.querySelector('.topline')).display") == "block"
    page.goto(f"/agencies/{agency.slug}/promises/")
    expect(page.get_by_role("heading", level=1)).to_have_text("You are offline")
    page.goto(f"/es/agencies/{agency.slug}/promises/")
    expect(page.locator("html")).to_have_attribute("lang", "es")
    page.context.set_offline(False)
    page.goto(f"/events/{event.pk}")
    expect(page.locator("#offline-strip")).to_be_hidden()


def test_nothing_behind_a_link_and_nothing_of_staff_is_kept(phone_that_loses_its_signal: Page) -> None:
    page = phone_that_loses_its_signal
    agency = an_agency()
    event = an_event(agency)
    rsvp = an_rsvp(event, email="resident@mail.example")
    read(page, f"/events/{event.pk}")
    page.goto(f"/r/{mint(Purpose.RSVP_SCREEN, rsvp.pk, rsvp.link_version)}")
    signed_in(page, a_person(agency))
    for path in (f"/desk/{agency.slug}/", f"/door/{event.pk}/", "/accounts/"):
        page.goto(path)
    kept = [path for path in page.evaluate(_KEPT) if not path.startswith("/static/")]
    assert sorted(kept) == sorted(["/offline", "/es/offline", f"/events/{event.pk}"])
