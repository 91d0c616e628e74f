"""What is looked at on every page, in one visit: the checks behind ``test_every_page_in_english`` and ``…_in_spanish``.

On a phone and on a desktop axe finds nothing (WCAG 2.2 AA and best practice); nothing sticks out at 320 px, with WCAG's text
spacing too; the page speaks the language asked for, has one heading of the first level and a title; and by the guard,
nothing leaves the origin, breaks the content policy or fails in a script. In dark and in forced colours axe looks again
(``test_every_page_in_other_colors``).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page as BrowserPage

from tests.browser.looking import SMALL, axe, broken_words, no_sideways_scroll, too_wide
from tests.browser.opening import DESKTOP, PHONE, Opened, opened, signed_in
from tests.browser.pages import PAGES, Page
from tests.browser.running_site import Site
from tests.browser.town import Town

by_name: Final = pytest.mark.parametrize("page", [pytest.param(page, id=page.name) for page in PAGES])
# What a reader's system may ask for beside the light pages. Forced colours come on a dark ground as often as not.
OTHER_COLORS: Final[dict[str, dict[str, Any]]] = {
    "in dark": {"color_scheme": "dark"},
    "in forced colors": {"color_scheme": "dark", "forced_colors": "active"},
}
_AS_MOST: Final[dict[str, Any]] = {"color_scheme": "light", "forced_colors": "none"}
# Looked at in other colours each time; all of them where there is time for what is slow.
_ALWAYS: Final = frozenset({
    "first page of all", "agency home", "event", "event, errors", "RSVP, confirmed", "commitments", "commitment, late", "summary",
    "board", "workspace, ahead", "notes", "follow-through", "sign in",
})  # fmt: skip
by_name_few_at_first: Final = pytest.mark.parametrize(
    "page",
    [
        pytest.param(page, id=page.name, marks=() if page.name in _ALWAYS else pytest.mark.slow)
        for page in PAGES
    ],
)
_BROWSERS_LANGUAGE: Final = {"en": "en-US", "es": "es-US"}


@dataclass
class Visitor:
    """Keeps one open page for each person, since a new one for each visit takes as long as the looking."""

    browser: Browser
    site: Site
    town: Town
    rest: contextlib.ExitStack
    at: dict[str, Opened] = field(default_factory=dict)

    def visit(self, page: Page) -> list[str]:
        """Everything that is wrong with the page; empty where all is well."""
        made = self._as(page.who)
        shown = made.page
        shown.set_viewport_size(PHONE)  # type: ignore[arg-type]
        answer = shown.goto(page.address(self.town))
        assert answer is not None
        if answer.status != page.status:
            return [f"answered {answer.status}, not {page.status}, at {shown.url}", *made.guard.taken()]
        if urlsplit(shown.url).path != urlsplit(page.address(self.town)).path:
            return [f"led elsewhere, to {shown.url}", *made.guard.taken()]
        if page.then:
            page.then(shown)
            shown.wait_for_load_state()
        found = _what_it_says(shown, self.town.language)
        found += [f"on a phone, {one}" for one in axe(shown)]
        found += [f"on a phone, {one}" for one in broken_words(shown)]
        found += no_sideways_scroll(shown)
        shown.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
        found += [f"on a desktop, {one}" for one in axe(shown) + broken_words(shown)]
        return found + made.guard.taken()

    def visit_in_other_colors(self, page: Page) -> list[str]:
        """What axe finds where the reader's system asks for dark pages, or gives everything its own colours."""
        made = self._as(page.who)
        shown = made.page
        shown.set_viewport_size(PHONE)  # type: ignore[arg-type]
        shown.goto(page.address(self.town))
        if page.then:
            page.then(shown)
            shown.wait_for_load_state()
        found = []
        for name, asked in OTHER_COLORS.items():
            shown.emulate_media(**asked)
            found += [f"{name}, {one}" for one in axe(shown) + too_wide(shown, SMALL)]
        shown.emulate_media(**_AS_MOST)
        return found + made.guard.taken()

    def _as(self, who: str) -> Opened:
        if who not in self.at:
            language = _BROWSERS_LANGUAGE[self.town.language]
            made = self.rest.enter_context(opened(self.browser, self.site.url, size=PHONE, language=language))
            if who:
                signed_in(made.page, self.town.people[who])
            self.at[who] = made
        return self.at[who]


@pytest.fixture(scope="module")
def visitor(browser: Browser, site: Site, town: Town) -> Iterator[Visitor]:
    with contextlib.ExitStack() as rest:
        yield Visitor(browser, site, town, rest)


def _what_it_says(shown: BrowserPage, language: str) -> list[str]:
    said: dict[str, Any] = shown.evaluate(
        "() => ({lang: document.documentElement.lang, title: document.title.trim(),"
        " first: [...document.querySelectorAll('h1')].map(h => h.innerText.trim()),"
        " stops: document.body.innerText.match(/.{0,30}[^.]\\.\\.(?!\\.).{0,5}/g) || []})"
    )
    found = []
    if said["lang"].split("-")[0] != language:
        found.append(f"speaks “{said['lang']}”, not “{language}”")
    if not said["title"]:
        found.append("has no title")
    if len(said["first"]) != 1 or not said["first"][0]:
        found.append(f"has not one heading of the first level: {said['first']}")
    found += [f"ends a sentence twice: “{words}”" for words in said["stops"]]
    return found
