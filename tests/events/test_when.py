"""When a meeting is, in words: one day or several, past midnight, in whose time, in both languages."""

from __future__ import annotations

import datetime as dt
import json
from zoneinfo import available_timezones

import pytest
from django.utils import translation

from engage.agencies.models import Agency
from engage.local_time import one_stop
from events.event.models import Event, EventFormat
from events.event.when import days_of, doors_of, moment_of, start_of, when_of
from events.event.zone_names import zone_name
from events.planning.time_reading import instant_of
from tools import zone_names

CHICAGO = Agency(name="Harbor Falls", timezone="America/Chicago")
NOW = dt.datetime(2026, 11, 28, 12, tzinfo=dt.UTC)
# Title, start, end, zone, format; what is said in English and in Spanish.
EVENINGS = [
    ("2026-12-14T18:30", "2026-12-14T20:00", "America/Chicago", "in_person",
     "Monday, December 14, 2026, 6:30 p.m. to 8 p.m.",
     "lunes, 14 de diciembre de 2026, 6:30\xa0p.\xa0m. a 8:00\xa0p.\xa0m."),
    ("2026-12-14T18:30", "2026-12-14T20:00", "America/Denver", "in_person",
     "Monday, December 14, 2026, 6:30 p.m. to 8 p.m. Mountain Time",
     "lunes, 14 de diciembre de 2026, 6:30\xa0p.\xa0m. a 8:00\xa0p.\xa0m., hora de la montaña"),
    ("2026-12-14T18:30", "2026-12-14T20:00", "America/Chicago", "online",
     "Monday, December 14, 2026, 6:30 p.m. to 8 p.m. Central Time",
     "lunes, 14 de diciembre de 2026, 6:30\xa0p.\xa0m. a 8:00\xa0p.\xa0m., hora central"),
    ("2026-12-18T09:00", "2026-12-20T17:00", "America/Chicago", "in_person",
     "Friday, December 18, to Sunday, December 20, 2026, 9 a.m. (first day) to 5 p.m. (last day)",
     "viernes, 18 de diciembre, al domingo, 20 de diciembre de 2026, 9:00\xa0a.\xa0m. (primer día) a 5:00\xa0p.\xa0m. (último día)"),
    ("2026-12-31T20:00", "2027-01-02T17:00", "America/Denver", "hybrid",
     "Thursday, December 31, 2026, to Saturday, January 2, 2027, 8 p.m. (first day) to 5 p.m. (last day) Mountain Time",
     ("jueves, 31 de diciembre de 2026, al sábado, 2 de enero de 2027, 8:00\xa0p.\xa0m. (primer día) a 5:00\xa0p.\xa0m. (último día), "
      "hora de la montaña")),
    ("2026-12-18T22:00", "2026-12-19T01:00", "America/Chicago", "in_person",
     "Friday, December 18, 2026, 10 p.m. to 1 a.m. the next day",
     "viernes, 18 de diciembre de 2026, 10:00\xa0p.\xa0m. a 1:00\xa0a.\xa0m. del día siguiente"),
    ("2026-12-18T20:00", "2026-12-19T00:00", "America/Chicago", "in_person",
     "Friday, December 18, 2026, 8 p.m. to midnight",
     "viernes, 18 de diciembre de 2026, 8:00\xa0p.\xa0m. a medianoche"),
    ("2026-12-18T06:54", "2026-12-20T06:54", "America/Chicago", "in_person",
     "Friday, December 18, to Sunday, December 20, 2026, 6:54 a.m. (first day) to 6:54 a.m. (last day)",
     "viernes, 18 de diciembre, al domingo, 20 de diciembre de 2026, 6:54\xa0a.\xa0m. (primer día) a 6:54\xa0a.\xa0m. (último día)"),
    ("2026-12-18T00:00", "2026-12-20T00:00", "America/Chicago", "in_person",
     "Friday, December 18, to Saturday, December 19, 2026, all day",
     "viernes, 18 de diciembre, al sábado, 19 de diciembre de 2026, todo el día"),
]  # fmt: skip


def an_event(starts: str, ends: str, zone: str, kind: str) -> Event:
    begins, stops = dt.datetime.fromisoformat(starts), dt.datetime.fromisoformat(ends)
    return Event(
        agency=CHICAGO, title="Budget", timezone=zone, format=kind,
        local_starts_at=begins, local_ends_at=stops, starts_at=instant_of(begins, zone), ends_at=instant_of(stops, zone),
    )  # fmt: skip


@pytest.mark.parametrize(("starts", "ends", "zone", "kind", "english", "spanish"), EVENINGS)
def test_all_its_days_and_whose_clock(
    starts: str, ends: str, zone: str, kind: str, english: str, spanish: str
) -> None:
    event = an_event(starts, ends, zone, kind)
    for language, words in (("en", english), ("es", spanish)):
        with translation.override(language):
            assert when_of(event) == words


def test_this_years_days_need_no_year_and_a_short_line_says_them_all() -> None:
    academy = an_event("2026-12-18T09:00", "2026-12-20T17:00", "America/Denver", "in_person")
    assert days_of(academy, now=NOW) == "Friday, December 18, to Sunday, December 20"
    assert start_of(academy, now=NOW) == "Friday, December 18, to Sunday, December 20, 9 a.m. Mountain Time"
    later = an_event("2027-01-12T18:30", "2027-01-12T20:00", "America/Chicago", "in_person")
    assert start_of(later, now=NOW) == "Tuesday, January 12, 2027, 6:30 p.m."
    with translation.override("es"):
        assert (
            start_of(academy, now=NOW)
            == "viernes, 18 de diciembre, al domingo, 20 de diciembre, 9:00\xa0a.\xa0m., hora de la montaña"
        )


def test_over_new_year_both_days_have_their_year_also_where_one_is_this_years() -> None:
    """The last one's year would be read as that of the first."""
    retreat = an_event("2026-12-30T17:30", "2027-01-01T19:30", "America/Chicago", "in_person")
    assert days_of(retreat, now=NOW) == "Wednesday, December 30, 2026, to Friday, January 1, 2027"


def test_doors_and_deadlines_name_the_zone_too_and_end_in_one_stop() -> None:
    event = an_event("2026-12-14T18:30", "2026-12-14T20:00", "America/Chicago", "in_person")
    event.doors_open_at = event.starts_at - dt.timedelta(minutes=30)
    assert doors_of(event) == "Doors open at 6 p.m."
    assert moment_of(event, event.starts_at) == "Monday, December 14, 2026, 6:30 p.m."
    event.format = EventFormat.ONLINE
    assert doors_of(event) == "Doors open at 6 p.m. Central Time."
    assert moment_of(event, event.starts_at) == "Monday, December 14, 2026, 6:30 p.m. Central Time"


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("by 8 p.m..", "by 8 p.m."),
        ("at 8 p.m.. Come", "at 8 p.m. Come"),
        ("wait...", "wait..."),
        ("so.", "so."),
    ],
)
def test_one_stop_is_enough(text: str, ends: str) -> None:
    assert one_stop(text) == ends


@pytest.mark.parametrize(
    ("zone", "at", "english", "spanish"),
    [
        ("America/Denver", "2027-01-12", "Mountain Time", "hora de la montaña"),
        ("US/Mountain", "2027-01-12", "Mountain Time", "hora de la montaña"),
        ("America/Phoenix", "2027-01-12", "Mountain Time", "hora de la montaña"),
        # What the name lets expect is not what its clocks show: the place says whose they are.
        ("America/Phoenix", "2027-07-12", "Mountain Time (Phoenix)", "hora de la montaña (Phoenix)"),
        ("America/Vancouver", "2027-01-12", "Pacific Time (Vancouver)", "hora del Pacífico (Vancouver)"),
        ("America/Vancouver", "2027-07-12", "Pacific Time", "hora del Pacífico"),
        ("Pacific/Honolulu", "2027-07-12", "Hawaii Time", "hora de Hawái"),
        ("Europe/London", "2027-07-12", "British Time", "hora británica"),
        ("Asia/Amman", "2027-07-12", "Amman time", "hora de Amman"),
        ("UTC", "2027-07-12", "UTC", "UTC"),
        ("Etc/GMT+5", "2027-07-12", "UTC−5", "UTC−5"),
    ],
)
def test_a_zone_is_called_as_people_call_it(zone: str, at: str, english: str, spanish: str) -> None:
    moment = dt.datetime.fromisoformat(f"{at}T18:00:00+00:00")
    for language, words in (("en", english), ("es", spanish)):
        with translation.override(language):
            assert zone_name(zone, moment) == words


def test_no_zone_is_called_by_the_name_of_a_file() -> None:
    moment = dt.datetime(2027, 1, 12, tzinfo=dt.UTC)
    for language in ("en", "es"):
        with translation.override(language):
            named = {zone: zone_name(zone, moment) for zone in available_timezones() if "/" in zone}
        assert not {zone for zone, name in named.items() if "/" in name or "_" in name or not name}


def test_the_table_of_names_is_unicodes() -> None:
    """A new edition of Babel or of the zones may bring others: then python -m tools.zone_names."""
    assert json.loads(zone_names.FILE.read_text(encoding="utf-8")) == zone_names.table()
