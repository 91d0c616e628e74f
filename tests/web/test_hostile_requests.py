"""Every page against who means it no good: looking writes nothing, nonsense is refused, other agencies' things are not there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any, Final
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.test import Client

from tests.browser.page import STAFF
from tests.browser.pages import PAGES
from tests.browser.town import Town
from tests.browser.town_building import a_town
from tests.makers.agencies import a_person, an_agency
from tests.web.door.doors import Screen
from web.site.frames.private import PRIVATE

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

# As they go over the wire: a NUL, a number no database holds, bytes that are no UTF-8, a line end for a header.
NONSENSE: Final = {
    "nul": "x%00y", "digits": "9" * 5000, "broken": "%ff%fe", "lines": "a%0d%0aBcc:%20b@mail.example", "long": "A" * 90_000,
    "year": "9999-12-31T23:59", "below zero": "-99999999999",
}  # fmt: skip
ASKED: Final = [
    "after",
    "before",
    "q",
    "status",
    "kind",
    "theme",
    "state",
    "saved",
    "event",
    "copy",
    "which",
    "show",
    "words",
    "office",
    "focus_area",
    "community",
    "near",
    "language",
    "about",
    "when",
    "lang",
    "from",
    "to",
    "in",
    "back",
    "code",
    "arrival",
    "heads",
    "target",
    "id",
    "skip",
    "again",
]
_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[a-z2-7]{53}\b")
_BY_SCRIPT: Final = {"HX-Request": "true"}


class _Undo(Exception):
    pass


@contextmanager
def undone(*, reading: bool = False) -> Iterator[None]:
    """Whatever is done within is taken back; with ``reading`` the database refuses to write at all."""
    around = transaction.atomic()
    # What commits on its own (an anonymous text) may do so within a test.
    around._from_testcase = True  # type: ignore[attr-defined]
    try:
        with around:
            if reading:
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION READ ONLY")
            yield
            raise _Undo
    except _Undo:
        return


class _Forms(HTMLParser):
    """The names and values in each form of a page that is sent by POST."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self._fields: dict[str, str] | None = None
        self._choice = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._fields = {} if given.get("method", "").lower() == "post" else None
            if self._fields is not None:
                self.found.append((given.get("action", ""), self._fields))
        elif (
            self._fields is not None and tag in {"input", "button", "textarea", "select"} and "name" in given
        ):
            self._fields.setdefault(given["name"], given.get("value", ""))
            self._choice = given["name"] if tag == "select" else ""
        elif (
            self._fields is not None
            and tag == "option"
            and self._choice
            and ("selected" in given or not self._fields[self._choice])
        ):
            self._fields[self._choice] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._fields = None


@pytest.fixture
def town(settings: Any) -> Town:
    settings.THROTTLES = "off"
    return a_town()


def browsers(town: Town) -> dict[str, Client]:
    """By role; empty for nobody."""
    found = {"": Client(raise_request_exception=False)}
    for kind, person in town.people.items():
        found[kind] = Client(raise_request_exception=False)
        found[kind].force_login(person)
    return found


def pages(town: Town, *, each_kind_once: bool = False) -> dict[str, str]:
    """The role that opens a page, by address."""
    found, seen = {}, set()
    for page in PAGES:
        path = page.path(town)
        kind = _ID.sub("…", path)
        if each_kind_once and kind in seen:
            continue
        seen.add(kind)
        found[path] = page.who
    return found


# Who looks at what may be a flood of places stands on record, once an hour: that line is the one thing it writes.
_LOOK_ON_RECORD = "/rsvps/flood"


@pytest.mark.slow
def test_looking_writes_nothing_into_the_database(town: Town) -> None:
    who = browsers(town)
    wrote = []
    for path, role in pages(town).items():
        for headers in ({}, _BY_SCRIPT):
            for look in (who[role].get, who[role].head):
                shown = look == who[role].get
                with undone(reading=not (shown and path.endswith(_LOOK_ON_RECORD))):
                    status = look(path, headers=headers).status_code
                if status >= 500:
                    wrote.append((path, status))
    device = Client(raise_request_exception=False)
    device.post(f"/door/open/{town.door_secret}")
    screen = Screen(town.events["live"], device)
    for path in ("", "?code=7KQ", "numbers"):
        with undone(reading=True):
            if screen.get(path, headers=_BY_SCRIPT).status_code != 200:
                wrote.append((path, 0))
    assert not wrote


@pytest.mark.slow
def test_pages_for_everyone_set_no_cookie_and_hang_on_none(town: Town) -> None:
    who = browsers(town)
    for path, role in pages(town).items():
        if role or path.startswith(("/accounts/", "/door/")):
            continue
        # Also with a cookie in hand: who is signed in reads what everyone reads.
        answer = who["liaison"].get(path)
        assert not answer.cookies, path
        assert "cookie" not in answer.get("Vary", "").lower(), path


def test_no_device_keeps_pages_of_a_discreet_event_or_that_something_was_sent(town: Town) -> None:
    discreet, ahead = town.events["discreet"].pk, town.events["ahead"].pk
    agency = f"/agencies/{town.agency.slug}"
    for path in (f"/events/{ahead}/ask?sent", f"{agency}/ask/?sent", f"{agency}/follow?sent"):
        answer = Client().get(path)
        assert (answer.status_code, answer["Cache-Control"]) == (200, "s-maxage=60, max-age=0"), path
    for path in (
        f"{language}/events/{discreet}{more}" for language in ("", "/es") for more in ("", "/ask", "/my-link", "/poster")
    ):  # fmt: skip
        answer = Client().get(path)
        # Nor does what stands between: the title is as telling there.
        assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store"), path
    assert "public" in Client().get(f"/events/{ahead}")["Cache-Control"]
    # The page of one's own place is kept by nothing at all.
    rsvp = Client().get(f"/r/{town.link('confirmed')}")
    assert rsvp["Cache-Control"] == "no-store"
    assert (
        Client().post(f"/events/{discreet}/my-link", {"email": "a@mail.example"})["Cache-Control"]
        == "no-store"
    )


@pytest.mark.slow
def test_nothing_that_depends_on_who_asks_is_kept_by_a_cache(town: Town) -> None:
    who, kept, personal = browsers(town), [], 0
    for path, role in pages(town).items():
        for asking in {role, "liaison"}:
            answer = who[asking].get(path)
            hangs_on_a_cookie = bool(answer.cookies) or "cookie" in answer.get("Vary", "").lower()
            if role or hangs_on_a_cookie or PRIVATE.match(path):
                personal += 1
                said = answer.get("Cache-Control", "")
                if "no-store" not in said or "public" in said or "s-maxage" in said:
                    kept.append((path, said))
    assert not kept
    assert personal > 50


@pytest.mark.slow
def test_nonsense_in_an_address_is_no_fault_of_ours(town: Town) -> None:
    who, failed = browsers(town), []
    for path, role in pages(town, each_kind_once=True).items():
        bare = path.partition("?")[0]
        queries = ["&".join(f"{name}={value}" for name in ASKED) for value in NONSENSE.values()]
        if bare.endswith("/"):
            # Lists: one by one as well, since the first that is refused would hide the others.
            queries += [f"{name}={NONSENSE['nul']}" for name in ASKED]
        for query in queries:
            with undone(reading=not bare.endswith(_LOOK_ON_RECORD)):
                status = who[role].get(f"{bare}?{query[:60_000]}").status_code
            if status >= 500:
                failed.append((bare, query[:60]))
    assert not failed


@pytest.mark.slow
def test_nonsense_in_a_form_is_refused_and_no_fault_of_ours(town: Town) -> None:
    who, failed, seen = browsers(town), [], set()
    for path, role in pages(town, each_kind_once=True).items():
        if path.startswith("/accounts/"):
            continue
        parser = _Forms()
        with undone():
            parser.feed(who[role].get(path).content.decode())
        for action, fields in parser.found:
            to = action or path
            if to.startswith("/accounts/") or (kind := (_ID.sub("…", to), *sorted(fields))) in seen:
                continue
            seen.add(kind)
            for what, value in NONSENSE.items():
                body = "&".join(f"{name}={value}" for name in fields)
                failed += _refused(who[role], to, body, what)
            more = urlencode(fields | {"agency": "1", "id": "1", "status": "published", "is_superuser": "1"})
            failed += _refused(who[role], to, more, "more than there is")
            failed += _refused(who[role], to, "a=1&" * 2000, "many fields")
    assert len(seen) > 40
    assert not failed


def _refused(client: Client, to: str, body: str, what: str) -> list[tuple[str, str, int]]:
    with undone():
        status = client.post(to, body.encode(), content_type="application/x-www-form-urlencoded").status_code
    return [(to, what, status)] if status >= 500 else []


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["liaison", "leader", "admin"])
def test_another_agencys_things_are_not_there_by_either_address(town: Town, kind: str) -> None:
    """With the town's name in the address, and with the stranger's own name before the town's things."""
    stranger = an_agency(slug="far-away")
    client = Client(raise_request_exception=False)
    client.force_login(a_person(stranger, kind))
    own = f"/desk/{town.agency.slug}/"
    for page in PAGES:
        path = page.path(town).partition("?")[0]
        if page.speaks is not STAFF or not path.startswith(own):
            continue
        addresses = [path]
        if _ID.search(path):
            addresses.append(path.replace(own, "/desk/far-away/"))
        for address in addresses:
            for ask in (client.get, client.post):
                with undone():
                    status = ask(address).status_code
                # At their own agency a role that may not do this at all is told so; it learns nothing of the thing.
                fitting = {404} if address == path else {403, 404}
                assert status in fitting, (address, status)
