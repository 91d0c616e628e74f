"""``make pictures``: the pages of a fresh demo, as people see them at 390 and 1280 px, into ``docs/pictures``.

Starts a demo of its own in a folder that goes afterwards, signs in as each of its people, and takes what PICTURES names.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.chromium import MISSING, find_chromium
from tests.journeys.running_demo import ROOT, Demo

FOLDER: Final = ROOT / "docs" / "pictures"
SIZES: Final = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 900}}
# A picture of a whole long page shows nothing at the size of a README: so many CSS pixels are enough.
TALLEST: Final = {"phone": 2400, "desktop": 1700}
_QUALITY: Final = 82
_UNSTICK: Final = """
for (const each of document.querySelectorAll("body *"))
  if (getComputedStyle(each).position === "sticky") each.style.position = "static";
"""
_MAIN: Final = "harbor-falls"


@dataclass
class Things:
    """What stands in the demo: ids by the names that PICTURES uses."""

    demo: Demo
    found: dict[str, str] = field(default_factory=dict)

    def look(self) -> None:
        """Ask the demo's own API. Raises AssertionError where the made-up year lacks something."""
        coming = self._first(
            "/events/", status="published", kind="town_hall", q="traffic", ordering="starts_at"
        )
        live = self._first("/events/", status="live")
        told = self._first("/events/", status="reported", q="Town hall", ordering="-starts_at")
        late = self._first("/commitments/", late="true")
        kept = self._first("/commitments/", status="kept")
        ended = self._with_a_draft()
        full = next(event for event in self._all("/events/", status="published") if event["waitlist_count"])
        self.found |= {
            "event": coming["id"],
            "full": full["id"],
            "live": live["id"],
            "told": told["id"],
            "ended": ended,
            "late": str(late["number"]),
            "late_id": late["id"],
            "kept": str(kept["number"]),
            "place": self._an_rsvp(coming["id"]),
        }

    def _all(self, path: str, **wanted: str) -> list[dict[str, Any]]:
        with self.demo.api("liaison") as api:
            answer = api.get(path, params={"agency": _MAIN, "page_size": "50", **wanted})
            answer.raise_for_status()
            return list(answer.json()["results"])

    def _first(self, path: str, **wanted: str) -> dict[str, Any]:
        found = self._all(path, **wanted)
        assert found, f"The demo has nothing at {path} with {wanted}."
        return found[0]

    def _with_a_draft(self) -> str:
        """A meeting whose summary is being written."""
        with self.demo.api("liaison") as api:
            for event in self._all("/events/", status="ended", ordering="-starts_at"):
                answer = api.get(f"/events/{event['id']}/summary/")
                if answer.status_code == 200 and answer.json()["status"] == "draft":
                    return str(event["id"])
        raise AssertionError("The demo has no summary that is being written.")

    def _an_rsvp(self, event: str) -> str:
        """A resident's own link, to a place with what b4 shows: two people, an interpreter, a question."""
        wish = {
            "email": "resident@mail.example",
            "party_size": 2,
            "access_requests": [{"kind": "sign_language"}],
            "question": "May I say no to a search of my car?",
        }
        with self.demo.api() as api:
            answer = api.post(f"/events/{event}/rsvps/", json=wish)
            answer.raise_for_status()
            return str(answer.json()["manage_token"])


@dataclass(frozen=True)
class Picture:
    """name: of the file. path: with names of things in braces. who: a role of the demo, or nobody. then: before it is taken."""

    name: str
    path: str
    who: str = ""
    then: Callable[[Page], None] | None = None
    only: str = ""


def _send_it_empty(page: Page) -> None:
    page.get_by_role("button", name="Save my place").click()
    page.wait_for_load_state()


def _search(page: Page) -> None:
    """The list is opened first: who was shown it stands in the record."""
    if page.get_by_role("searchbox").count() == 0:
        page.get_by_role("button", name="Open the door list").click()
    # The made-up names are drawn by chance: some letter finds somebody who is not here yet.
    for letter in "naomlgcdfh":
        page.get_by_role("searchbox").fill(letter)
        page.wait_for_timeout(900)
        if page.get_by_role("button", name="Check in").count() > 1:
            return


_DESK: Final = f"/desk/{_MAIN}"
PICTURES: Final = (
    Picture("a-home", f"/agencies/{_MAIN}/"),
    Picture("a-meetings", f"/agencies/{_MAIN}/meetings/"),
    Picture("b1-event", "/events/{event}"),
    Picture("b2-event-errors", "/events/{event}", then=_send_it_empty),
    Picture("b3-event-full", "/events/{full}"),
    Picture("b4-place-saved", "/r/{place}?new"),
    Picture("b5-right-to-left", "/ar/events/{event}"),
    Picture("b6-spanish", "/es/events/{event}"),
    Picture("c-what-we-heard", "/events/{told}/summary"),
    Picture("c-summaries", f"/agencies/{_MAIN}/heard/"),
    Picture("d1-promises", f"/agencies/{_MAIN}/promises/"),
    Picture("d2-promise", f"/agencies/{_MAIN}/promises/{{late}}/"),
    Picture("d3-promise-kept", f"/agencies/{_MAIN}/promises/{{kept}}/"),
    Picture("ask-us", f"/agencies/{_MAIN}/ask/"),
    Picture("privacy", f"/agencies/{_MAIN}/privacy/"),
    Picture("s-not-found", "/nothing-here"),
    Picture("sign-in", "/accounts/login/"),
    Picture("e1-board", f"{_DESK}/", "liaison"),
    Picture("e2-workspace", f"{_DESK}/events/{{event}}/", "liaison"),
    Picture("e3-plan-an-event", f"{_DESK}/events/new", "liaison"),
    Picture("e4-rsvps", f"{_DESK}/events/{{event}}/rsvps/", "liaison"),
    Picture("e5-needs", f"{_DESK}/events/{{event}}/needs/", "liaison"),
    Picture("e6-outreach", f"{_DESK}/events/{{event}}/outreach/", "liaison"),
    Picture("f1-door", "/door/{live}/", "liaison", then=_search),
    Picture("g-notes", f"{_DESK}/events/{{live}}/notes/", "liaison"),
    Picture("g-questions", f"{_DESK}/contributions/", "liaison"),
    Picture("g-summary", f"{_DESK}/events/{{ended}}/summary/", "liaison"),
    Picture("h-follow-through", f"{_DESK}/follow-through/", "leader"),
    Picture("h-approvals", f"{_DESK}/approvals/", "leader"),
    Picture("h-promise", f"{_DESK}/commitments/{{late_id}}/", "leader"),
    Picture("office", f"{_DESK}/office/", "admin"),
    Picture("office-appearance", f"{_DESK}/office/look/", "admin"),
    Picture("p1-sign-in-sheet", f"{_DESK}/events/{{event}}/sign-in-sheet", "liaison", only="desktop"),
    Picture("p2-poster", "/events/{event}/poster", only="desktop"),
    Picture("styleguide", "/styleguide/"),
)


def take_all(browser: Browser, things: Things, wanted: set[str]) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    base = things.demo.credentials["base_url"]
    for size, viewport in SIZES.items():
        contexts: dict[str, BrowserContext] = {}
        for picture in PICTURES:
            if (wanted and picture.name not in wanted) or (picture.only and picture.only != size):
                continue
            if picture.who not in contexts:
                contexts[picture.who] = browser.new_context(base_url=base, viewport=viewport)
                _sign_in(contexts[picture.who], things.demo, picture.who)
            _take(contexts[picture.who], things, picture, size)
        for context in contexts.values():
            context.close()


def _sign_in(context: BrowserContext, demo: Demo, role: str) -> None:
    if not role:
        return
    person, page = demo.person(role), context.new_page()
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(person["email"])
    page.locator("input[name=password]").fill(person["password"])
    page.get_by_role("button", name="Sign in", exact=True).first.click()
    page.wait_for_url(lambda address: "/login" not in address)
    page.close()


def _take(context: BrowserContext, things: Things, picture: Picture, size: str) -> None:
    page = context.new_page()
    page.goto(picture.path.format_map(things.found))
    if picture.then is not None:
        picture.then(page)
    page.evaluate("document.fonts.ready")
    # A bar that sticks to the window's edge would lie across the middle of a tall picture.
    page.evaluate(_UNSTICK)
    tall = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST[size])
    page.screenshot(
        path=FOLDER / f"{picture.name}-{size}.jpg",
        type="jpeg",
        quality=_QUALITY,
        full_page=True,
        clip={"x": 0, "y": 0, "width": SIZES[size]["width"], "height": tall},
    )
    print(f"{picture.name}, {size}")
    page.close()


def main(names: list[str]) -> int:
    """names: of pictures; none for all of them."""
    chromium = find_chromium()
    if chromium is None:
        print(f"No pictures: {MISSING}.")
        return 1
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        os.environ.setdefault("PORT", "8470")
        demo = Demo(Path(folder) / "demo")
        demo.folder.mkdir()
        try:
            demo.start(patience=180)
            things = Things(demo)
            things.look()
            browser = playwright.chromium.launch(executable_path=chromium)
            take_all(browser, things, set(names))
            browser.close()
        finally:
            demo.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
