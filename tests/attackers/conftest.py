"""The town that both attackers walk through, and somebody's evening in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from engage.contacts.links import Purpose, mint
from engage.contacts.unproven import EVENTS_A_DAY
from engage.roles.permissions import SCOPES_OF_ROLE
from engage.roles.tokens import issue
from events.rsvps.models import Rsvp
from events.rsvps.needs.asking import Need
from events.rsvps.responding import respond
from outreach.bounces.reading import Taken, take
from outreach.bounces.return_addresses import return_address
from outreach.ledger.models import Delivery
from tests.api.knocking_by_the_schema import one_connection
from tests.attackers.looking_for_her import HIS, Town, send_what_is_due
from tests.makers.agencies import a_person, an_agency
from tests.makers.bounces import a_report
from tests.makers.events import an_event
from tests.makers.mail_server import a_mail_server
from tests.makers.rsvps import contact_of
from tests.makers.worlds import World

Evening = Callable[[Town, str], None]


@pytest.fixture
def town(settings: Any) -> Iterator[Callable[..., Town]]:
    """Makes the town for somebody in a role, or for nobody."""
    with a_mail_server() as post, one_connection(), time_machine.travel(timezone.now(), tick=True):
        # How often is counted elsewhere; here twenty wrong links would hide what the others show.
        settings.THROTTLES = "off"
        settings.MAIL_SERVER, settings.MAIL_FROM = post.server, "meetings@harbor.example"
        settings.BOUNCE_ADDRESS = "bounces@harbor.example"

        def made(kind: str = "") -> Town:
            agency = an_agency(slug="harbor-falls")
            world = World(agency)
            event = world.event()
            browser, key, address = Client(), "", "nobody@staff.example"
            if kind:
                person = a_person(agency, kind, email="ex@staff.example")
                browser.force_login(person)
                scopes = sorted(SCOPES_OF_ROLE[kind])
                key = issue(person=person, agency=agency, scopes=scopes, label="", now=timezone.now())[1]
                address = person.email
            return Town(event, world.event(), _parts(world, event, address), browser, key, post)

        yield made


def _parts(world: World, event: Any, staff: str) -> dict[str, list[str]]:
    """Values for the parts of paths, of things that are there on any evening."""
    dialogue, commitment = world.dialogue(), world.commitment()
    # He has a place of his own at this meeting, with an address of his own.
    own = respond(event.pk, now=timezone.now(), email=HIS).rsvp
    return {
        "event_id": [str(event.pk)],
        "slug": [world.agency.slug],
        "dialogue_id": [str(dialogue.pk)],
        "commitment_id": [str(commitment.pk)],
        "number": [str(commitment.number)],
        "venue_id": [str(world.venue().pk)],
        "community_id": [str(world.community().pk)],
        "contribution_id": [str(world.contribution(event).pk)],
        "token": [mint(Purpose.RSVP_MAIL, own.pk, own.link_version)],
        "rsvp_id": [str(own.pk)],
        "staff": [staff],
        "language": ["es"],
        "version": ["1"],
        "section": ["about"],
        "act": ["update"],
        "code": ["7KQ4M2WDX0"],
    }


def _rsvp(town: Town, whose: str) -> Rsvp:
    """Saved by herself, with a need and a question under her name; staff can open it by its id."""
    made = respond(
        town.event.pk, now=timezone.now(), email=whose, name="M.", needs=[Need("wheelchair", detail="A ramp.")],
        question="Who decides?", anonymous_question=False,
    ).rsvp  # fmt: skip
    town.parts["rsvp_id"] = [str(made.pk)]
    return made


def comes(town: Town, whose: str) -> None:
    """She comes."""
    _rsvp(town, whose)


def gave_it_back(town: Town, whose: str) -> None:
    """She had a place, opened her mail's link, and gave the place back; she comes to another meeting instead."""
    made = _rsvp(town, whose)
    send_what_is_due()
    link = f"/api/v1/rsvps/{mint(Purpose.RSVP_MAIL, made.pk, made.link_version)}/"
    assert Client().delete(link).status_code == 204
    respond(town.other.pk, now=timezone.now(), email=whose)


def bounced(town: Town, whose: str) -> None:
    """She has a place, and her letters came back: there is no such mailbox, or was none on that day."""
    town.post.at_recipient = lambda to: "550 5.1.1 nobody of that name" if to == whose else None
    made = _rsvp(town, whose)
    send_what_is_due()
    town.post.at_recipient = lambda to: None
    assert contact_of(made).unreachable_since


def came_back(town: Town, whose: str) -> None:
    """She has a place; her mailbox's server took the letter, and sent it back later."""
    made = _rsvp(town, whose)
    send_what_is_due()
    (letter,) = Delivery.objects.filter(contact=contact_of(made), kind="confirmation")
    report = a_report(return_address(letter.pk), recipient=whose)
    assert take(report, now=timezone.now()) is Taken.GIVEN_UP


def said_not_me(town: Town, whose: str) -> None:
    """Somebody had typed her address, and she said by her mail's link that it was not her."""
    made = _rsvp(town, whose)
    send_what_is_due()
    link = f"/api/v1/rsvps/{mint(Purpose.RSVP_MAIL, made.pk, made.link_version)}/not-me/"
    assert Client().post(link, {}, content_type="application/json").status_code == 204


def at_its_limit(town: Town, whose: str) -> None:
    """Her address heard of as many meetings today as one may, and so nothing of her place at this one."""
    for _ in range(EVENTS_A_DAY):
        respond(an_event(town.event.agency).pk, now=timezone.now(), email=whose)
    send_what_is_due()
    made = _rsvp(town, whose)
    send_what_is_due()
    assert contact_of(made).confirmation_withheld


EVENINGS: dict[str, Evening] = {
    "comes": comes, "gave it back": gave_it_back, "bounced": bounced, "came back": came_back,
    "said not me": said_not_me,
    "at its limit": at_its_limit,
}  # fmt: skip
