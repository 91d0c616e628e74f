"""One agency, its people, its residents and its worker, each reached by the door they use; and what comes of it is kept.

What the residents know (their links, what they asked to hear) is kept here apart from the database, so that the reader
can hold one against the other.
"""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.test.client import ClientHandler

from bench.truth.fast_clock import FastClock

SLUG = "harbor-falls"
_LINK = re.compile(r"https?://[^\s\"<>)]+")


@dataclass(frozen=True, slots=True)
class Arrived:
    """A letter, and the row of the ledger that it came of."""

    letter: EmailMessage
    delivery: UUID
    kind: str
    event: UUID | None
    subject: UUID | None
    to: str


@dataclass
class Resident:
    """address: "" for who gives none. links: by event, the newest of the screen and of the mail."""

    number: int
    address: str
    language: str
    links: dict[UUID, list[str]] = field(default_factory=dict)

    @property
    def ip(self) -> str:
        return f"198.51.{self.number // 250}.{self.number % 250 + 1}"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Any

    @property
    def ok(self) -> bool:
        return self.status < 400

    @property
    def code(self) -> str:
        return self.body.get("code", "") if isinstance(self.body, dict) else ""


@dataclass
class Town:
    clock: FastClock
    random: random.Random
    post: Any
    staff: dict[str, Any] = field(default_factory=dict)
    agency: Any = None
    venues: list[str] = field(default_factory=list)
    residents: list[Resident] = field(default_factory=list)
    # What somebody follows and has confirmed, by address: the kinds and things, with the link that ends it.
    followers: dict[str, str] = field(default_factory=dict)
    asked_to_follow: dict[str, str] = field(default_factory=dict)
    stopped: set[str] = field(default_factory=set)
    # Who has left the office: address and name.
    left: dict[str, str] = field(default_factory=dict)
    # What programs were told that wanted a place or nothing: by meeting, the last answer.
    no_room: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    # The pages that residents keep open, by meeting; and where a meeting was before its newest move.
    screens: dict[UUID, list[tuple[Resident, str]]] = field(default_factory=dict)
    moved_back: dict[UUID, tuple[str, str]] = field(default_factory=dict)
    # How many the desk said would be told, by meeting: the kind of letter, and at most so many.
    foretold: dict[UUID, tuple[str, int]] = field(default_factory=dict)
    arrived: list[Arrived] = field(default_factory=list)
    refusals: dict[str, int] = field(default_factory=dict)

    slug: str = SLUG
    # All browsers speak to one server, whose middleware is made once; and a program keeps its token for some days.
    _server: ClientHandler = field(default_factory=lambda: ClientHandler(enforce_csrf_checks=False))
    _programs: dict[str, tuple[dt.datetime, Any, Any]] = field(default_factory=dict)

    @property
    def now(self) -> dt.datetime:
        return self.clock.now

    # --- doors -------------------------------------------------------------------------------------------------

    def api(self, method: str, path: str, body: Any = None, *, who: str = "liaison") -> Answer:
        """who: of the staff, by role; "" for a program without a token. What is refused is counted, a fault is raised."""
        answer = self._program(who).send(
            method, path, body if body is not None or method in {"GET", "DELETE"} else {}
        )
        said = answer.json() if answer.content and "json" in answer["Content-Type"] else None
        return self._kept(Answer(answer.status_code, said), f"{method} {path}")

    def _program(self, who: str) -> Any:
        from engage.roles.permissions import SCOPES_OF_ROLE
        from tests.makers.api_clients import Api, api_for

        person = self.staff[who] if who else None
        made, whose, program = self._programs.get(who, (self.now, None, None))
        # A token lasts weeks; a program that runs for a year is given a new one now and then.
        if program is None or whose != person or self.now - made > dt.timedelta(days=5):
            program = api_for(person, self.agency, sorted(SCOPES_OF_ROLE[who])) if person else Api()
            program.client.handler = self._server
            self._programs[who] = (self.now, person, program)
        return program

    def browser(self) -> Client:
        """With no cookies yet."""
        client = Client()
        client.handler = self._server
        return client

    def asked(self, path: str, body: dict[str, Any] | None = None, *, who: str = "liaison") -> Answer:
        """An act that asks: what it says it sets off is read, and said yes to."""
        answer = self.api("POST", path, body or {}, who=who)
        if answer.code == "confirm_required":
            answer = self.api("POST", path, (body or {}) | {"confirm": answer.body["confirm"]}, who=who)
        return answer

    def page(self, path: str, *, language: str = "en", resident: Resident | None = None) -> Any:
        """As a browser gets it."""
        prefix = f"/{language}" if language != "en" else ""
        return self.browser().get(f"{prefix}{path}", REMOTE_ADDR=resident.ip if resident else "198.51.100.7")

    def opened(self, link: str, *, language: str = "en") -> Any:
        """A page behind a link, which has one address in all languages."""
        return self.browser().get(link, HTTP_ACCEPT_LANGUAGE=language)

    def press(
        self, link: str, fields: dict[str, Any] | None = None, *, resident: Resident | None = None
    ) -> Any:
        """A form of a page without an account."""
        answer = self.browser().post(
            link, fields or {}, REMOTE_ADDR=resident.ip if resident else "198.51.100.8"
        )
        self._kept(Answer(answer.status_code, None), f"POST {link}")
        return answer

    def desk(self, path: str, fields: dict[str, Any] | None = None, *, who: str = "liaison") -> Any:
        """A page of the desk; with fields, its form."""
        client = self.browser()
        client.force_login(self.staff[who])
        address = f"/desk/{SLUG}{path}"
        answer = client.get(address) if fields is None else client.post(address, fields)
        self._kept(Answer(answer.status_code, None), f"desk {path}")
        return answer

    def door(self, event: UUID, *, who: str = "liaison") -> Any:
        """The door's page, with the list opened where it can be."""
        client = self.browser()
        client.force_login(self.staff[who])
        answer = client.get(f"/door/{event}/")
        if f'action="/door/{event}/open"' in answer.content.decode():
            client.post(f"/door/{event}/open", {"code": ""})
            answer = client.get(f"/door/{event}/")
        self._kept(Answer(answer.status_code, None), f"door {event}")
        return answer

    def _kept(self, answer: Answer, what: str) -> Answer:
        if answer.status >= 500 or answer.status in {401, 403, 429}:
            raise AssertionError(f"{what}: {answer.status} {answer.body}")
        if not answer.ok:
            name = f"{answer.status} {answer.code}".strip()
            self.refusals[name] = self.refusals.get(name, 0) + 1
        return answer

    # --- the worker --------------------------------------------------------------------------------------------

    def work(self) -> list[Arrived]:
        """All rounds that are due, as a worker that runs all the time has gone them; returns what arrived."""
        from outreach.worker.round_taking import SWEEP
        from outreach.worker.rounds import ROUNDS, go_if_due, go_round

        before = len(self.post.letters)
        go_round()
        for name in ROUNDS:
            if name != SWEEP:
                go_if_due(name)
        go_round()
        return self._came_since(before)

    def _came_since(self, before: int) -> list[Arrived]:
        from outreach.letters.wire_format import message_id

        letters = self.post.letters[before:]
        if not letters:
            return []
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, kind, event_id, subject_id FROM outreach_delivery WHERE state = 'sent' ORDER BY settled_at DESC LIMIT %s",
                [len(letters) + 50],
            )
            rows = {message_id(row[0]): row for row in cursor.fetchall()}
        came = []
        for letter in letters:
            row = rows[letter["Message-ID"]]
            came.append(Arrived(letter, row[0], row[1], row[2], row[3], str(letter["To"]).strip("<>")))
        self.arrived += came
        for one in came:
            self._read_by_its_owner(one)
        return came

    def _read_by_its_owner(self, came: Arrived) -> None:
        links = [link.removeprefix(settings.PUBLIC_URL) for link in _LINK.findall(_text_of(came.letter))]
        for link in links:
            if link.startswith("/r/") and link.count("/") == 2 and came.event:
                for one in self.residents:
                    if one.address == came.to and link not in one.links.setdefault(came.event, []):
                        one.links[came.event].append(link)
            if link.startswith("/confirm/"):
                self.asked_to_follow[came.to] = link
            if link.startswith("/unsubscribe/") and came.kind == "new_meeting":
                self.followers[came.to] = link

    # --- its people --------------------------------------------------------------------------------------------

    def hire(self, kind: str) -> Any:
        """Somebody new in that role, whom the others' work can be given to. The name is nobody else's."""
        from tests.makers.agencies import a_person

        number = len(self.left) + len(self.staff)
        return a_person(self.agency, kind, name=f"{kind.title()} Quill-{number}")

    def newcomer(self) -> Resident:
        """One in eight gives no address."""
        number = len(self.residents)
        address = "" if self.random.random() < 0.12 else f"r{number}@mail.example"
        one = Resident(number, address, self.random.choice(["en", "es"]))
        self.residents.append(one)
        return one


def _text_of(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""


@contextmanager
def a_town(clock: FastClock, chance: random.Random) -> Iterator[Town]:
    """With a mail server of its own, and nobody who counts how often one machine knocks."""
    from tests.makers.agencies import an_agency
    from tests.makers.events import a_venue
    from tests.makers.mail_server import a_mail_server

    with a_mail_server() as post, override_settings(MAIL_SERVER=post.server, THROTTLES="off"):
        agency = an_agency(
            slug=SLUG, languages=["en", "es"], contact_phone="555-0100", contact_office="Engagement Desk"
        )
        town = Town(clock, chance, post, agency=agency)
        for kind in ("liaison", "leader", "admin"):
            town.staff[kind] = town.hire(kind)
        for name, address in (
            ("Library", "12 Main St"),
            ("Westside Gym", "400 Oak Ave"),
            ("City Hall", "1 Plaza"),
        ):
            town.venues.append(str(a_venue(agency, name=name, address=address).pk))
        yield town
