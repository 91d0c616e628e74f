"""Who may open which page of the desk: one table for every role."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from events.door.links import open_link
from events.rsvps.needs.asking import Need
from events.rsvps.needs.models import AccessRequest
from outreach.reminders.setting import add_rule
from tests.makers.agencies import a_person, an_agency
from tests.makers.worlds import World
from tests.web.desk.at_the_desk import at_the_desk

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
ROLES = ("liaison", "leader", "admin", "panelist", "stranger")
LIAISON, STAFF = "+3334", "+++34"


def _event(more: str = "") -> Callable[[World], str]:
    return lambda world: f"events/{world.event().pk}/{more}"


def _rsvp(more: str = "") -> Callable[[World], str]:
    def path(world: World) -> str:
        rsvp = world.rsvp()
        return f"events/{rsvp.event_id}/rsvps/{rsvp.pk}/{more}"

    return path


def _need(more: str = "") -> Callable[[World], str]:
    def path(world: World) -> str:
        need = AccessRequest.objects.get(rsvp=world.rsvp(needs=[Need("captions")]))
        return f"events/{need.event_id}/needs/{need.pk}/{more}"

    return path


def _line(more: str = "") -> Callable[[World], str]:
    def path(world: World) -> str:
        event = world.draft()
        return f"events/{event.pk}/checklist/{event.checklist_items.all()[0].pk}{more}"

    return path


def _door(world: World) -> str:
    event = world.event()
    link, _secret = open_link(event, device="Tablet", actor=a_person(world.agency), now=world.now)
    return f"events/{event.pk}/door-links/{link.pk}/close"


def _rule(more: str = "") -> Callable[[World], str]:
    def path(world: World) -> str:
        rule = add_rule(agency=world.agency, actor=None, now=world.now, minutes_before=60)
        return f"reminders/{rule.pk}{more}"

    return path


def _own_rule(more: str = "") -> Callable[[World], str]:
    def path(world: World) -> str:
        event = world.event()
        rule = add_rule(agency=world.agency, event=event, actor=None, now=world.now, minutes_before=60)
        return f"events/{event.pk}/reminders/{rule.pk}{more}"

    return path


# Each address: who may, and how one gets there.
TABLE: dict[str, tuple[str, Callable[[World], str]]] = {
    "board": (LIAISON, lambda world: ""),
    "event list": (LIAISON, lambda world: "events/"),
    "plan": (LIAISON, lambda world: "events/new"),
    "workspace": (STAFF, _event()),
    "edit": (LIAISON, _event("edit")),
    "publish": (LIAISON, lambda world: f"events/{world.draft().pk}/publish"),
    "start": (LIAISON, _event("start")),
    "end": (LIAISON, _event("end")),
    "cancel": (LIAISON, _event("cancel")),
    "delete": (LIAISON, lambda world: f"events/{world.draft().pk}/delete"),
    "checklist": (LIAISON, _event("checklist")),
    "start checklist": (LIAISON, _event("checklist/start")),
    "add a line": (LIAISON, _event("checklist/new")),
    "change a line": (LIAISON, _line()),
    "remove a line": (LIAISON, _line("/remove")),
    "rsvps": (LIAISON, _event("rsvps/")),
    "for a caller": (LIAISON, _event("rsvps/new")),
    "an rsvp": (LIAISON, _rsvp()),
    "change an rsvp": (LIAISON, _rsvp("change")),
    "cancel an rsvp": (LIAISON, _rsvp("cancel")),
    "accept": (LIAISON, _rsvp("accept")),
    "reveal": (LIAISON, _rsvp("reveal")),
    "needs": (LIAISON, _event("needs/")),
    "a need": (LIAISON, _need()),
    "take a need": (LIAISON, _need("take")),
    "outreach": (STAFF, _event("outreach/")),
    "add own reminder": (LIAISON, _event("reminders/new")),
    "change own reminder": (LIAISON, _own_rule()),
    "end own reminder": (LIAISON, _own_rule("/end")),
    "more readings": (STAFF, lambda world: "readings/"),
    "reminders": (LIAISON, lambda world: "reminders/"),
    "add reminder": (LIAISON, lambda world: "reminders/new"),
    "change reminder": (LIAISON, _rule()),
    "end reminder": (LIAISON, _rule("/end")),
    "door links": (LIAISON, _event("door-links/")),
    "close a door link": (LIAISON, _door),
    "sign-in sheet": (LIAISON, _event("sign-in-sheet")),
    "venues": (LIAISON, lambda world: "venues/"),
    "new venue": (LIAISON, lambda world: "venues/new"),
    "a venue": (LIAISON, lambda world: f"venues/{world.venue().pk}"),
    "remove a venue": (LIAISON, lambda world: f"venues/{world.venue().pk}/remove"),
}
EXPECTED = {"+": {200, 302}, "3": {403}, "4": {404}}


@pytest.mark.parametrize("entry", TABLE)
def test_each_role_gets_what_the_table_says(entry: str) -> None:
    columns, way = TABLE[entry]
    world = World.made()
    path = f"/desk/{world.agency.slug}/{way(world)}"
    for role, column in zip(ROLES, columns, strict=True):
        client = at_the_desk(an_agency()) if role == "stranger" else at_the_desk(world.agency, role)
        assert client.get(path).status_code in EXPECTED[column], (entry, role)
        if column != "+":
            assert client.post(path, {}).status_code in EXPECTED[column], (entry, role, "POST")
    assert Client().get(path)["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("entry", TABLE)
def test_another_agencys_thing_is_not_at_my_address(entry: str) -> None:
    _columns, way = TABLE[entry]
    world, mine = World.made(), an_agency()
    path = way(world)
    if path.count("-") < 4:
        return
    client = at_the_desk(mine)
    assert client.get(f"/desk/{mine.slug}/{path}").status_code in {302, 404}
    assert client.post(f"/desk/{mine.slug}/{path}", {"purpose": "x", "title": "x"}).status_code == 404


def test_a_form_from_another_site_is_refused() -> None:
    world = World.made()
    event = world.event()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(a_person(world.agency))
    assert strict.post(f"/desk/{world.agency.slug}/events/{event.pk}/start").status_code == 403


def test_whoever_must_set_up_a_second_factor_first_is_sent_to_do_it_and_not_round_in_circles() -> None:
    world = World.made()
    client = at_the_desk(world.agency)
    type(world.agency).objects.update(mfa_required=True)
    for path in ("/desk/", f"/desk/{world.agency.slug}/", f"/desk/{world.agency.slug}/events/new"):
        assert client.get(path, follow=True).redirect_chain[-1][0] == "/accounts/"


def test_what_a_role_may_not_do_it_does_not_see() -> None:
    world = World.made()
    event = world.event()
    shown = (
        at_the_desk(world.agency, "leader")
        .get(f"/desk/{world.agency.slug}/events/{event.pk}/")
        .content.decode()
    )
    for hidden in ("rsvps/", "needs/", "/edit", "/cancel", "Save checklist", "/door/"):
        assert hidden not in shown
