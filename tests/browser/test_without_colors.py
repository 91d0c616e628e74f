"""Where the reader's system gives everything its own colours, what was told by colour is told by shape."""

from __future__ import annotations

from typing import Any, Final

import pytest
from playwright.sync_api import Page

from tests.browser.town import Town

_FORCED: Final[list[dict[str, Any]]] = [
    {"forced_colors": "active", "color_scheme": "light"},
    {"forced_colors": "active", "color_scheme": "dark"},
]
_MARKS: Final = ("kept", "part", "track", "risk", "moved", "late", "failed", "stopped", "draft")
_ALL_BLACK: Final = """
() => { const sheet = new CSSStyleSheet();
  sheet.replaceSync('.mark, .mark * { color: #000 !important } .mark__inside { display: none }');
  document.adoptedStyleSheets = [sheet]; }
"""
_LINES: Final = """
links => links.map(each => ({here: each.hasAttribute('aria-current'),
  line: getComputedStyle(each).borderBlockEndColor, under: getComputedStyle(each).textDecorationLine}))
"""


@pytest.mark.parametrize("asked", [*_FORCED, {}], ids=["forced, light", "forced, dark", "one ink"])
def test_each_status_has_a_shape_of_its_own_in_one_color(
    desktop: Page, town: Town, asked: dict[str, Any]
) -> None:
    desktop.emulate_media(**asked)
    desktop.goto("/styleguide/")
    if not asked:
        desktop.evaluate(_ALL_BLACK)
    pictures: dict[bytes, str] = {}
    for name in _MARKS:
        mark = desktop.locator(f"main .status > .mark--{name}").first
        assert mark.count() == 1, name
        taken = mark.screenshot()
        assert taken not in pictures, f"{name} looks like {pictures[taken]}"
        pictures[taken] = name


@pytest.mark.parametrize("asked", _FORCED, ids=["light", "dark"])
def test_the_page_one_is_on_is_told_by_a_line_that_the_others_lack(
    phone: Page, town: Town, asked: dict[str, Any]
) -> None:
    phone.emulate_media(**asked)
    phone.goto(f"/agencies/{town.agency.slug}/promises/")
    links = phone.get_by_role("navigation", name="Main").get_by_role("link").evaluate_all(_LINES)
    (here,) = (each for each in links if each["here"])
    assert here["under"] == "underline"
    assert all(each["line"] != here["line"] and each["under"] == "none" for each in links if not each["here"])


def test_a_code_is_black_on_white_with_white_around_it_on_a_dark_page(phone: Page, town: Town) -> None:
    for asked in ({"color_scheme": "dark"}, *_FORCED):
        phone.emulate_media(**asked)  # type: ignore[arg-type]
        phone.goto(f"/r/{town.link('confirmed')}")
        told = phone.locator(".qr").evaluate(
            "e => ({ground: getComputedStyle(e).backgroundColor, around: parseFloat(getComputedStyle(e).paddingTop),"
            " square: (e.clientWidth - 2 * parseFloat(getComputedStyle(e).paddingTop)) / e.viewBox.baseVal.width,"
            " ink: getComputedStyle(e.querySelector('path')).stroke})"
        )
        assert (told["ground"], told["ink"]) == ("rgb(255, 255, 255)", "rgb(0, 0, 0)")
        assert told["around"] >= 3.9 * told["square"]


def test_paper_is_light_whatever_the_screen_is(desktop: Page, town: Town) -> None:
    desktop.emulate_media(color_scheme="dark")
    desktop.goto(f"/agencies/{town.agency.slug}/")
    ground = "() => getComputedStyle(document.body).backgroundColor"
    assert desktop.evaluate(ground) == "rgb(28, 29, 31)"
    desktop.emulate_media(color_scheme="dark", media="print")
    assert desktop.evaluate(ground) == "rgb(255, 255, 255)"
