"""What a key reads is what its owner's role and its scopes both show: every operation, every role, every scope alone."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from api.endpoint import Operation
from engage.agencies.models import Agency
from engage.commitments.tracking import make_commitment
from engage.listening.contributing import contribute
from engage.roles.permissions import SCOPES_OF_ROLE
from outreach.ledger.models import Delivery
from tests.api.route_table import ROLES as COLUMNS
from tests.api.route_table import TABLE
from tests.api.test_roles_and_endpoints import routes
from tests.insider.walking import Town, masked
from tests.makers.agencies import a_dialogue, a_person
from tests.makers.api_clients import Api, api_for, api_of, the_public
from tests.makers.events import an_event
from tests.makers.rsvps import an_rsvp
from tests.makers.worlds import World

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
ROLES: Final = ("liaison", "leader", "panelist", "admin")
# One's own keys, and who one is: any key of one's own.
OF_ONES_OWN: Final = {"tokens GET", "tokens DELETE", "token DELETE", "me GET"}
WORDS: Final = "Why was my brother stopped?"


def marks() -> dict[str, Operation]:
    """Each operation of the API by its entry in the table of routes."""
    found = {}
    for name, pattern, _parts in routes():
        endpoint = getattr(pattern.callback, "view_class", None)
        for entry in TABLE:
            route, method = entry.rsplit(maxsplit=1)
            if name == f"api:{route}" and endpoint is not None and (mark := endpoint.operation_of(method)):
                found[entry] = mark
    return found


@pytest.mark.slow
def test_every_operation_that_asks_who_comes_names_its_scope() -> None:
    silent = {entry for entry, mark in marks().items() if mark.sign_in == "needed" and not mark.scopes}
    assert silent == OF_ONES_OWN
    known = frozenset().union(*SCOPES_OF_ROLE.values())
    assert {scope for mark in marks().values() for scope in mark.scopes} <= known


NEEDED: Final = sorted(entry for entry, mark in marks().items() if mark.sign_in == "needed" and mark.scopes)


@pytest.mark.parametrize("entry", NEEDED)
def test_without_the_scope_it_names_nobody_gets_in_who_would_with_it(entry: str) -> None:
    mark, (columns, ask) = marks()[entry], TABLE[entry]
    world = World.made()
    path, body = ask(world)
    method = entry.rsplit(maxsplit=1)[-1]
    media = {"media": "text/calendar"} if isinstance(body, bytes) else {}
    for role in (
        role for role, column in zip(COLUMNS, columns, strict=True) if column == "+" and role in ROLES
    ):
        left = sorted(SCOPES_OF_ROLE[role] - set(mark.scopes))
        answer = api_of(world.agency, role, scopes=left).send(method, path, body, **media)
        assert answer.status_code in {403, 404}, (entry, role, answer.content[:300])


class Hidden:
    """A town with something of everything that is not public, and the addresses at which it is asked for."""

    def __init__(self) -> None:
        self.town = Town.with_rsvp_of("ana@mail.example")
        agency, now = self.town.agency, timezone.now()
        self.staffs = an_event(agency, audience="staff", title="Staff meeting")
        contribute(
            agency=agency, target="event", target_id=self.town.event.pk, kind="question", body=WORDS, language="en",
            way_in="web", email="ana@mail.example", now=now,
        )  # fmt: skip
        a_dialogue(agency, title="Being planned")
        make_commitment(
            agency=agency, draft=True, title="Not promised yet", done_means="x", owner_office="Patrol",
            focus_area="procedural_justice", due_on=now.date() + dt.timedelta(days=9), actor=None, now=now,
        )  # fmt: skip
        rsvp = an_rsvp(self.town.event, email="bo@mail.example")
        before = now - dt.timedelta(days=3)
        Delivery.objects.create(
            agency=agency, event=self.town.event, contact=rsvp.email_contact, kind="reminder", occasion="x",
            state="sent", created_at=before, settled_at=before,
        )  # fmt: skip
        self.paths = dict(self._paths(agency))

    def _paths(self, agency: Agency) -> Any:
        names = self.town.names
        for name, _pattern, parts in routes():
            entry = f"{name.removeprefix('api:')} GET"
            if not name.startswith("api:") or entry not in marks() or not set(parts) <= set(names):
                continue
            at = names | ({"event_id": self.town.over.pk} if "summary" in name else {})
            more = "?moderation=waiting" if name.endswith("contributions") else ""
            more = f"?agency={agency.slug}" if "follow-through" in name else more
            yield entry, reverse(name, kwargs={part: at[part] for part in parts})[len("/api/v1") :] + more

    def read_by(self, api: Api) -> dict[str, str]:
        return {entry: self._said(api.get(path)) for entry, path in self.paths.items()}

    @staticmethod
    def _said(answer: Any) -> str:
        # Refused in whichever way: nothing was read.
        return masked(answer.content.decode()) if answer.status_code == 200 else "refused"


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_each_scope_alone_shows_what_is_named_with_it_and_nothing_more(role: str) -> None:
    hidden, named = Hidden(), marks()
    public = hidden.read_by(the_public())
    assert WORDS not in str(public)
    person = a_person(hidden.town.agency, role)
    for scope in sorted(SCOPES_OF_ROLE[role]):
        with transaction.atomic():
            seen = hidden.read_by(api_for(person, hidden.town.agency, [scope]))
        more = {entry for entry in seen if seen[entry] != public[entry]} - OF_ONES_OWN
        assert {entry for entry in more if scope not in named[entry].scopes} == set(), (role, scope)
        assert (WORDS in str(seen)) is (scope == "dialogue:write"), (role, scope)


def test_page_and_program_of_one_role_read_the_same_questions() -> None:
    hidden = Hidden()
    for role, may in (("liaison", True), ("leader", False), ("admin", False)):
        person = a_person(hidden.town.agency, role)
        program = api_for(person, hidden.town.agency, sorted(SCOPES_OF_ROLE[role]))
        waiting = program.get(
            f"/events/{hidden.town.event.pk}/contributions/?moderation=waiting"
        ).content.decode()
        assert (WORDS in waiting) is may
        browser = the_public().client
        browser.force_login(person)
        page = browser.get(f"/desk/{hidden.town.agency.slug}/events/{hidden.town.event.pk}/contributions/")
        assert (WORDS in page.content.decode()) is may
