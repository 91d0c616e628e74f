"""Twenty requests take a hundred seats in seconds; staff give them back in one act, and see nobody's network."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from engage.activity.models import Activity
from engage.contacts.links import Purpose, mint
from engage.readings.models import ContactRead, ReadingRequest
from engage.roles.permissions import viewer_of
from events.door.checking_in import check_in
from events.event.models import Event
from events.planning import lifecycle
from events.rsvps.floods import give_back
from events.rsvps.models import Rsvp
from events.rsvps.needs.asking import Need
from events.rsvps.needs.models import AccessRequest
from tests.events.crowd import all_at_once
from tests.insider.floods import (
    OTHERS,
    OURS,
    SURELY,
    SURELY_NOT,
    ask,
    earlier,
    flooded,
    handles,
    list_of,
    say_yes,
    shown,
)
from tests.makers.agencies import a_person, an_agency
from tests.makers.api_clients import the_public
from tests.makers.events import an_event
from tests.makers.rsvps import an_rsvp, sums_hold
from tests.web.staff_clients import staff

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


@pytest.fixture
def event() -> Event:
    return an_event(capacity=100)


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def undo(liaison: Client, event: Event) -> Any:
    """As two people do it: from the list to the page that asks, the button on it, and a leader's yes."""
    listed = liaison.get(list_of(event.agency, event)).content.decode()
    assert f'href="{list_of(event.agency, event, "flood")}"' in listed
    ask(liaison, event)
    return say_yes(staff(event.agency, "leader"), event)


def test_all_of_it_goes_back_in_one_act_to_those_who_wait(event: Event) -> None:
    links = flooded(event, 24, party_size=4)
    waiting = [an_rsvp(event, 6, email=f"{n}@mail.example") for n in range(3)]
    event.refresh_from_db()
    # Twenty-four fours into a hundred seats: 96 are gone, and a six would wait.
    assert event.seats_taken >= 96
    liaison = staff(event.agency)
    assert text_of(undo(liaison, event)).count("Their seats go to those who have waited longest.") == 1
    event.refresh_from_db()
    assert Rsvp.objects.filter(event=event, status="cancelled").count() == 24
    assert not Rsvp.objects.filter(pk__in=[rsvp.pk for rsvp in waiting], status="waitlisted").exists()
    assert sums_hold(event.pk)
    assert Activity.objects.filter(verb="event.places_given_back").count() == 1
    # One act, and not a line for each of them.
    assert not Activity.objects.filter(verb="rsvp.cancelled").exists()
    # Their own pages say what happened, and that they may still come.
    page = text_of(Client().get(f"/r/{links[0]}"))
    assert "We cancelled this place" in page
    # And nothing is left to undo.
    assert "from one internet connection" not in text_of(liaison.get(list_of(event.agency, event)))
    assert liaison.get(list_of(event.agency, event, "flood")).status_code == 302


def test_rsvps_of_the_form_count_as_those_of_programs(event: Event) -> None:
    form = {"party_size": 1, "contact": "none", "language": "en"}
    with time_machine.travel(earlier(), tick=False):
        for number in range(SURELY):
            answer = Client().post(f"/events/{event.pk}/rsvp", form | {"key": f"{number:0>32}"})
            assert answer.status_code == 303
    assert len(shown(event)) == 1


def test_a_request_that_is_sent_again_is_no_second_rsvp(event: Event) -> None:
    public = the_public(address=OURS)
    with time_machine.travel(earlier(), tick=False):
        for _turn in range(SURELY):
            key = {"HTTP_IDEMPOTENCY_KEY": "one-and-the-same-key-1234"}
            assert public.client.post(
                f"/api/v1/events/{event.pk}/rsvps/", {"party_size": 1}, "application/json", **key
            ).status_code in {200, 201}
    assert Rsvp.objects.filter(event=event).count() == 1
    assert shown(event) == []


def test_nobody_else_is_touched(event: Event) -> None:
    flooded(event, 24)
    here = Rsvp.objects.filter(event=event).order_by("pk")[0]
    given = flooded(event, 3, email="maya@mail.example")
    elsewhere = flooded(event, SURELY_NOT, address=OTHERS)
    later = flooded(event, SURELY_NOT, at=timezone.now())
    by_telephone = an_rsvp(event, source="staff", now=earlier())
    live = lifecycle.start(event, now=timezone.now()).event
    check_in(live, client_id="door-1", rsvp_id=here.pk, now=timezone.now())
    undo(staff(event.agency), event)
    standing = Rsvp.objects.filter(event=event).exclude(status="cancelled")
    assert standing.count() == len(given) + len(elsewhere) + len(later) + 2
    assert {by_telephone.pk, here.pk} <= set(standing.values_list("pk", flat=True))


def test_a_few_rsvps_of_one_family_are_no_flood_and_two_networks_are_two(event: Event) -> None:
    flooded(event, SURELY_NOT)
    assert shown(event) == []
    flooded(event, SURELY)
    flooded(event, SURELY, address=OTHERS)
    assert len(shown(event)) == 2
    # A day later it is not known any more.
    with time_machine.travel(timezone.now() + dt.timedelta(hours=25)):
        assert shown(event) == []


def test_half_hours_apart_it_is_looked_at_apart(event: Event) -> None:
    Event.objects.filter(pk=event.pk).update(capacity=None)
    for half_hours in (1, 6):
        flooded(event, SURELY, at=earlier(half_hours))
    assert len(shown(event)) == 2
    undo_one = staff(event.agency)
    ask(undo_one, event)
    say_yes(staff(event.agency, "leader"), event)
    assert len(shown(event)) == 1
    assert Rsvp.objects.filter(event=event, status="cancelled").count() == SURELY


def test_another_agency_and_a_leader_see_none_and_once_the_event_is_over_there_is_none(
    event: Event,
) -> None:
    flooded(event, SURELY)
    path = list_of(event.agency, event, "flood")
    liaison = staff(event.agency)
    (handle,) = handles(liaison, event)
    assert staff().post(list_of(an_agency(), event, "flood"), {"flood": handle}).status_code in {403, 404}
    assert staff(event.agency, "leader").post(path, {"flood": handle}).status_code == 403
    assert Client().post(path, {"flood": handle}).status_code in {302, 403}
    assert not ReadingRequest.objects.exists()
    ask(liaison, event)
    ask(liaison, event, handle)
    assert ReadingRequest.objects.count() == 1
    lifecycle.cancel(event.pk, reason="Snow.", actor=None, now=timezone.now())
    assert say_yes(staff(event.agency, "leader"), event).status_code == 409
    assert ask(liaison, event, handle).status_code == 409
    assert liaison.get(path).status_code == 302
    assert ReadingRequest.objects.get().granted_at is None


def test_a_look_is_on_record_and_asking_for_the_head_of_the_page_is_none(event: Event) -> None:
    flooded(event, SURELY)
    path = list_of(event.agency, event, "flood")
    liaison = staff(event.agency)
    assert liaison.head(path).status_code == 200
    assert not ContactRead.objects.exists()
    assert len(handles(liaison, event)) == 1
    assert ContactRead.objects.filter(what=ContactRead.What.FLOOD, event_id=event.pk).count() == 1


def test_needs_go_with_the_rsvps(event: Event) -> None:
    flooded(event, SURELY, access_requests=[{"kind": "wheelchair"}])
    an_rsvp(event, email="a@mail.example", needs=[Need("wheelchair")])
    undo(staff(event.agency), event)
    assert AccessRequest.objects.filter(event=event).count() == 1


def test_the_database_knows_nothing_of_connections_and_the_cache_no_address(event: Event) -> None:
    columns = {field.column for field in Rsvp._meta.get_fields() if hasattr(field, "column")}
    assert not [name for name in columns if "network" in name or "mark" in name or "connection" in name]
    other = an_event(event.agency)
    for each in (event, other):
        flooded(each, 2)
        flooded(each, 1, at=earlier(2))
    rsvps = Rsvp.objects.order_by("pk").values_list("event_id", "pk")
    marks: dict[Any, set[bytes]] = {}
    for event_id, pk in rsvps:
        marks.setdefault(event_id, set()).add(cache.get(f"connection:{pk}"))
    # One network: one mark in one half hour of one event, and another one in the next of either.
    assert [len(found) for found in marks.values()] == [2, 2]
    assert len(set.union(*marks.values())) == 4
    client = cache._cache.get_client(write=True)  # type: ignore[attr-defined]
    keys = client.keys("*connection*") + client.keys("*flood*")
    assert OURS.encode() not in b" ".join([*keys, *client.mget(keys)])
    assert all(0 < client.ttl(key) <= 24 * 3600 for key in keys)


def test_an_address_leaves_no_mark_at_all(event: Event) -> None:
    flooded(event, 1, email="maya@mail.example")
    rsvp = Rsvp.objects.get(event=event)
    assert cache.get(f"connection:{rsvp.pk}") is None


def test_without_a_cache_rsvps_are_saved_and_there_is_nothing_to_undo(
    event: Event, settings: LazySettings
) -> None:
    backend = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": backend | {"OPTIONS": {"socket_connect_timeout": 0.2}}}
    flooded(event, SURELY)
    assert staff(event.agency).get(list_of(event.agency, event)).status_code == 200
    assert shown(event) == []


def test_whoever_gave_an_rsvp_back_is_told_so() -> None:
    rsvp = an_rsvp(an_event())
    link = f"/r/{mint(Purpose.RSVP_SCREEN, rsvp.pk, rsvp.link_version)}"
    Client().post(f"{link}/cancel")
    assert "You gave your place back" in text_of(Client().get(link))


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_given_back_while_others_come_and_go_the_sums_hold() -> None:
    event = an_event(capacity=40)
    flooded(event, 24)
    mine = [an_rsvp(event, email=f"{n}@mail.example") for n in range(4)]
    ask(staff(event.agency), event)
    asked, leader = ReadingRequest.objects.get(), a_person(event.agency, "leader")

    def undo_it() -> Any:
        return give_back(asked, viewer=viewer_of(leader), now=timezone.now())

    def come() -> Any:
        return the_public(address=OTHERS).post(f"/events/{event.pk}/rsvps/").status_code

    def go() -> Any:
        link = mint(Purpose.RSVP_SCREEN, mine[0].pk, mine[0].link_version)
        return the_public(address=OTHERS).delete(f"/rsvps/{link}/").status_code

    results = all_at_once([undo_it, come, undo_it, go, come, come, undo_it, come], threads=8)
    assert sorted(type(one).__name__ for one in results if not isinstance(one, int)) == [
        "Flood",
        "WrongState",
        "WrongState",
    ]
    assert [one for one in results if isinstance(one, int)].count(201) == 4
    assert sums_hold(event.pk)
    assert Activity.objects.filter(verb="event.places_given_back").count() == 1
