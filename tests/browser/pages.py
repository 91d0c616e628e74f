"""Every page that people can open, and how to get there: ONE table, which the tests of every page walk through.

To add a page, add a row to PAGES:

    Page("promise, late", lambda town: f"/promises/{town.promises['late'].pk}", PUBLIC)
    Page("workspace, needs", lambda town: f"/desk/meetings/{town.meetings['ahead'].pk}/needs", STAFF, who="liaison")
    Page("event, errors", lambda town: f"/events/{town.meetings['ahead'].pk}", PUBLIC, then=save_an_empty_form)

- the path is the English one; what stands in the town is made in ``tests/browser/town_building.py``;
- PUBLIC pages have their Spanish under ``/es/…``, pages behind a LINK speak the language of its row, STAFF pages that of
  the person who is signed in, as do the pages before signing in (of the browser);
- ``who``: liaison, leader, admin or panelist; empty for nobody;
- ``then``: what to do on the page before it is looked at (fill in nothing and press the button, open a menu); it must
  change nothing in the database, since a whole file shares one town;
- ``status``: what the first answer's status is, where it is not 200.

Then run ``.venv/bin/python -m pytest -n 0 tests/browser/test_every_page_in_english.py -k "<name>"``. What is looked at
stands in ``tests/browser/every_page.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.utils import translation
from playwright.sync_api import Page as BrowserPage

from engage.resident_links import Purpose
from events.flood_undoing import remember_connection
from tests.browser.page import LINK, PUBLIC, STAFF, Page
from tests.browser.pages_of_leadership import LEAD, OFFICE
from tests.browser.pages_of_the_door import DOOR
from tests.browser.planning_acts import ask_for_a_time_that_comes_twice, save_nothing_planned
from tests.browser.town import Town


def _event(name: str) -> Callable[[Town], str]:
    return lambda town: f"/events/{town.meetings[name].pk}"


def _place(name: str, more: str = "", purpose: Purpose = Purpose.RSVP_SCREEN) -> Callable[[Town], str]:
    return lambda town: f"/r/{town.link(name, purpose)}{more}"


def _at(path: str) -> Callable[[Town], str]:
    return lambda _town: path


def press(name: str) -> Callable[[BrowserPage], None]:
    """Press the first button in the page's content that is called so, in the language of the page."""

    def pressed(page: BrowserPage) -> None:
        with translation.override(page.locator("html").get_attribute("lang") or "en"):
            said = translation.gettext(name)
        page.get_by_role("main").get_by_role("button", name=said).first.click()

    return pressed


def _wrong_password(page: BrowserPage) -> None:
    page.locator("input[name=login]").fill("nobody@staff.example")
    page.locator("input[name=password]").fill("not this one, surely")
    page.locator("form:has(input[name=password]) button").first.click()


def _save_without_an_address(page: BrowserPage) -> None:
    page.locator("#rsvp button.usa-button--big").click()
    page.wait_for_selector("#errors")


def _save_without_a_key(page: BrowserPage) -> None:
    """As a browser without JavaScript does it: the page asks once more, and nothing is saved."""
    page.locator("#id_email").fill("maya@mail.example")
    page.evaluate("() => { document.querySelector('#rsvp [data-fresh-key]').value = ''; }")
    page.locator("#rsvp button.usa-button--big").click()
    page.wait_for_selector("button[name=change]")


def _open_everything(page: BrowserPage) -> None:
    page.evaluate(
        "() => { for (const each of document.querySelectorAll('#rsvp details')) each.open = true; }"
    )
    for box in page.locator("#rsvp .needs input[type=checkbox]").all():
        box.check(force=True)


RESIDENTS: Final = [
    Page("agency home", lambda town: f"/agencies/{town.agency.slug}/", PUBLIC),
    Page("agency's meetings", lambda town: f"/agencies/{town.agency.slug}/meetings/", PUBLIC),
    Page("agency's meetings, past", lambda town: f"/agencies/{town.agency.slug}/meetings/?when=past", PUBLIC),
    Page(
        "agency's meetings, none", lambda town: f"/agencies/{town.agency.slug}/meetings/?language=so", PUBLIC
    ),
    Page("event", _event("ahead"), PUBLIC),
    Page("event, all that a place may need", _event("ahead"), PUBLIC, then=_open_everything),
    Page("event, errors", _event("ahead"), PUBLIC, then=_save_without_an_address),
    Page("event, is this right", _event("ahead"), PUBLIC, then=_save_without_a_key),
    Page("event, ask", lambda town: f"/events/{town.meetings['ahead'].pk}/ask", PUBLIC),
    Page("event, asked", lambda town: f"/events/{town.meetings['ahead'].pk}/ask?sent", PUBLIC),
    Page("event, my link again", lambda town: f"/events/{town.meetings['ahead'].pk}/my-link", PUBLIC),
    Page("event, full", _event("full"), PUBLIC),
    Page("event, no RSVP", _event("no-rsvp"), PUBLIC),
    Page("event, online", _event("online"), PUBLIC),
    Page("event, live", _event("live"), PUBLIC),
    Page("event, ended", _event("ended"), PUBLIC),
    Page("event, reported", _event("reported"), PUBLIC),
    Page("event, cancelled", _event("cancelled"), PUBLIC),
    Page("place, confirmed", _place("confirmed"), LINK),
    Page("place, by mail", _place("confirmed", purpose=Purpose.RSVP_MAIL), LINK),
    Page("place, offered", _place("offered"), LINK),
    Page("place, waiting", _place("waiting"), LINK),
    Page("place, cancelled", _place("cancelled"), LINK),
    Page("place, cancel it", _place("confirmed", "/cancel"), LINK),
    Page("place, accept the offer", lambda town: f"/accept/{town.link('offered', Purpose.ACCEPT)}", LINK),
    Page("place, a new link", _place("confirmed", "/new-link"), LINK),
    Page("place, its link is new", _place("no-messages", "?renewed"), LINK),
    Page("place, what we hold", _place("confirmed", "/data", Purpose.RSVP_MAIL), LINK),
    Page("place, erase", _place("confirmed", "/erase", Purpose.RSVP_MAIL), LINK),
    Page("place, not me", _place("confirmed", "/not-me", Purpose.RSVP_MAIL), LINK),
    Page("confirm a subscription", lambda town: f"/confirm/{town.confirm_link}", LINK),
    Page("stop the mails", lambda town: f"/unsubscribe/{town.stop_link}", LINK),
    Page("code on a ticket", lambda town: f"/c/{town.places['confirmed'].checkin_code}", LINK),
    Page("nothing at a link", _at("/r/" + "a" * 53), LINK, status=404),
    Page("nothing here", _at("/nothing/here"), LINK, status=404),
]


def _agencys(path: str) -> Callable[[Town], str]:
    return lambda town: f"/agencies/{town.agency.slug}/{path}"


def _promise(name: str) -> Callable[[Town], str]:
    return lambda town: f"/agencies/{town.agency.slug}/promises/{town.promises[name].number}/"


def _send_nothing(page: BrowserPage) -> None:
    page.locator("main form button").click()
    page.wait_for_selector("#errors")


PROMISES: Final = [
    Page("promises", _agencys("promises/"), PUBLIC),
    *(
        Page(f"promise, {name}", _promise(name), PUBLIC)
        for name in ("open", "on-track", "late", "moved", "kept", "kept-late", "not-kept", "stopped")
    ),
    Page("what we heard", _agencys("heard/"), PUBLIC),
    Page("summary", lambda town: f"/events/{town.meetings['reported'].pk}/summary", PUBLIC),
    Page("ask us", _agencys("ask/"), PUBLIC),
    Page("a security problem", _at("/security"), PUBLIC),
    Page("offline", lambda _town: "/offline", PUBLIC),
    Page("ask us, errors", _agencys("ask/"), PUBLIC, then=_send_nothing),
    Page("follow", _agencys("follow"), PUBLIC),
    Page("follow, errors", _agencys("follow"), PUBLIC, then=_send_nothing),
    Page("privacy", _agencys("privacy/"), PUBLIC),
    Page("accessibility", _agencys("accessibility/"), PUBLIC),
]

ACCOUNT: Final = [
    Page("invitation", lambda town: f"/invitation/{town.invitation_link}", LINK),
    Page("sign in", _at("/accounts/login/"), STAFF),
    Page("sign in, wrong", _at("/accounts/login/"), STAFF, then=_wrong_password),
    Page("password forgotten", _at("/accounts/password/reset/"), STAFF),
    Page("password forgotten, told", _at("/accounts/password/reset/done/"), STAFF),
    Page("desk, liaison", _at("/accounts/"), STAFF, who="liaison"),
    Page("desk, administrator", _at("/accounts/"), STAFF, who="admin"),
    Page("sign out", _at("/accounts/logout/"), STAFF, who="liaison"),
    Page("is it still you", _at("/accounts/reauthenticate/"), STAFF, who="liaison"),
    Page("change the password", _at("/accounts/password/change/"), STAFF, who="liaison"),
    Page("second factors", _at("/accounts/2fa/"), STAFF, who="liaison"),
    Page("authenticator app", _at("/accounts/2fa/totp/activate/"), STAFF, who="liaison"),
    Page("passkeys", _at("/accounts/2fa/webauthn/"), STAFF, who="liaison"),
    Page("passkey, add", _at("/accounts/2fa/webauthn/add/"), STAFF, who="liaison"),
]


def _desk(path: str, meeting: str = "", said: str = "") -> Callable[[Town], str]:
    """path: below the agency's desk, with ``{e}`` for the meeting, ``{s}`` for what was said, ``{d}`` and ``{t}``."""

    def at(town: Town) -> str:
        ids = {"e": town.meetings[meeting].pk if meeting else "", "s": town.said[said].pk if said else ""}
        return f"/desk/{town.agency.slug}/" + path.format(**ids, d=town.dialogue.pk, t=town.theme.pk)

    return at


def _liaisons(name: str, path: str, *of: str, **more: Any) -> Page:
    return Page(name, _desk(path, *of), STAFF, who="liaison", **more)


LISTENING: Final = [
    _liaisons("notes", "events/{e}/notes/", "live"),
    _liaisons("notes, errors", "events/{e}/notes/", "live", then=press("Save note")),
    _liaisons("note, edit", "events/{e}/notes/{s}/edit", "live", "note"),
    _liaisons("note, make a promise", "events/{e}/notes/{s}/promise", "live", "note"),
    _liaisons("questions", "questions/"),
    _liaisons("questions, none", "questions/?kind=thanks"),
    *(_liaisons(f"questions of an event, {state}", f"events/{{e}}/questions/?state={state}", "ahead")
      for state in ("waiting", "shown", "hidden")),
    *(_liaisons(f"question, {act}", f"questions/{{s}}/{act}", "", "answered")
      for act in ("", "hide", "theme", "answer", "correct")),
    _liaisons("question, written down", "events/{e}/questions/write", "ahead"),
    _liaisons("themes", "events/{e}/themes/", "reported"),
    _liaisons("theme", "themes/{t}/"),
    _liaisons("theme, remove", "themes/{t}/remove"),
    _liaisons("dialogues", "dialogues/"),
    _liaisons("dialogue, new", "dialogues/new"),
    _liaisons("dialogue", "dialogues/{d}/"),
    _liaisons("dialogue, delete", "dialogues/{d}/delete"),
    *(_liaisons(f"summary of an event, {name}", "events/{e}/summary/", name)
      for name in ("ahead", "ended", "to-approve", "approved", "reported")),
    _liaisons("summary of an event, preview", "events/{e}/summary/preview", "reported"),
    _liaisons("summary of an event, publish", "events/{e}/summary/publish", "approved"),
    Page("summary of an event, approve", _desk("events/{e}/summary/approve", "to-approve"), STAFF, who="leader"),
]  # fmt: skip


def _a_flood(more: str) -> Callable[[Town], str]:
    """From one connection. Marked again at each visit, since the cache is emptied before every test."""

    def at(town: Town) -> str:
        for place in town.flood:
            remember_connection(place, "203.0.113.9")
        event, first = town.flood[0].event_id, min(place.pk for place in town.flood)
        return f"/desk/{town.agency.slug}/events/{event}/rsvps/" + more.format(first=first)

    return at


def _at_its_desk(way: Callable[[Town], str]) -> Callable[[Town], str]:
    return lambda town: f"/desk/{town.agency.slug}/events/{way(town)}"


def _place_at_the_desk(more: str = "") -> Callable[[Town], str]:
    return _at_its_desk(
        lambda town: f"{town.places['confirmed'].event_id}/rsvps/{town.places['confirmed'].pk}/{more}"
    )


DESK: Final = [
    _liaisons("board", ""),
    _liaisons("board, mine", "?show=mine"),
    _liaisons("find an event", "events/"),
    _liaisons("find an event, none", "events/?q=nothing+like+it"),
    _liaisons("copy an event", "events/?copy=1"),
    _liaisons("plan an event", "events/new"),
    _liaisons("plan an event, errors", "events/new", then=save_nothing_planned),
    _liaisons("plan an event, twice", "events/new", then=ask_for_a_time_that_comes_twice),
    *(_liaisons(f"workspace, {name}", "events/{e}/", name) for name in ("draft", "ahead", "live", "ended", "reported", "cancelled")),
    Page("workspace, to a leader", _desk("events/{e}/", "ahead"), STAFF, who="leader"),
    _liaisons("edit an event", "events/{e}/edit", "ahead"),
    _liaisons("publish an event", "events/{e}/publish", "draft"),
    _liaisons("cancel an event", "events/{e}/cancel", "ahead"),
    _liaisons("delete a draft", "events/{e}/delete", "draft"),
    _liaisons("add to the checklist", "events/{e}/checklist/new", "ahead"),
    _liaisons("RSVPs", "events/{e}/rsvps/", "ahead"),
    Page("RSVPs, a flood", _a_flood(""), STAFF, who="liaison"),
    Page("RSVPs, cancel a flood", _a_flood("flood?first={first}"), STAFF, who="liaison"),
    _liaisons("RSVPs, none", "events/{e}/rsvps/", "draft"),
    _liaisons("a place for a caller", "events/{e}/rsvps/new", "ahead"),
    Page("a place at the desk", _place_at_the_desk(), STAFF, who="liaison"),
    Page("a place at the desk, cancel", _place_at_the_desk("cancel"), STAFF, who="liaison"),
    _liaisons("needs", "events/{e}/needs/", "ahead"),
    Page("a need", _at_its_desk(lambda town: f"{town.need.event_id}/needs/{town.need.pk}/"), STAFF, who="liaison"),
    _liaisons("reading more names", "readings/"),
    _liaisons("outreach", "events/{e}/outreach/", "ahead"),
    _liaisons("reminders", "reminders/"),
    _liaisons("add a reminder", "reminders/new"),
    _liaisons("places to meet", "places/"),
    _liaisons("add a place to meet", "places/new"),
    Page("a place to meet", lambda town: f"/desk/{town.agency.slug}/places/{town.venue.pk}", STAFF, who="liaison"),
    _liaisons("door devices", "events/{e}/door-links/", "ahead"),
    _liaisons("sign-in sheet", "events/{e}/sign-in-sheet", "ahead"),
    _liaisons("on the wall", "events/{e}/wall", "live"),
    Page("event, ask, live", lambda town: f"/events/{town.meetings['live'].pk}/ask", PUBLIC),
    Page("event, live, from the wall", lambda town: f"/events/{town.meetings['live'].pk}/ask?room=K7QMWX", PUBLIC),
    Page("poster", lambda town: f"/events/{town.meetings['ahead'].pk}/poster", PUBLIC),
]  # fmt: skip

PAGES: Final = [*RESIDENTS, *PROMISES, *ACCOUNT, *LISTENING, *DESK, *LEAD, *OFFICE, *DOOR]
