"""The door asks the database as much for three hundred guests as for ten, and little; scripts get the changed part."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engage.database.ids import uuid7
from events.door.checking_in import check_in
from events.door.guests import MOST_SHOWN
from events.event.models import Event
from events.rsvps.models import Rsvp, RsvpStatus
from events.rsvps.needs.asking import Need
from events.rsvps.tickets import new_code, seal_name
from tests.makers.rsvps import an_rsvp
from tests.web.door.doors import Screen, a_live_event, device_at, staff_at, words_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
BY_SCRIPT = {"HX-Request": "true"}


def guests(event: Event, number: int) -> list[Rsvp]:
    """That many places, each with a name of its own, made at once."""
    now, rows = timezone.now(), []
    for count in range(number):
        row = Rsvp(
            id=uuid7(), agency=event.agency, event=event, status=RsvpStatus.CONFIRMED, checkin_code=new_code(),
            confirmed_at=now, party_size=1 + count % 3, erase_after=now,
        )  # fmt: skip
        seal_name(row, f"Guest Number {count:04}")
        rows.append(row)
    return Rsvp.objects.bulk_create(rows)


def asked(act: Callable[[], Any]) -> int:
    """Statements but for those of transactions."""
    with CaptureQueriesContext(
        connection,
    ) as context:
        assert act().status_code == 200
    return sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")) for query in context)


def acts(screen: Screen, rsvp: Rsvp) -> dict[str, Callable[[], Any]]:
    by_script: dict[str, Any] = {"headers": BY_SCRIPT}
    key = {"key": secrets.token_urlsafe(12)}
    return {
        "page": screen.get,
        "typing": lambda: screen.post("matches", {"q": "guest"}, **by_script),
        "a code": lambda: screen.post("find", {"q": rsvp.checkin_code} | key, **by_script),
        "a name": lambda: screen.post("find", {"q": "number 00"} | key, **by_script),
        "a walk-in": lambda: screen.post("walk-in", {"party": "2"} | key, **by_script),
        "a head": lambda: screen.post("heads", {"step": "1", "added": "0", "removed": "0"}, **by_script),
        "numbers": lambda: screen.get("numbers", headers=BY_SCRIPT),
    }


@pytest.mark.slow
def test_the_same_for_ten_guests_and_for_three_hundred() -> None:
    event = a_live_event(capacity=None)
    few = guests(event, 10)
    device, staff = device_at(event), staff_at(event)
    first = {name: asked(act) for name, act in acts(device, few[0]).items()}
    by_staff = {name: asked(act) for name, act in acts(staff, few[1]).items()}
    many = guests(event, 290)
    for rsvp in many[::2]:
        check_in(event, client_id=str(rsvp.pk), rsvp_id=rsvp.pk, now=timezone.now())
    for number in range(10):
        an_rsvp(event, needs=[Need("wheelchair"), Need("interpreter", f"l{number}")])
    assert {name: asked(act) for name, act in acts(device, many[1]).items()} == first
    assert {name: asked(act) for name, act in acts(staff, many[3]).items()} == by_staff
    # The device's session, the place, the arrival, and who they are.
    assert first["a code"] == 4
    assert first["a walk-in"] <= 4
    assert first["typing"] == 2
    assert max(first.values()) <= 5
    # Session, person, roles with whether a second factor is due; the event in place of the link.
    assert by_staff["a code"] == 7


def test_a_script_gets_the_changed_part_alone() -> None:
    event = a_live_event()
    rsvp = an_rsvp(event, name="Ada Park")
    screen = device_at(event)
    typing = screen.post("matches", {"q": "ada"}, headers=BY_SCRIPT)
    arrival = screen.post("find", {"q": rsvp.checkin_code, "key": "k"}, headers=BY_SCRIPT)
    for part in (typing, arrival):
        assert "<html" not in part.content.decode()
        assert "HX-Request" in part["Vary"]
    assert "1 match" in words_of(typing)
    assert arrival["HX-Trigger"] == "arrived"
    assert "Welcome, Ada Park" in words_of(arrival)
    numbers = screen.get("numbers", headers=BY_SCRIPT)
    assert "here 1 of 1 RSVP still to come 0" in words_of(numbers).replace("  ", " ")
    assert screen.get("numbers").status_code == 302


def test_a_long_list_is_cut_and_says_so() -> None:
    event = a_live_event(capacity=None)
    guests(event, MOST_SHOWN + 5)
    said = device_at(event).find("guest")
    assert f"{MOST_SHOWN + 5} match" in said
    assert f"The first {MOST_SHOWN} are shown." in said
    assert said.count("Check in Guest") == MOST_SHOWN


@pytest.mark.slow
def test_a_name_among_five_hundred_is_found_before_anybody_has_waited() -> None:
    """A bound far above what it takes (see docs), to notice a list that is opened once for each row."""
    event = a_live_event(capacity=None)
    guests(event, 500)
    screen = device_at(event)
    took = []
    for _again in range(5):
        begun = time.perf_counter()
        screen.post("matches", {"q": "number 04"}, headers=BY_SCRIPT)
        took.append(time.perf_counter() - begun)
    print("search of 500:", sorted(round(one * 1000, 1) for one in took), "ms")
    begun = time.perf_counter()
    rsvps = list(Rsvp.objects.filter(event=event)[:50])
    for rsvp in rsvps:
        screen.post("find", {"q": rsvp.checkin_code, "key": str(rsvp.pk)}, headers=BY_SCRIPT)
    print("check-in:", round((time.perf_counter() - begun) * 1000 / len(rsvps), 1), "ms")
    assert min(took) < 1
