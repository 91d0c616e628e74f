"""A meeting that moved says what it was, until its end; moved back, it was never moved. Who was told when counts too."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from events.event.announced import MOST
from events.event.models import Event
from events.event.standing import moved_from, moved_since
from events.planning.lifecycle import cancel, end, start
from events.planning.scheduling import edit
from events.planning.venues import edit_venue
from tests.makers.agencies import an_agency
from tests.makers.events import a_draft, a_venue, an_event

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def now() -> dt.datetime:
    return timezone.now()


def at(hour: int, event: Event) -> dict[str, str]:
    day = event.local_starts_at.date()
    return {"starts_at": f"{day}T{hour}:00:00", "ends_at": f"{day}T{hour + 1}:30:00"}


def moved(event: Event, now: dt.datetime, *ways: dict[str, Any]) -> Event:
    """Edited so, a minute apart; the row as it is now."""
    for number, fields in enumerate(ways, start=1):
        edit(event.pk, actor=None, now=now + number * MINUTE, fields=fields)
    return Event.objects.select_related("agency", "venue").get(pk=event.pk)


def began(event: Event, now: dt.datetime) -> int | None:
    was = moved_from(event, now)
    return None if was is None else was.local_starts_at.hour


@pytest.mark.parametrize(
    ("hours", "before"),
    [
        ((), None),
        ((19,), 18),
        ((19, 20), 19),
        # Moved back: what came in between is taken back.
        ((19, 18), None),
        ((19, 20, 19), 18),
        ((19, 20, 18), None),
        ((19, 18, 20), 18),
        ((19, 20, 19, 18), None),
    ],
)
def test_what_was_last_announced_before_the_newest_move(
    hours: tuple[int, ...], before: int | None, now: dt.datetime
) -> None:
    event = an_event()
    assert began(moved(event, now, *(at(hour, event) for hour in hours)), now) == before


@pytest.mark.parametrize(
    ("fields", "is_move"),
    [
        ({"title": "Another name", "capacity": 9}, False),
        # How to join is for those who hold a place: it is no other place.
        ({"online_url": "https://meet.example/2"}, False),
        ({"format": "online"}, True),
        ({"timezone": "America/Denver"}, True),
    ],
)
def test_only_another_time_or_venue_is_a_move(
    fields: dict[str, Any], now: dt.datetime, *, is_move: bool
) -> None:
    event = an_event(format="hybrid", online_url="https://meet.example/1")
    assert (moved_from(moved(event, now, fields), now) is not None) == is_move


def test_what_a_draft_was_nobody_was_told(now: dt.datetime) -> None:
    draft = a_draft()
    assert not moved(draft, now, at(19, draft)).schedules


def test_another_venue_is_a_move_and_so_is_the_same_one_corrected(now: dt.datetime) -> None:
    agency = an_agency()
    here, there = a_venue(agency, name="Library"), a_venue(agency, name="School", address="1 Elm St")
    event = moved(an_event(agency, venue=here.pk), now, {"venue": there.pk})
    was = moved_from(event, now)
    assert was is not None
    assert (was.where, was.venue_id) == ("Library, 12 Main St", here.pk)
    edit_venue(there, actor=None, now=now + 2 * MINUTE, fields={"room": "Hall B"})
    was = moved_from(moved(event, now), now)
    assert was is not None
    assert was.where == "School, 1 Elm St"


@pytest.mark.parametrize("turn", ["over", "cancelled", "past its end"])
def test_it_counts_until_the_end(turn: str, now: dt.datetime) -> None:
    event = an_event()
    event = moved(event, now, at(19, event))
    assert began(event, now) == 18
    if turn == "over":
        start(event, now=now)
        assert began(moved(event, now), now) == 18
        end(event, now=now)
    elif turn == "cancelled":
        cancel(event, reason="Storm.", actor=None, now=now)
    assert began(moved(event, now), event.ends_at if turn == "past its end" else now) is None


def test_who_was_told_in_between_reads_what_they_were_told(now: dt.datetime) -> None:
    event = an_event()
    event = moved(event, now, at(19, event), at(20, event), at(19, event))
    told = {after: moved_since(event, now + after * MINUTE, now) for after in (0, 1, 2, 3)}
    assert {after: was and was.local_starts_at.hour for after, was in told.items()} == {
        0: 18, 1: None, 2: 20, 3: None,
    }  # fmt: skip


def test_as_many_are_kept_as_somebody_can_follow(now: dt.datetime) -> None:
    event = an_event()
    event.schedules = [{"until": str(number)} for number in range(MOST)]
    event.save(update_fields=["schedules"])
    kept = moved(event, now, at(19, event)).schedules
    assert len(kept) == MOST
    assert [kept[0]["until"], kept[-1]["local_starts_at"][11:13]] == ["1", "18"]
