"""However a meeting came to be as it is: the database, its filters and the row at hand say that it stands the same."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engage.database.ids import uuid7
from events.event.models import Event
from events.event.standing import (
    SAVING,
    TAKINGS,
    EventStanding,
    as_column,
    people_may_come,
    seats_left,
    standing_of,
    standings,
    takes_people,
    takes_rsvps,
    taking_of,
    takings,
)
from tests.makers.events import an_event
from web.events.finding import next_with_seats

NOW = dt.datetime(2027, 3, 14, 9, 30, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
# Few and round, so that instants often coincide: whether an end is inside or outside is where rules differ.
HOURS = st.integers(-3, 3)
STATUSES = ("draft", "published", "live", "ended", "reported", "cancelled")


@st.composite
def a_row(draw: st.DrawFn) -> dict[str, Any]:
    """Columns of one that the constraints let be; hours count from now."""
    status, starts = draw(st.sampled_from(STATUSES)), draw(HOURS)
    capacity = draw(st.none() | st.integers(1, 3))
    taken = draw(st.integers(0, capacity if capacity is not None else 3))
    held = draw(st.integers(0, capacity - taken if capacity is not None else 2))
    opens, closes = draw(st.none() | HOURS), draw(st.none() | HOURS)
    return {
        "status": status,
        "published_at": None if status == "draft" else NOW - 9 * HOUR,
        "cancelled_reason": "Storm." if status == "cancelled" else "",
        "starts_at": NOW + starts * HOUR,
        "ends_at": NOW + (starts + draw(st.integers(1, 3))) * HOUR,
        "imported": draw(st.booleans()),
        "rsvp_mode": draw(st.sampled_from(("open", "open", "none"))),
        "rsvp_opens_at": None if opens is None else NOW + opens * HOUR,
        "rsvp_closes_at": None if closes is None else NOW + closes * HOUR,
        "capacity": capacity,
        "seats_taken": taken,
        "seats_held": held,
        "waiting": draw(st.integers(0, 1)),
    }


def stored(rows: list[dict[str, Any]]) -> list[Event]:
    one = an_event()
    columns = {field.attname: getattr(one, field.attname) for field in Event._meta.concrete_fields}
    made = []
    for row in rows:
        event = Event(**(columns | row | {"id": uuid7(), "room_code": "", "short_code": ""}))
        event.uid = str(event.pk)
        made.append(event)
    Event.objects.filter(pk=one.pk).delete()
    return Event.objects.bulk_create(made)


def by_filters(rules: dict[EventStanding, Any]) -> list[tuple[Any, EventStanding]]:
    return sorted(
        (pk, each)
        for each, rule in rules.items()
        for pk in Event.objects.filter(rule).values_list("pk", flat=True)
    )


@pytest.mark.django_db(databases=["default", "owner"])
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=st.lists(a_row(), min_size=1, max_size=20))
def test_the_database_the_filters_and_the_row_at_hand_agree(rows: list[dict[str, Any]]) -> None:
    with transaction.atomic():
        events = stored(rows)
        at_hand = {one.pk: standing_of(one, NOW) for one in events}
        column = Event.objects.annotate(stands=as_column(NOW)).values_list("pk", "stands")
        assert dict(column) == {pk: each.value for pk, each in at_hand.items()}
        # Each in exactly one: neither left out nor counted twice.
        assert by_filters(standings(NOW)) == sorted(at_hand.items())
        found = {one.pk: taking for one in events if (taking := taking_of(one, NOW))}
        assert by_filters(takings(NOW)) == sorted(found.items())
        come = set(Event.objects.filter(people_may_come(NOW)).values_list("pk", flat=True))
        assert come == found.keys() == {one.pk for one in events if takes_people(one, NOW)}
        assert {pk for pk, each in found.items() if each in SAVING} == {
            one.pk for one in events if takes_rsvps(one, NOW)
        }
        for one in events:
            stands, left = at_hand[one.pk], seats_left(one)
            # What is ahead is what a newcomer finds; and "open" is said where a seat is to be had, and only there.
            assert not stands.is_ahead or stands is found[one.pk]
            if found.get(one.pk) in SAVING:
                assert (found[one.pk] is EventStanding.OPEN) == (not one.waiting and left != 0)
        transaction.set_rollback(True)


def test_the_order_is_that_of_the_rules_and_what_a_newcomer_finds_is_its_end() -> None:
    found = ["listed", "walk_in", "not_yet", "closed", "held_for_group", "full", "open"]
    assert list(EventStanding) == ["cancelled", "reported", "over", "live", "draft", *found]
    assert list(TAKINGS) == found


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("instead", "is_offered"),
    [
        ({}, True),
        ({"rsvp_mode": "none"}, True),
        # Of one that was only imported we do not know whether there is room.
        ({"rsvp_mode": "none", "imported": True}, False),
        ({"capacity": 2, "seats_taken": 2}, False),
        ({"capacity": 2, "waiting": 1}, False),
        ({"starts_at": NOW - HOUR}, False),
        ({"status": "cancelled", "cancelled_reason": "Storm."}, False),
        ({"audience": "staff"}, False),
    ],
)
def test_who_finds_an_event_full_is_shown_one_that_takes_people(
    instead: dict[str, Any], *, is_offered: bool
) -> None:
    usual = {"status": "published", "starts_at": NOW + 3 * HOUR, "ends_at": NOW + 5 * HOUR}
    full, other = stored([usual, usual | instead])
    found = next_with_seats(full, now=NOW)
    assert (found and found.event) == (other if is_offered else None)
