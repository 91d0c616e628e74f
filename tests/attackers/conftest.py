"""The town that both attackers walk through, and somebody's evening in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from engage.access import SCOPES_OF_ROLE
from engage.resident_links import Purpose, mint
from engage.token_issuing import issue
from events.access_asking import Need
from events.models import Rsvp
from events.responding import respond
from tests.api.knocking_by_the_schema import one_connection
from tests.attackers.looking_for_her import HIS, Town, send_what_is_due
from tests.makers.agencies import a_person, an_agency
from tests.makers.mail_server import a_mail_server
from tests.makers.worlds import World

Evening = Callable[[Town, str], None]


@pytest.fixture
def town(settings: Any) -> Iterator[Callable[..., Town]]:
    """Makes the town for somebody in a role, or for nobody."""
    with a_mail_server() as post, one_connection(), time_machine.travel(timezone.now(), tick=True):
        # How often is counted elsewhere; here twenty wrong links would hide what the others show.
        settings.THROTTLES = "off"
        settings.MAIL_SERVER, settings.MAIL_FROM = post.server, "meetings@harbor.example"

        def made(kind: str = "") -> Town:
            agency = an_agency(slug="harbor-falls")
            world = World(agency)
            event = world.meeting()
            browser, key, address = Client(), "", "nobody@staff.example"
            if kind:
                person = a_person(agency, kind, email="ex@staff.example")
                browser.force_login(person)
                scopes = sorted(SCOPES_OF_ROLE[kind])
                key = issue(person=person, agency=agency, scopes=scopes, label="", now=timezone.now())[1]
                address = person.email
            return Town(event, world.meeting(), _parts(world, event, address), browser, key, post)

        yield made


def _parts(world: World, event: Any, staff: str) -> dict[str, list[str]]:
    """Values for the parts of paths, of things that are there on any evening."""
    dialogue, promise = world.dialogue(), world.promise()
    # He has a place of his own at this meeting, with an address of his own.
    own = respond(event.pk, now=timezone.now(), email=HIS).rsvp
    return {
        "event_id": [str(event.pk)],
        "slug": [world.agency.slug],
        "dialogue_id": [str(dialogue.pk)],
        "commitment_id": [str(promise.pk)],
        "number": [str(promise.number)],
        "venue_id": [str(world.venue().pk)],
        "community_id": [str(world.community().pk)],
        "contribution_id": [str(world.said(event).pk)],
        "token": [mint(Purpose.RSVP_MAIL, own.pk, own.link_version)],
        "rsvp_id": [str(own.pk)],
        "place_id": [str(own.pk)],
        "staff": [staff],
        "language": ["es"],
        "version": ["1"],
        "section": ["about"],
        "act": ["update"],
        "code": ["7KQ4M2WDX0"],
    }


def _place(town: Town, whose: str) -> Rsvp:
    """Saved by herself, with a need and a question under her name; staff can open it by its id."""
    made = respond(
        town.event.pk, now=timezone.now(), email=whose, name="M.", needs=[Need("wheelchair", detail="A ramp.")],
        question="Who decides?", anonymous_question=False,
    ).rsvp  # fmt: skip
    town.parts["rsvp_id"] = town.parts["place_id"] = [str(made.pk)]
    return made


def comes(town: Town, whose: str) -> None:
    """She comes."""
    _place(town, whose)


def gave_it_back(town: Town, whose: str) -> None:
    """She had a place, opened her mail's link, and gave the place back; she comes to another meeting instead."""
    made = _place(town, whose)
    send_what_is_due()
    link = f"/api/v1/rsvps/{mint(Purpose.RSVP_MAIL, made.pk, made.link_version)}/"
    assert Client().delete(link).status_code == 204
    respond(town.other.pk, now=timezone.now(), email=whose)


EVENINGS: dict[str, Evening] = {"comes": comes, "gave it back": gave_it_back}
