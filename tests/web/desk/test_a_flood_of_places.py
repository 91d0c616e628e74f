"""Twenty requests take a hundred seats in seconds; staff give them back in one act, and see nobody's network."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from engage.models import Activity, Agency
from engage.resident_links import Purpose, mint
from events import event_lifecycle
from events.access_asking import Need
from events.checking_in import check_in
from events.flood_undoing import floods_of, give_back
from events.models import AccessRequest, Event, Rsvp
from tests.events.crowd import all_at_once
from tests.makers.agencies import an_agency
from tests.makers.api_clients import the_public
from tests.makers.events import a_meeting
from tests.makers.places import a_place, sums_hold
from tests.web.staff_clients import staff

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
FLOOD, OTHERS = "203.0.113.9", "203.0.113.77"


@pytest.fixture
def event() -> Event:
    return a_meeting(capacity=100)


def flooded(event: Event, many: int = 12, *, address: str = FLOOD, **body: Any) -> list[str]:
    """Places of six, saved by one who says nothing of himself: their links."""
    public = the_public(address=address)
    given = {"party_size": 6} | body
    return [public.post(f"/events/{event.pk}/rsvps/", given).json()["manage_token"] for _ in range(many)]


def list_of(agency: Agency, event: Event, more: str = "") -> str:
    return f"/desk/{agency.slug}/events/{event.pk}/rsvps/{more}"


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def undo(liaison: Client, event: Event) -> Any:
    """As somebody does it: from the list to the page that asks, and the button on it."""
    listed = liaison.get(list_of(event.agency, event)).content.decode()
    (address,) = re.findall(r'href="([^"]*/rsvps/flood\?first=[^"]+)"', listed)
    asked = liaison.get(address).content.decode()
    form = dict(re.findall(r'type="hidden" name="(first|until)" value="([^"]+)"', asked))
    return liaison.post(address.partition("?")[0], form, follow=True)


def test_all_of_it_goes_back_in_one_act_to_those_who_wait(event: Event) -> None:
    links = flooded(event, 16)
    waiting = [a_place(event, email=f"{n}@mail.example") for n in range(3)]
    event.refresh_from_db()
    # Sixteen sixes into a hundred seats: 96 are gone, and one more of them would wait.
    assert event.seats_taken >= 96
    liaison = staff(event.agency)
    before = Activity.objects.count()
    shown = text_of(liaison.get(list_of(event.agency, event)))
    assert (
        "16 places for 96 people were saved within 1 minute from one internet connection, all without an address."
        in shown
    )
    assert FLOOD not in shown
    assert "16 places are cancelled" in text_of(undo(liaison, event))
    event.refresh_from_db()
    assert Rsvp.objects.filter(event=event, status="cancelled").count() == 16
    assert not Rsvp.objects.filter(pk__in=[place.pk for place in waiting], status="waitlisted").exists()
    assert sums_hold(event.pk)
    lines = Activity.objects.filter(verb="event.places_given_back")
    assert lines.get().data == {"places": 16, "people": 96}
    promoted = Activity.objects.filter(verb__in=["rsvp.promoted", "rsvp.offered"]).count()
    assert Activity.objects.count() == before + 1 + promoted
    # Their own pages say what happened, and that they may still come.
    page = text_of(Client().get(f"/r/{links[0]}"))
    assert "We cancelled this place" in page
    # And nothing is left to undo.
    assert "from one internet connection" not in text_of(liaison.get(list_of(event.agency, event)))


def test_places_of_the_form_count_as_those_of_programs(event: Event) -> None:
    form = {"party_size": 1, "contact": "none", "language": "en"}
    for number in range(10):
        assert Client().post(f"/events/{event.pk}/rsvp", form | {"key": f"{number:0>32}"}).status_code == 303
    assert "10 places for 10 people" in text_of(staff(event.agency).get(list_of(event.agency, event)))


def test_nobody_else_is_touched(event: Event) -> None:
    Event.objects.filter(pk=event.pk).update(capacity=None)
    flooded(event, 12, party_size=1)
    # Before the others come: within one second the ids are in no order.
    here = Rsvp.objects.filter(event=event).order_by("pk")[0]
    given = flooded(event, 3, party_size=1, email="maya@mail.example")
    elsewhere = flooded(event, 9, party_size=1, address=OTHERS)
    by_telephone = a_place(event, source="staff")
    live = event_lifecycle.start(event, now=timezone.now()).event
    check_in(live, client_id="door-1", rsvp_id=here.pk, now=timezone.now())
    undo(staff(event.agency), event)
    standing = Rsvp.objects.filter(event=event).exclude(status="cancelled")
    assert standing.count() == len(given) + len(elsewhere) + 2
    assert {by_telephone.pk, here.pk} <= set(standing.values_list("pk", flat=True))


def test_a_few_places_of_one_family_are_no_flood_and_two_networks_are_two(event: Event) -> None:
    Event.objects.filter(pk=event.pk).update(capacity=None)
    flooded(event, 9, party_size=1)
    assert floods_of(event, now=timezone.now()) == []
    flooded(event, 1, party_size=1)
    flooded(event, 11, party_size=1, address=OTHERS)
    # Both may have begun in the same second, and then either stands first.
    assert sorted(len(flood.places) for flood in floods_of(event, now=timezone.now())) == [10, 11]
    # From the same network a day later it is not known any more; hours apart, it is two.
    assert floods_of(event, now=timezone.now() + dt.timedelta(hours=25)) == []


def test_hours_apart_it_is_looked_at_apart(event: Event) -> None:
    Event.objects.filter(pk=event.pk).update(capacity=None)
    flooded(event, 22, party_size=1)
    early = list(Rsvp.objects.filter(event=event).order_by("pk").values_list("pk", flat=True)[:11])
    Rsvp.objects.filter(pk__in=early).update(created_at=timezone.now() - dt.timedelta(hours=3))
    assert [len(flood.places) for flood in floods_of(event, now=timezone.now())] == [11, 11]


def test_what_comes_after_the_question_is_not_given_back_unasked(event: Event) -> None:
    Event.objects.filter(pk=event.pk).update(capacity=None)
    flooded(event, 12, party_size=1)
    (flood,) = floods_of(event, now=timezone.now())
    later = flooded(event, 2, party_size=1)
    Rsvp.objects.filter(event=event).exclude(pk__in=flood.places).update(
        created_at=flood.ended_at + dt.timedelta(seconds=1)
    )
    gone = give_back(event.pk, flood.first, until=flood.ended_at, actor=None, now=timezone.now())
    assert set(gone.places) == set(flood.places)
    assert Rsvp.objects.exclude(status="cancelled").count() == len(later)


def test_a_second_click_another_agency_and_a_leader_give_nothing_back(event: Event) -> None:
    flooded(event, 12)
    (flood,) = floods_of(event, now=timezone.now())
    form = {"first": str(flood.first), "until": flood.ended_at.isoformat()}
    path = list_of(event.agency, event, "flood")
    assert staff().post(list_of(an_agency(), event, "flood"), form).status_code in {403, 404}
    assert staff(event.agency, "leader").post(path, form).status_code == 403
    assert Client().post(path, form).status_code in {302, 403}
    liaison = staff(event.agency)
    for wrong in (
        {"first": "x"},
        {"first": str(event.pk)},
        {"until": "yesterday"},
        {"until": "2026-01-01T00:00:00"},
    ):
        assert liaison.post(path, form | wrong).status_code in {404, 409}
    assert not Rsvp.objects.filter(event=event, status="cancelled").exists()
    assert liaison.get(f"{path}?first={flood.first}").status_code == 200
    assert liaison.get(f"{path}?first={event.pk}").status_code == 302
    assert not Rsvp.objects.filter(event=event, status="cancelled").exists()
    assert [liaison.post(path, form).status_code for _ in range(2)] == [302, 409]


def test_needs_go_with_the_places(event: Event) -> None:
    flooded(event, 12, party_size=1, access_requests=[{"kind": "wheelchair"}])
    a_place(event, email="a@mail.example", needs=[Need("wheelchair")])
    undo(staff(event.agency), event)
    assert AccessRequest.objects.filter(event=event).count() == 1


def test_the_database_knows_nothing_of_connections_and_the_cache_no_address(event: Event) -> None:
    columns = {field.column for field in Rsvp._meta.get_fields() if hasattr(field, "column")}
    assert not [name for name in columns if "network" in name or "mark" in name or "connection" in name]
    other = a_meeting(event.agency)
    for meeting in (event, other):
        flooded(meeting, 2, party_size=1)
    places = Rsvp.objects.order_by("pk").values_list("event_id", "pk")
    marks: dict[Any, set[bytes]] = {}
    for event_id, pk in places:
        marks.setdefault(event_id, set()).add(cache.get(f"connection:{pk}"))
    # One network: one mark in one event, another one in the next.
    assert [len(found) for found in marks.values()] == [1, 1]
    assert len(set.union(*marks.values())) == 2
    client = cache._cache.get_client(write=True)  # type: ignore[attr-defined]
    held = b" ".join(client.keys("*connection:*"))
    assert FLOOD.encode() not in held
    assert all(0 < client.ttl(key) <= 24 * 3600 for key in client.keys("*connection:*"))


def test_an_address_leaves_no_mark_at_all(event: Event) -> None:
    flooded(event, 1, party_size=1, email="maya@mail.example")
    place = Rsvp.objects.get(event=event)
    assert cache.get(f"connection:{place.pk}") is None


def test_without_a_cache_places_are_saved_and_there_is_nothing_to_undo(
    event: Event, settings: LazySettings
) -> None:
    backend = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": backend | {"OPTIONS": {"socket_connect_timeout": 0.2}}}
    flooded(event, 10, party_size=1)
    assert staff(event.agency).get(list_of(event.agency, event)).status_code == 200
    assert floods_of(event, now=timezone.now()) == []


def test_whoever_gave_a_place_back_is_told_so() -> None:
    place = a_place(a_meeting())
    link = f"/r/{mint(Purpose.RSVP_SCREEN, place.pk, place.link_version)}"
    Client().post(f"{link}/cancel")
    assert "You gave your place back" in text_of(Client().get(link))


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_given_back_while_others_come_and_go_the_sums_hold() -> None:
    event = a_meeting(capacity=40)
    flooded(event, 12, party_size=3)
    mine = [a_place(event, email=f"{n}@mail.example") for n in range(4)]
    (flood,) = floods_of(event, now=timezone.now())

    def undo_it() -> Any:
        return give_back(event.pk, flood.first, until=flood.ended_at, actor=None, now=timezone.now())

    def come() -> Any:
        return the_public(address=OTHERS).post(f"/events/{event.pk}/rsvps/").status_code

    def go() -> Any:
        link = mint(Purpose.RSVP_SCREEN, mine[0].pk, mine[0].link_version)
        return the_public(address=OTHERS).delete(f"/rsvps/{link}/").status_code

    results = all_at_once([undo_it, come, undo_it, go, come, come, undo_it, come], threads=8)
    assert sorted(type(one).__name__ for one in results if not isinstance(one, int)) == [
        "Flood",
        "FloodGone",
        "FloodGone",
    ]
    assert [one for one in results if isinstance(one, int)].count(201) == 4
    assert sums_hold(event.pk)
    assert Activity.objects.filter(verb="event.places_given_back").count() == 1
