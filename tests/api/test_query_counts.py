"""A list costs the same however long it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engage.commitments.tracking import update
from engage.roles.models import Role
from events.door.checking_in import check_in
from events.rsvps.needs.asking import Need
from tests.makers.agencies import a_person
from tests.makers.api_clients import api_for
from tests.makers.worlds import World, saved_rsvp

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def _an_rsvp_with_a_need(world: World, event: object) -> None:
    rsvp = saved_rsvp(event, needs=[Need("wheelchair")], email=f"{timezone.now().timestamp()}@mail.example")  # type: ignore[arg-type]
    check_in(event, client_id=str(rsvp.pk), rsvp_id=rsvp.pk, now=world.now)  # type: ignore[arg-type]


def _full_event(world: World) -> None:
    event = world.event()
    event.communities.add(world.community())
    event.venue = world.venue()
    event.save(update_fields=["venue"])


def _updates(world: World) -> tuple[str, Callable[[], object]]:
    commitment = world.commitment()
    evidence = [{"kind": "link", "url": "https://records.example/1"}]
    actor = a_person(world.agency)
    return f"/commitments/{commitment.pk}/updates/", lambda: update(
        commitment, actor=actor, now=world.now, note="More.", evidence=evidence
    )


def _of_event(world: World, path: str) -> tuple[str, Callable[[], object]]:
    event = world.event()
    return f"/events/{event.pk}/{path}", lambda: _an_rsvp_with_a_need(world, event)


def _contributions(world: World) -> tuple[str, Callable[[], object]]:
    event = world.event()
    return f"/events/{event.pk}/contributions/", lambda: world.contribution(event)


LISTS: dict[str, Callable[[World], tuple[str, Callable[[], object]]]] = {
    "events": lambda w: ("/events/", lambda: _full_event(w)),
    "venues": lambda w: ("/venues/", w.venue),
    "dialogues": lambda w: ("/dialogues/", lambda: w.dialogue().communities.add(w.community())),
    "communities": lambda w: (f"/agencies/{w.agency.slug}/communities/", w.community),
    "roles": lambda w: ("/roles/", w.role),
    "commitments": lambda w: ("/commitments/", lambda: w.commitment(communities=[w.community()])),
    "activity": lambda w: ("/activity/", w.commitment),
    "updates": _updates,
    "rsvps": lambda w: _of_event(w, "rsvps/"),
    "access requests": lambda w: _of_event(w, "access-requests/"),
    "check-ins": lambda w: _of_event(w, "check-ins/"),
    "contributions": _contributions,
    "agenda": lambda w: ("/events/?q=Town", w.agenda_item),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_costs_the_same_however_long_it_is(name: str) -> None:
    world = World.made()
    person = a_person(world.agency)
    for kind in ("leader", "admin"):
        Role.objects.create(person=person, agency=world.agency, kind=kind)
    scopes = ["admin", "events:read", "rsvps:read", "rsvps:write", "insights:read", "dialogue:write"]
    api = api_for(person, world.agency, scopes)
    path, make = LISTS[name](world)
    make()
    api.get(path)
    counts = []
    for more in (1, 5):
        for _ in range(more):
            make()
        with CaptureQueriesContext(connection) as queries:
            answer = api.get(path)
        assert answer.status_code == 200, answer.content
        counts.append((len(queries), len(answer.json()["results"])))
    (few, short), (many, long) = counts
    assert long > short
    assert few == many <= 8, counts
