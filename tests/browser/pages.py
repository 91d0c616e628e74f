"""Every page that people can open, and how to get there: ONE table, which the tests of every page walk through.

To add a page, add a row to PAGES:

    Page("commitment, late", lambda town: f"/promises/{town.commitments['late'].pk}", PUBLIC)
    Page("workspace, needs", lambda town: f"/desk/meetings/{town.events['ahead'].pk}/needs", STAFF, who="liaison")
    Page("event, errors", lambda town: f"/events/{town.events['ahead'].pk}", PUBLIC, then=save_an_empty_form)

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

from django.utils import timezone, translation
from playwright.sync_api import Page as BrowserPage

from engage.contacts.links import Purpose
from engage.readings.models import ReadingRequest
from events.rsvps.floods import ask_about, floods_of, remember_connection
from tests.browser.page import LINK, PUBLIC, STAFF, Page
from tests.browser.pages_of_leadership import LEAD, OFFICE
from tests.browser.pages_of_the_door import DOOR
from tests.browser.planning_acts import ask_for_a_time_that_comes_twice, save_nothing_planned
from tests.browser.town import Town


def _event(name: str) -> Callable[[Town], str]:
    return lambda town: f"/events/{town.events[name].pk}"


def _rsvp(name: str, more: str = "", purpose: Purpose = Purpose.RSVP_SCREEN) -> Callable[[Town], str]:
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
    Page("first page of all", _at("/"), PUBLIC),
    Page("first page of all, found", _at("/?q=ward"), PUBLIC),
    Page("first page of all, nothing found", _at("/?q=nowhere"), PUBLIC),
    Page("agency home", lambda town: f"/agencies/{town.agency.slug}/", PUBLIC),
    Page("agency's events", lambda town: f"/agencies/{town.agency.slug}/meetings/", PUBLIC),
    Page("agency's events, past", lambda town: f"/agencies/{town.agency.slug}/meetings/?when=past", PUBLIC),
    Page("agency's events, none", lambda town: f"/agencies/{town.agency.slug}/meetings/?language=so", PUBLIC),
    Page("event", _event("ahead"), PUBLIC),
    Page("event, all that an RSVP may need", _event("ahead"), PUBLIC, then=_open_everything),
    Page("event, errors", _event("ahead"), PUBLIC, then=_save_without_an_address),
    Page("event, is this right", _event("ahead"), PUBLIC, then=_save_without_a_key),
    Page("event, ask", lambda town: f"/events/{town.events['ahead'].pk}/ask", PUBLIC),
    Page("event, asked", lambda town: f"/events/{town.events['ahead'].pk}/ask?sent", PUBLIC),
    Page("event, my link again", lambda town: f"/events/{town.events['ahead'].pk}/my-link", PUBLIC),
    Page("event, full", _event("full"), PUBLIC),
    Page("event, no RSVP", _event("no-rsvp"), PUBLIC),
    Page("event, online", _event("online"), PUBLIC),
    Page("event, live", _event("live"), PUBLIC),
    Page("event, ended", _event("ended"), PUBLIC),
    Page("event, reported", _event("reported"), PUBLIC),
    Page("event, cancelled", _event("cancelled"), PUBLIC),
    Page("RSVP, confirmed", _rsvp("confirmed"), LINK),
    Page("RSVP, by mail", _rsvp("confirmed", purpose=Purpose.RSVP_MAIL), LINK),
    Page("RSVP, offered", _rsvp("offered"), LINK),
    Page("RSVP, waiting", _rsvp("waiting"), LINK),
    Page("RSVP, cancelled", _rsvp("cancelled"), LINK),
    Page("RSVP, cancel it", _rsvp("confirmed", "/cancel"), LINK),
    Page("RSVP, accept the offer", lambda town: f"/accept/{town.link('offered', Purpose.ACCEPT)}", LINK),
    Page("RSVP, correct the address", _rsvp("confirmed", "/address"), LINK),
    Page("RSVP, its address is corrected", _rsvp("confirmed", "?address"), LINK),
    Page("RSVP, add an address", _rsvp("no-messages", "/address"), LINK),
    Page("RSVP, a new link", _rsvp("confirmed", "/new-link"), LINK),
    Page("RSVP, its link is new", _rsvp("no-messages", "?renewed"), LINK),
    Page("RSVP, what we hold", _rsvp("confirmed", "/data", Purpose.RSVP_MAIL), LINK),
    Page("RSVP, erase", _rsvp("confirmed", "/erase", Purpose.RSVP_MAIL), LINK),
    Page("RSVP, not me", _rsvp("confirmed", "/not-me", Purpose.RSVP_MAIL), LINK),
    Page("confirm a subscription", lambda town: f"/confirm/{town.confirm_link}", LINK),
    Page("stop the mails", lambda town: f"/unsubscribe/{town.stop_link}", LINK),
    Page("code on a ticket", lambda town: f"/c/{town.rsvps['confirmed'].checkin_code}", LINK),
    Page("nothing at a link", _at("/r/" + "a" * 53), LINK, status=404),
    Page("nothing here", _at("/nothing/here"), LINK, status=404),
]


def _agencys(path: str) -> Callable[[Town], str]:
    return lambda town: f"/agencies/{town.agency.slug}/{path}"


def _commitment(name: str) -> Callable[[Town], str]:
    return lambda town: f"/agencies/{town.agency.slug}/promises/{town.commitments[name].number}/"


def _send_nothing(page: BrowserPage) -> None:
    page.locator("main form button").click()
    page.wait_for_selector("#errors")


COMMITMENTS: Final = [
    Page("commitments", _agencys("promises/"), PUBLIC),
    *(
        Page(f"commitment, {name}", _commitment(name), PUBLIC)
        for name in ("open", "on-track", "late", "moved", "kept", "kept-late", "not-kept", "stopped")
    ),
    Page("summaries", _agencys("heard/"), PUBLIC),
    Page("summary", lambda town: f"/events/{town.events['reported'].pk}/summary", PUBLIC),
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


def _desk(path: str, event: str = "", contribution: str = "") -> Callable[[Town], str]:
    """path: below the agency's desk, with ``{e}`` for the meeting, ``{s}`` for what was said, ``{d}`` and ``{t}``."""

    def at(town: Town) -> str:
        ids = {
            "e": town.events[event].pk if event else "",
            "s": town.contributions[contribution].pk if contribution else "",
        }
        return f"/desk/{town.agency.slug}/" + path.format(**ids, d=town.dialogue.pk, t=town.theme.pk)

    return at


def _liaisons(name: str, path: str, *of: str, **more: Any) -> Page:
    return Page(name, _desk(path, *of), STAFF, who="liaison", **more)


LISTENING: Final = [
    _liaisons("notes", "events/{e}/notes/", "live"),
    _liaisons("notes, errors", "events/{e}/notes/", "live", then=press("Save note")),
    _liaisons("note, edit", "events/{e}/notes/{s}/edit", "live", "note"),
    _liaisons("note, make a commitment", "events/{e}/notes/{s}/commitment", "live", "note"),
    _liaisons("contributions", "contributions/"),
    _liaisons("contributions, none", "contributions/?kind=thanks"),
    *(_liaisons(f"contributions of an event, {state}", f"events/{{e}}/contributions/?state={state}", "ahead")
      for state in ("waiting", "shown", "hidden")),
    *(_liaisons(f"contribution, {act}", f"contributions/{{s}}/{act}", "", "answered")
      for act in ("", "hide", "theme", "answer", "correct")),
    _liaisons("contribution, written down", "events/{e}/contributions/write", "ahead"),
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
    _liaisons("summary of an event, correction begun", "events/{e}/summary/draft", "reported"),
    _liaisons("summary of an event, thrown away", "events/{e}/summary/discard", "approved"),
    _liaisons("summary of an event, publish", "events/{e}/summary/publish", "approved"),
    Page("summary of an event, approve", _desk("events/{e}/summary/approve", "to-approve"), STAFF, who="leader"),
]  # fmt: skip


def _a_flood(more: str) -> Callable[[Town], str]:
    """From one connection. Marked again at each visit, since the cache is emptied before every test."""

    def at(town: Town) -> str:
        for rsvp in town.flood:
            remember_connection(rsvp, "203.0.113.9")
        return f"/desk/{town.agency.slug}/events/{town.flood[0].event_id}/rsvps/{more}"

    return at


def _a_flood_asked_about(town: Town) -> str:
    """The liaison has asked; the salt is new at each visit, and so is what is asked."""
    _a_flood("")(town)
    event, liaison = town.flood[0].event, town.people["liaison"]
    ReadingRequest.objects.filter(reader=liaison, event_id=event.pk).delete()
    (flood,) = floods_of(event, viewer=liaison, now=timezone.now())
    ask_about(event, flood.handle, viewer=liaison, now=timezone.now())
    return f"/desk/{town.agency.slug}/readings/"


def _at_its_desk(way: Callable[[Town], str]) -> Callable[[Town], str]:
    return lambda town: f"/desk/{town.agency.slug}/events/{way(town)}"


def _rsvp_at_the_desk(more: str = "") -> Callable[[Town], str]:
    return _at_its_desk(
        lambda town: f"{town.rsvps['confirmed'].event_id}/rsvps/{town.rsvps['confirmed'].pk}/{more}"
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
    _liaisons("start an event early", "events/{e}/start", "ahead"),
    _liaisons("end an event early", "events/{e}/end", "live"),
    _liaisons("cancel an event", "events/{e}/cancel", "ahead"),
    _liaisons("call an event back", "events/{e}/reinstate", "cancelled"),
    _liaisons("workspace, just ended", "events/{e}/", "just-ended"),
    _liaisons("go on with an event", "events/{e}/undo-end", "just-ended"),
    _liaisons("delete a draft", "events/{e}/delete", "draft"),
    _liaisons("add to the checklist", "events/{e}/checklist/new", "ahead"),
    _liaisons("RSVPs", "events/{e}/rsvps/", "ahead"),
    Page("RSVPs, a flood", _a_flood(""), STAFF, who="liaison"),
    Page("RSVPs, cancel a flood", _a_flood("flood"), STAFF, who="liaison"),
    Page("a flood that somebody asks to cancel", _a_flood_asked_about, STAFF, who="leader"),
    _liaisons("RSVPs, none", "events/{e}/rsvps/", "draft"),
    _liaisons("an RSVP for a caller", "events/{e}/rsvps/new", "ahead"),
    Page("an RSVP at the desk", _rsvp_at_the_desk(), STAFF, who="liaison"),
    Page("an RSVP at the desk, cancel", _rsvp_at_the_desk("cancel"), STAFF, who="liaison"),
    _liaisons("needs", "events/{e}/needs/", "ahead"),
    Page("a need", _at_its_desk(lambda town: f"{town.need.event_id}/needs/{town.need.pk}/"), STAFF, who="liaison"),
    _liaisons("reading more names", "readings/"),
    _liaisons("outreach", "events/{e}/outreach/", "ahead"),
    _liaisons("reminders", "reminders/"),
    _liaisons("add a reminder", "reminders/new"),
    _liaisons("venues", "venues/"),
    _liaisons("add a venue", "venues/new"),
    Page("a venue", lambda town: f"/desk/{town.agency.slug}/venues/{town.venue.pk}", STAFF, who="liaison"),
    _liaisons("door devices", "events/{e}/door-links/", "ahead"),
    _liaisons("sign-in sheet", "events/{e}/sign-in-sheet", "ahead"),
    _liaisons("on the wall", "events/{e}/wall", "live"),
    Page("event, ask, live", lambda town: f"/events/{town.events['live'].pk}/ask", PUBLIC),
    Page("event, live, from the wall", lambda town: f"/events/{town.events['live'].pk}/ask?room=K7QMWX", PUBLIC),
    Page("poster", lambda town: f"/events/{town.events['ahead'].pk}/poster", PUBLIC),
]  # fmt: skip

PAGES: Final = [*RESIDENTS, *COMMITMENTS, *ACCOUNT, *LISTENING, *DESK, *LEAD, *OFFICE, *DOOR]
