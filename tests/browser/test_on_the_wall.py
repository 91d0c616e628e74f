"""The page on the wall of a hall: nobody scrolls a wall, so all of it stands on the screen of a projector."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.opening import signed_in
from tests.makers.agencies import a_person, an_agency
from tests.makers.events import an_event

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720), (1024, 768)], ids=str)
def test_the_code_can_be_read_without_scrolling(desktop: Page, size: tuple[int, int]) -> None:
    agency = an_agency(languages=["en", "es"])
    event = an_event(agency, title="Town hall: traffic stops and searches")
    wide, high = size
    desktop.set_viewport_size({"width": wide, "height": high})
    signed_in(desktop, a_person(agency, "liaison")).goto(f"/desk/{agency.slug}/events/{event.pk}/wall")
    ends = desktop.locator(".wall__code").evaluate("e => e.getBoundingClientRect().bottom")
    assert ends <= high
