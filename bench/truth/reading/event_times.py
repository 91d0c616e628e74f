"""Whether a text that says when a meeting is says it as the row has it: days, hours, whose clock."""

from __future__ import annotations

import datetime as dt
from typing import Any

from bench.truth.reading.findings import Findings
from bench.truth.reading.rows import last_day, needs_a_zone, there
from bench.truth.reading.words import KNOWN_BY, ZONES, Day, days_in, times_in, zones_in

_MIDNIGHT = dt.time()


def hold_when(
    found: Findings,
    said: str,
    event: dict[str, Any],
    language: str,
    where: str,
    *,
    today: dt.date,
    doors: bool = False,
) -> None:
    """said: the days and hours alone. doors: whether it goes on to say when they open."""
    days = with_years(days_in(said, language), today)
    right = [event["local_starts_at"].date()]
    if last_day(event) != right[0]:
        right.append(last_day(event))
    same = len(days) == len(right) and all(
        one.is_(day, today=today) for one, day in zip(days, right, strict=True)
    )
    found.hold(same, "the days of a meeting", where, said, event)

    hours = [event["local_starts_at"].time(), event["local_ends_at"].time()]
    told = times_in(said, language)
    if hours == [_MIDNIGHT, _MIDNIGHT] and not told:
        hours = []
    if doors and event["doors_open_at"] is not None:
        hours.append(there(event, event["doors_open_at"]).time())
    found.hold(told == hours, "the hours of a meeting", where, said, event)
    hold_zone(found, said, event, language, where)


def hold_zone(found: Findings, said: str, event: dict[str, Any], language: str, where: str) -> None:
    """Named where the reader's clock may be another, and never a wrong one."""
    names = zones_in(said, language)
    right = ZONES[event["timezone"]][language]
    if needs_a_zone(event):
        found.hold(names == {right}, "the time zone of a meeting", where, said, event)
    else:
        found.hold(names <= {right}, "the time zone of a meeting", where, said, event)
    if names and event["timezone"] != KNOWN_BY[right]:
        # Whose clock goes another way than the name lets expect, that winter or under a new law, is named itself.
        alike = there(event, event["starts_at"]) == there(
            event | {"timezone": KNOWN_BY[right]}, event["starts_at"]
        )
        city = f"({event['timezone'].rpartition('/')[2]})"
        found.hold((city in said) != alike, "the place of a clock that goes its own way", where, said, event)
    found.hold("America/" not in said, "no zone by the name of a file", where, said, event)


def hold_moment(
    found: Findings,
    said: str,
    moment: dt.datetime,
    event: dict[str, Any],
    language: str,
    where: str,
    what: str,
) -> None:
    """One instant, on the clock of the meeting."""
    local = there(event, moment)
    days, hours = days_in(said, language), times_in(said, language)
    right = (
        len(days) == 1
        and days[0].is_(local.date(), today=local.date())
        and [(one.hour, one.minute) for one in hours] == [(local.hour, local.minute)]
    )
    found.hold(right, what, where, said, event)


def with_years(days: list[Day], today: dt.date) -> list[Day]:
    """ "Wednesday, January 13, to Friday, January 15, 2027": the year at the end is that of both."""
    if len(days) == 2 and days[0].year is None and days[1].year is not None:
        return [Day(days[0].month, days[0].day, days[1].year, days[0].weekday), days[1]]
    return days
