"""VTIMEZONE: a program without a zone database reads the same instants from ours as the zone database gives."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo, available_timezones

import icalendar
import pytest
import recurring_ical_events
from dateutil.tz import tzical
from hypothesis import given
from hypothesis import strategies as st

from events.calendars.lines import calendar, line
from events.calendars.zones import vtimezone

UNITED_STATES = [
    "America/New_York",
    "America/Detroit",
    "America/Kentucky/Louisville",
    "America/Kentucky/Monticello",
    "America/Indiana/Indianapolis",
    "America/Indiana/Vincennes",
    "America/Indiana/Winamac",
    "America/Indiana/Marengo",
    "America/Indiana/Petersburg",
    "America/Indiana/Vevay",
    "America/Chicago",
    "America/Indiana/Tell_City",
    "America/Indiana/Knox",
    "America/Menominee",
    "America/North_Dakota/Center",
    "America/North_Dakota/New_Salem",
    "America/North_Dakota/Beulah",
    "America/Denver",
    "America/Boise",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "America/Juneau",
    "America/Sitka",
    "America/Metlakatla",
    "America/Yakutat",
    "America/Nome",
    "America/Adak",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
    "Pacific/Guam",
    "Pacific/Pago_Pago",
    "America/St_Thomas",
]
REGULAR = UNITED_STATES[:28]
# None, half an hour, south, before midnight, irregular by the moon's calendar, changed for good, seconds.
ELSEWHERE = [
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "America/Santiago",
    "America/Nuuk",
    "Europe/Dublin",
    "Europe/London",
    "Africa/Casablanca",
    "Africa/Cairo",
    "Asia/Gaza",
    "Asia/Kathmandu",
    "Asia/Tehran",
    "Europe/Moscow",
    "Europe/Istanbul",
    "Pacific/Apia",
    "America/Sao_Paulo",
    "Antarctica/Troll",
    "Asia/Tokyo",
    "America/Mexico_City",
    "Pacific/Chatham",
]
NOW = 2026


def read_by_dateutil(zone: str, first_year: int) -> dt.tzinfo:
    """The zone as dateutil understands our text; it knows nothing of the zone database here."""
    import io

    text = vtimezone(zone, first_year=first_year, this_year=NOW)
    read = tzical(io.StringIO(text.replace("\r\n ", "").replace("\r\n", "\n"))).get(zone)
    assert read is not None
    return read


def differences(zone: str, first_year: int, last_year: int, read: dt.tzinfo) -> list[dt.datetime]:
    """Local noons, and every half hour of the days around each change, at which the two disagree."""
    real = ZoneInfo(zone)
    wrong = []
    day = dt.datetime(first_year, 1, 1)
    while day.year <= last_year:
        before, after = ((day + dt.timedelta(days=more)).replace(tzinfo=real).utcoffset() for more in (0, 1))
        hours = range(0, 1440, 30) if before != after else (720,)
        for minutes in hours:
            local = day + dt.timedelta(minutes=minutes)
            firm = local.replace(tzinfo=real).utcoffset() == local.replace(tzinfo=real, fold=1).utcoffset()
            if firm and local.replace(tzinfo=read).utcoffset() != local.replace(tzinfo=real).utcoffset():
                wrong.append(local)
        day += dt.timedelta(days=1)
    return wrong


@pytest.mark.parametrize("zone", [*UNITED_STATES, *ELSEWHERE])
def test_every_local_time_means_the_same_instant(zone: str) -> None:
    for first_year in (2016, NOW):
        read = read_by_dateutil(zone, first_year)
        assert differences(zone, first_year, NOW + 9, read) == []


@pytest.mark.parametrize("zone", REGULAR)
def test_a_regular_zone_is_told_by_two_rules_and_no_dates(zone: str) -> None:
    text = vtimezone(zone, first_year=2021, this_year=NOW)
    rules = text.count("RRULE:FREQ=YEARLY;")
    expected = 0 if zone == "America/Phoenix" else 2
    assert (rules, text.count("RDATE")) == (expected, 0)
    assert text.count("BEGIN:STANDARD") == 1
    assert text.count("BEGIN:DAYLIGHT") == expected // 2


def test_chicago_reads_as_everybody_writes_it() -> None:
    text = vtimezone("America/Chicago", first_year=2026, this_year=2026)
    assert (
        "DTSTART:20070311T020000\r\nTZOFFSETFROM:-0600\r\nTZOFFSETTO:-0500\r\nTZNAME:CDT\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU"
        in text
    )
    assert (
        "DTSTART:20071104T020000\r\nTZOFFSETFROM:-0500\r\nTZOFFSETTO:-0600\r\nTZNAME:CST\r\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU"
        in text
    )


def test_an_irregular_zone_lists_its_dates() -> None:
    text = vtimezone("Africa/Cairo", first_year=2026, this_year=NOW)
    assert "RRULE" not in text
    # A line for each: some programs read the first date of a line alone, and one reads no calendar that has more.
    assert text.count("RDATE:") > 20
    assert not re.search(r"RDATE:[^\r]*,", text)
    assert max(len(physical.encode()) for physical in text.split("\r\n")) <= 75


def test_utc_needs_no_rules() -> None:
    assert vtimezone("UTC", first_year=2020, this_year=NOW) == ""


@pytest.mark.parametrize(
    "zone", ["America/Chicago", "America/Phoenix", "Africa/Casablanca", "Australia/Lord_Howe"]
)
def test_a_weekly_event_read_by_a_calendar_program_stays_at_its_hour(zone: str) -> None:
    body = (
        "BEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\n"
        + line(f"DTSTART;TZID={zone}", "20260107T180000")
        + "RRULE:FREQ=WEEKLY;COUNT=52\r\nSUMMARY:Weekly\r\nEND:VEVENT\r\n"
    )
    read = icalendar.Calendar.from_ical(calendar(vtimezone(zone, first_year=2026, this_year=NOW), body))
    found = recurring_ical_events.of(read).between((2026, 1, 1), (2027, 1, 1))
    assert len(found) == 52
    for each in found:
        start = each["DTSTART"].dt
        assert start.astimezone(dt.UTC) == start.replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)
        assert start.hour == 18


@given(st.sampled_from(sorted(available_timezones() - {"localtime", "Factory"})), st.integers(1990, 2026))
def test_no_zone_of_the_whole_list_makes_a_broken_calendar(zone: str, first_year: int) -> None:
    text = vtimezone(zone, first_year=first_year, this_year=NOW)
    if text:
        read = icalendar.Timezone.from_ical(text)
        assert str(read["TZID"]) == zone
        assert text.count("BEGIN:STANDARD") + text.count("BEGIN:DAYLIGHT") >= 1
