"""Local time plus zone: what the clock shows decides, also in the night when it is put back."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from events.planning.time_reading import (
    AmbiguousTime,
    NonexistentTime,
    UnknownTimezone,
    UnreadableTime,
    instant_of,
    local_time_of,
    read_time,
)

# Northern and southern, half an hour, none at all, irregular, and changes at midnight.
ZONES = (
    "America/Chicago",
    "America/New_York",
    "America/St_Johns",
    "America/Phoenix",
    "America/Santiago",
    "Australia/Lord_Howe",
    "Europe/Dublin",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "Asia/Beirut",
    "UTC",
)
CHICAGO = "America/Chicago"


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def test_a_local_time_without_offset_is_the_zones_own() -> None:
    assert read_time("2027-01-14T18:00:00", CHICAGO).at == utc("2027-01-15T00:00")
    assert read_time("2027-07-14T18:00:00", CHICAGO).at == utc("2027-07-14T23:00")
    assert read_time("2027-07-14T18:00", CHICAGO).at == utc("2027-07-14T23:00")


def test_any_offset_is_converted_to_the_zone() -> None:
    for written in ("2027-07-14T23:00:00Z", "2027-07-15T01:00:00+02:00", "2027-07-14t23:00:00z"):
        read = read_time(written, CHICAGO)
        assert (read.naive, read.at) == (dt.datetime(2027, 7, 14, 18), utc("2027-07-14T23:00"))


def test_a_time_that_the_clocks_skip_is_refused() -> None:
    with pytest.raises(NonexistentTime) as refused:
        read_time("2027-03-14T02:30:00", CHICAGO, field="ends_at")
    assert refused.value.errors[0].field == "ends_at"
    with pytest.raises(NonexistentTime):
        read_time("2027-03-14T02:30:00", CHICAGO, fold=1)


def test_a_time_that_comes_twice_is_refused_until_somebody_says_which() -> None:
    with pytest.raises(AmbiguousTime):
        read_time("2027-11-07T01:30:00", CHICAGO)
    assert read_time("2027-11-07T01:30:00", CHICAGO, fold=0).at == utc("2027-11-07T06:30")
    assert read_time("2027-11-07T01:30:00", CHICAGO, fold=1).at == utc("2027-11-07T07:30")
    # An offset says which as well.
    second = read_time("2027-11-07T01:30:00-06:00", CHICAGO)
    assert (second.fold, second.at) == (1, utc("2027-11-07T07:30"))


def test_half_an_hour_of_summer_time_has_its_own_gap_and_repetition() -> None:
    with pytest.raises(NonexistentTime):
        read_time("2027-10-03T02:15:00", "Australia/Lord_Howe")
    assert read_time("2027-10-03T02:30:00", "Australia/Lord_Howe").fold == 0
    with pytest.raises(AmbiguousTime):
        read_time("2027-04-04T01:45:00", "Australia/Lord_Howe")


@pytest.mark.parametrize(
    "text",
    ["", "tomorrow", "2027-13-01T10:00:00", "2027-02-30T10:00:00", "2027-03-14", "2027-03-14T25:00:00", "0001-01-01T00:00:00Z",
     "9999-12-31T23:59:59-12:00", "2027-03-14T18:00:00+99:99", "２０２７-03-14T18:00:00", "2027-03-14T18:00:00\n", "2027-W10-1T10:00"],
)  # fmt: skip
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(UnreadableTime):
        read_time(text, CHICAGO)


@pytest.mark.parametrize(
    "zone", ["", "Mars/Olympus", "../../etc/passwd", "america/chicago", "CST6CDT\x00", "localtime"]
)
def test_a_zone_outside_the_iana_list_is_refused(zone: str) -> None:
    with pytest.raises(UnknownTimezone):
        read_time("2027-03-14T18:00:00", zone)


_instants = st.datetimes(dt.datetime(1971, 1, 1), dt.datetime(2150, 1, 1)).map(
    lambda at: at.replace(microsecond=0, tzinfo=dt.UTC)
)


@given(_instants, st.sampled_from(ZONES))
@example(utc("2027-11-07T06:59:59"), CHICAGO)
@example(utc("2027-11-07T07:00:00"), CHICAGO)
@example(utc("2027-03-14T08:00:00"), CHICAGO)
def test_every_instant_survives_the_way_to_the_wall_and_back(instant: dt.datetime, zone: str) -> None:
    shown = local_time_of(instant, ZoneInfo(zone))
    assert instant_of(shown.naive, zone, shown.fold) == instant
    assert read_time(shown.naive, zone, fold=shown.fold).at == instant
    assert read_time(instant.isoformat(), zone) == shown


@given(
    st.datetimes(dt.datetime(1971, 1, 1), dt.datetime(2150, 1, 1)).map(lambda at: at.replace(microsecond=0)),
    st.sampled_from(ZONES),
    st.sampled_from([None, 0, 1]),
)
def test_a_local_time_is_read_as_shown_or_refused_but_never_shifted(
    naive: dt.datetime, zone: str, fold: int | None
) -> None:
    try:
        read = read_time(naive, zone, fold=fold)
    except NonexistentTime:
        there = naive.replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC).astimezone(ZoneInfo(zone))
        assert there.replace(tzinfo=None) != naive
    except AmbiguousTime:
        assert fold is None
        assert instant_of(naive, zone, 0) < instant_of(naive, zone, 1)
    else:
        assert read.at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == naive
