"""A page that somebody prints: what it says on as few sheets as it needs, and nothing to press."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Final

import pytest
from playwright.sync_api import Page

from tests.browser.town import Town

_SEEN: Final = """
() => {
  const seen = [...document.querySelectorAll('form, button, input, select, nav, .usa-button, summary')]
    .filter(each => each.checkVisibility());
  const empty = [...document.querySelectorAll('main section')].filter(each => each.checkVisibility() &&
    ![...each.children].some(child => !/^H[1-6]$/.test(child.tagName) && child.checkVisibility()));
  return [...seen, ...empty].map(each => each.outerHTML.slice(0, 80));
}
"""


def sheets(page: Page) -> int:
    """How many sheets of Letter paper the browser prints."""
    sent = page.context.new_cdp_session(page).send("Page.printToPDF", {"paperWidth": 8.5, "paperHeight": 11})
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", base64.b64decode(sent["data"])))


@pytest.mark.parametrize(
    ("path", "most"),
    [
        pytest.param(
            lambda town: f"/agencies/{town.agency.slug}/promises/{town.commitments['late'].number}/",
            1,
            id="promise",
        ),
        pytest.param(lambda town: f"/r/{town.link('confirmed')}", 1, id="ticket"),
        pytest.param(lambda town: f"/agencies/{town.agency.slug}/", 2, id="home"),
        pytest.param(lambda town: f"/events/{town.events['ahead'].pk}", 2, id="event"),
    ],
)
def test_a_page_on_paper_says_what_it_says_and_has_nothing_to_press(
    desktop: Page, town: Town, path: Callable[[Town], str], most: int
) -> None:
    desktop.emulate_media(color_scheme="dark")
    desktop.goto(path(town))
    assert sheets(desktop) <= most
    desktop.emulate_media(media="print", color_scheme="dark")
    assert desktop.evaluate(_SEEN) == []


def test_the_first_sheet_of_an_agencys_page_is_not_left_empty(desktop: Page, town: Town) -> None:
    desktop.goto(f"/agencies/{town.agency.slug}/")
    desktop.emulate_media(media="print")
    kept_whole = desktop.evaluate(
        "() => [...document.querySelectorAll('main *')].filter(each => getComputedStyle(each).breakInside === 'avoid')"
        ".map(each => each.getBoundingClientRect().height)"
    )
    assert max(kept_whole) <= 250  # of the 960 px of a sheet
