"""Rows of the table of pages (tests.browser.pages): the door, and the link that opens it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from playwright.sync_api import Page as BrowserPage

from tests.browser.page import LINK, STAFF, Page
from tests.browser.town import Town


def _door(name: str) -> Callable[[Town], str]:
    return lambda town: f"/door/{town.events[name].pk}/"


def _open_the_door(page: BrowserPage) -> None:
    page.locator("main form button").click()
    page.wait_for_selector("#q")


def _look_for_somebody(page: BrowserPage) -> None:
    _open_the_door(page)
    page.wait_for_function("() => document.readyState === 'complete'")
    page.locator("#q").fill("o")
    page.wait_for_selector(".door-guests")


DOOR: Final = [
    Page("door link", lambda town: f"/door/open/{town.door_secret}", LINK),
    Page("door", lambda town: f"/door/open/{town.door_secret}", LINK, then=_look_for_somebody),
    Page("door, left", lambda _town: "/door/left", LINK),
    Page("door, the list not opened", _door("live"), STAFF, who="liaison"),
    Page("door, not open yet", _door("draft"), STAFF, who="liaison"),
    Page("door, closed", _door("ended"), STAFF, who="liaison"),
    Page("door, cancelled", _door("cancelled"), STAFF, who="liaison"),
]
