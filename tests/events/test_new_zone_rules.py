"""After new zone rules every time of a meeting stays where the clock on the wall has it; nobody is mailed, staff are told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.resources import files
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from bench.made_events import agency as a_bench_agency
from bench.made_events import events
from bench.people import reminder_due_now
from engage.activity.models import Activity
from events.event.models import Event
from events.planning import time_reading
from events.planning.following_rules import recompute_instants
from events.planning.lifecycle import cancel
from events.planning.scheduling import edit
from events.planning.time_reading import CLOCKS, NonexistentTime, local_time_of, read_time, standing_time
from events.planning.ways_back import reinstate
from outreach.ledger.models import Delivery
from tests.makers.agencies import a_person, an_agency
from tests.makers.events import a_draft, an_event, begins_at

HOUR = dt.timedelta(hours=1)


@contextmanager
def rules_of(other: str) -> Iterator[None]:
    """As if the edition of the rules that is installed now gave every zone the rules of ``other``."""

    def zone(_name: str) -> ZoneInfo:
        return ZoneInfo.from_file(
            BytesIO(files("tzdata").joinpath("zoneinfo", *other.split("/")).read_bytes())
        )

    with patch.object(time_reading, "ZoneInfo", zone):
        yield


def the_evening(**more: Any) -> Event:
    """January in Vancouver: 18:00 to 20:00, doors at 17:30, RSVPs from noon of 1 December until noon of the day."""
    day = "2027-01-12"
    return an_event(
        timezone="America/Vancouver", starts_at=f"{day}T18:00:00", ends_at=f"{day}T20:00:00", doors_open_at=f"{day}T17:30:00",
        rsvp_opens_at="2026-11-20T12:00:00", rsvp_closes_at=f"{day}T12:00:00", **more,
    )  # fmt: skip


@pytest.mark.django_db
def test_doors_and_rsvps_stay_on_the_clock_too() -> None:
    event = the_evening()
    # As if all of it had been worked out by rules of another year, an hour off.
    Event.objects.filter(pk=event.pk).update(
        **{clock.instant: getattr(event, clock.instant) + HOUR for clock in CLOCKS}
    )
    call_command("recompute_instants")
    again = Event.objects.get(pk=event.pk)
    for clock in CLOCKS:
        assert getattr(again, clock.instant) == getattr(event, clock.instant), clock.instant
        assert getattr(again, clock.local) == getattr(event, clock.local)
    assert again.schedule_version == event.schedule_version
    assert again.sequence == event.sequence + 1
    assert f"SEQUENCE:{again.sequence}" in again.vevent
    line = Activity.objects.get(object_id=event.pk, verb="event.instants_recomputed")
    assert sorted(line.data["fields"]) == sorted(clock.instant for clock in CLOCKS)
    # Nobody hears of it, and a second time there is nothing to do.
    assert line.announced_at is not None
    assert not Delivery.objects.filter(kind="event_moved").exists()
    assert recompute_instants(now=timezone.now()) == 0
    assert Event.objects.get(pk=event.pk).sequence == again.sequence


@pytest.mark.django_db
def test_what_is_off_follows_too_and_is_on_again_at_its_hour() -> None:
    event = an_event(
        timezone="America/Phoenix", starts_at="2027-07-14T18:00:00", ends_at="2027-07-14T20:00:00"
    )
    cancel(event, reason="No heating.", actor=None, now=timezone.now())
    with rules_of("America/Denver"):
        assert recompute_instants(now=timezone.now()) == 1
    again = Event.objects.get(pk=event.pk)
    assert again.starts_at == event.starts_at - HOUR
    assert again.local_starts_at == event.local_starts_at
    assert "STATUS:CANCELLED" in again.vevent
    stands = reinstate(event, actor=None, now=timezone.now()).event
    assert (stands.starts_at, stands.status) == (again.starts_at, "published")


@pytest.mark.django_db
def test_a_time_that_the_new_rules_skip_goes_to_the_next_minute() -> None:
    event = an_event(
        timezone="America/Phoenix", starts_at="2027-03-14T02:10:00", ends_at="2027-03-14T02:40:00",
        doors_open_at="2027-03-14T01:50:00",
    )  # fmt: skip
    # Arizona keeps the time of the Rocky Mountains all year; let it change its clocks with them, that night for once.
    with rules_of("America/Denver"):
        assert recompute_instants(now=timezone.now()) == 1
        again = Event.objects.get(pk=event.pk)
        assert again.local_starts_at == dt.datetime(2027, 3, 14, 3)
        # Both lay in what is skipped: it is as long as it was.
        assert again.local_ends_at == dt.datetime(2027, 3, 14, 3, 30)
        assert again.local_doors_open_at == dt.datetime(2027, 3, 14, 1, 50)
        assert recompute_instants(now=timezone.now()) == 0
    line = Activity.objects.get(object_id=event.pk, verb="event.instants_recomputed")
    assert line.data["skipped"]["starts_at"] == ["2027-03-14T02:10:00", "2027-03-14T03:00:00"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "told", "skipped"),
    [
        ("en", "The rules of this event’s time zone changed.", "skip Sunday, March 14, 2027, 2:10 a.m.; it is Sunday, March 14, 2027, 3 a.m. now."),
        ("es", "Cambiaron las reglas de la zona horaria", "se saltan el domingo, 14 de marzo de 2027, 2:10\N{NO-BREAK SPACE}a.\N{NO-BREAK SPACE}m.; ahora es el domingo, 14 de marzo de 2027, 3:00\N{NO-BREAK SPACE}a.\N{NO-BREAK SPACE}m."),
    ],
)  # fmt: skip
def test_staff_read_of_it_on_the_board_and_on_top_of_the_event_until_they_set_its_times(
    client: Client, language: str, told: str, skipped: str
) -> None:
    agency = an_agency(languages=["en", "es"])
    client.force_login(a_person(agency, language=language))
    event = an_event(
        agency, timezone="America/Phoenix", starts_at="2027-03-14T02:10:00", ends_at="2027-03-14T05:00:00"
    )
    board, top = f"/desk/{agency.slug}/", f"/desk/{agency.slug}/events/{event.pk}/"
    line = {"en": "The rules of its time zone changed", "es": "Cambiaron las reglas de su zona horaria"}[
        language
    ]
    assert line not in client.get(board).content.decode()
    with rules_of("America/Denver"):
        recompute_instants(now=timezone.now())
        fields = {"starts_at": "2027-03-14T04:00:00", "ends_at": "2027-03-14T06:00:00"}
    assert line in client.get(board).content.decode()
    words = client.get(top).content.decode()
    assert told in words
    assert skipped in words
    edit(event.pk, actor=None, now=timezone.now(), fields=fields)
    assert line not in client.get(board).content.decode()
    assert told not in client.get(top).content.decode()


@pytest.mark.django_db
def test_a_time_that_another_program_wrote_is_read_back_to_the_clock() -> None:
    """The web of the last release, beside us during an upgrade, knows the instants alone."""
    event = the_evening()
    Event.objects.filter(pk=event.pk).update(local_doors_open_at=None)
    assert recompute_instants(now=timezone.now()) == 1
    assert Event.objects.get(pk=event.pk).local_doors_open_at == dt.datetime(2027, 1, 12, 17, 30)


@pytest.mark.django_db
def test_events_written_straight_into_the_tables_agree_with_their_clock() -> None:
    """Else a worker that starts moves them back in the middle of a drill, and no reminder is due any more."""
    host = a_bench_agency()
    events(host, 400)
    reminder_due_now(host)
    begins_at(an_event(), timezone.now() + dt.timedelta(minutes=5))
    assert recompute_instants(now=timezone.now()) == 0


@pytest.mark.django_db
def test_what_was_given_by_the_clock_moves_by_the_clock() -> None:
    event = a_draft(
        timezone="America/Chicago", starts_at="2027-03-13T18:00:00", ends_at="2027-03-13T20:00:00",
        doors_open_at="2027-03-13T17:30:00", rsvp_closes_at="2027-03-13T12:00:00",
    )  # fmt: skip
    # Over the night on which clocks change: half an hour before the start, and at noon, as it was.
    fields = {"starts_at": "2027-03-14T18:00:00", "ends_at": "2027-03-14T20:00:00"}
    moved = edit(event, actor=None, now=timezone.now(), fields=fields).event
    assert moved.local_doors_open_at == dt.datetime(2027, 3, 14, 17, 30)
    assert moved.local_rsvp_closes_at == dt.datetime(2027, 3, 14, 12)
    assert moved.rsvp_closes_at == dt.datetime(2027, 3, 14, 17, tzinfo=dt.UTC)
    # Another zone alone: every time is that of the clock there.
    there = edit(moved, actor=None, now=timezone.now(), fields={"timezone": "America/Denver"}).event
    assert there.local_doors_open_at == dt.datetime(2027, 3, 14, 17, 30)
    assert there.doors_open_at == dt.datetime(2027, 3, 14, 23, 30, tzinfo=dt.UTC)


ZONES = (
    "America/Chicago", "America/Vancouver", "Africa/Cairo", "Africa/Casablanca", "Australia/Lord_Howe", "America/Nuuk", "America/Santiago",
    "Asia/Kathmandu", "Europe/Dublin", "Pacific/Apia", "America/Havana", "Antarctica/Troll",
)  # fmt: skip
MOMENTS = st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2045, 1, 1)).map(
    lambda at: at.replace(microsecond=0)
)


@given(zone=st.sampled_from(ZONES), at=MOMENTS)
def test_an_instant_comes_back_from_the_clock(zone: str, at: dt.datetime) -> None:
    """Folds too: what the wall shows, and which of two, is enough."""
    there = local_time_of(at.replace(tzinfo=dt.UTC), ZoneInfo(zone))
    assert standing_time(there.naive, zone, there.fold) == there
    assert read_time(there.naive, zone, fold=there.fold).at == there.at


@given(zone=st.sampled_from(ZONES), naive=MOMENTS, fold=st.integers(0, 1))
def test_the_clock_stands_or_goes_to_the_next_minute_that_there_is(
    zone: str, naive: dt.datetime, fold: int
) -> None:
    time = standing_time(naive, zone, fold)
    assert local_time_of(time.at, ZoneInfo(zone)).naive == time.naive
    try:
        shown = read_time(naive, zone, fold=fold).naive
    except NonexistentTime:
        # Nothing on the clock lies between: a second before, it showed less than was asked for.
        before = local_time_of(time.at - dt.timedelta(seconds=1), ZoneInfo(zone)).naive
        assert before < naive < time.naive
        assert time.naive.second == 0
    else:
        assert shown == time.naive == naive


@pytest.mark.django_db
def test_what_stood_as_an_instant_alone_gets_the_clock_that_people_were_told() -> None:
    """The migration, for an event of January in Vancouver that was saved by rules of before 2026: an hour off throughout."""
    event = the_evening()
    Event.objects.filter(pk=event.pk).update(
        **{clock.instant: getattr(event, clock.instant) + HOUR for clock in CLOCKS if clock.instant != "rsvp_opens_at"},
        **{clock.local: None for clock in CLOCKS[2:]},
    )  # fmt: skip
    fill_in = import_module("events.migrations.0016_clocks_filled_in").fill_in
    fill_in(apps, SimpleNamespace(connection=connection))
    filled = Event.objects.get(pk=event.pk)
    for clock in CLOCKS:
        assert getattr(filled, clock.local) == getattr(event, clock.local), clock.local
    # And the worker's first round puts the instants right.
    assert recompute_instants(now=timezone.now()) == 1
    again = Event.objects.get(pk=event.pk)
    assert [getattr(again, clock.instant) for clock in CLOCKS] == [
        getattr(event, clock.instant) for clock in CLOCKS
    ]
