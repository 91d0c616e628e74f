"""VTIMEZONE: a zone's rules for programs that do not have them, worked out from the zone database.

One STANDARD and one DAYLIGHT with a yearly rule where the zone keeps one; a list of dates only for the years that do
not (some readers take such lists wrong by an hour).
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from events.calendars.lines import line

_YEARS_AHEAD: Final = 20
_OLDEST_RULE: Final = 1970
_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True)
class _Change:
    """The clocks go from one offset to another; ``at`` is what they showed just before (RFC 5545 §3.6.5)."""

    at: dt.datetime
    before: dt.timedelta
    after: dt.timedelta
    name: str


def vtimezone(zone: str, *, first_year: int, this_year: int) -> str:
    """The zone's VTIMEZONE, right for local times from ``first_year`` on; empty for UTC."""
    if zone in {"UTC", "Etc/UTC"}:
        return ""
    return _vtimezone(zone, min(first_year, this_year), this_year)


@lru_cache(maxsize=1024)
def _vtimezone(zone: str, first_year: int, this_year: int) -> str:
    zone_info = ZoneInfo(zone)
    by_year = _changes_by_year(zone_info, min(first_year, _OLDEST_RULE), this_year + _YEARS_AHEAD)
    rules, since = _standing_rules(by_year, this_year)
    parts = []
    # What led up to the standing rules, but only as far back as the calendar reaches.
    old = [change for year in range(first_year, since) for change in by_year[year]]
    if first_year <= since or not rules:
        parts.append(_opening(zone_info, first_year if old or rules else since))
    parts += _listed(old)
    parts += [_observance(change, rule=rule) for change, rule in rules]
    return "".join(["BEGIN:VTIMEZONE\r\n", line("TZID", zone), *parts, "END:VTIMEZONE\r\n"])


def _changes_by_year(zone: ZoneInfo, first: int, last: int) -> dict[int, list[_Change]]:
    found: dict[int, list[_Change]] = {year: [] for year in range(first, last + 1)}
    for change in _changes(
        zone, dt.datetime(first, 1, 1, tzinfo=dt.UTC), dt.datetime(last, 12, 28, tzinfo=dt.UTC)
    ):
        if change.at.year in found:
            found[change.at.year].append(change)
    return found


def _changes(zone: ZoneInfo, first: dt.datetime, last: dt.datetime) -> Iterator[_Change]:
    """Every change of offset, by weekly steps and then halving: no zone changes twice within a week."""
    week = dt.timedelta(days=7)
    start, offset = first, first.astimezone(zone).utcoffset()
    while start < last:
        stop = start + week
        after = stop.astimezone(zone).utcoffset()
        if after != offset and offset is not None and after is not None:
            low, high = int(start.timestamp()), int(stop.timestamp())
            while high - low > 1:
                middle = (low + high) // 2
                same = dt.datetime.fromtimestamp(middle, zone).utcoffset() == offset
                low, high = (middle, high) if same else (low, middle)
            onset = dt.datetime.fromtimestamp(high, zone)
            shown = dt.datetime.fromtimestamp(high, dt.UTC).replace(tzinfo=None) + offset
            yield _Change(shown, offset, after, onset.tzname() or "")
        start, offset = stop, after


def _standing_rules(
    by_year: dict[int, list[_Change]], this_year: int
) -> tuple[list[tuple[_Change, str]], int]:
    """The yearly rules that hold from now on, each with its first occurrence, and the year since when they hold.

    No rules where the zone is irregular (then every change is listed) or changes no more.
    """
    ahead = [by_year[year] for year in range(this_year, this_year + _YEARS_AHEAD)]
    counts = {len(changes) for changes in ahead}
    if len(counts) != 1:
        return [], this_year + _YEARS_AHEAD
    patterns = [_pattern([changes[turn] for changes in ahead]) for turn in range(counts.pop())]
    rules = [pattern for pattern in patterns if pattern is not None]
    if len(rules) != len(patterns):
        return [], this_year + _YEARS_AHEAD
    since = this_year
    while since - 1 >= min(by_year) and _follows(by_year[since - 1], by_year[since], rules):
        since -= 1
    return list(zip(by_year[since], rules, strict=True)), since


def _follows(earlier: list[_Change], later: list[_Change], rules: list[str]) -> bool:
    return len(earlier) == len(later) and all(
        (old.at.time(), old.before, old.after) == (new.at.time(), new.before, new.after)
        and _fits(old.at.date(), rule)
        for old, new, rule in zip(earlier, later, rules, strict=True)
    )


def _pattern(yearly: list[_Change]) -> str | None:
    """The RRULE's parts that give these days, one a year, or None."""
    first, days = yearly[0], [change.at.date() for change in yearly]
    kinds = {
        (day.month, change.at.time(), change.before, change.after)
        for day, change in zip(days, yearly, strict=True)
    }
    if len(kinds) != 1:
        return None
    weekday = _DAYS[first.at.weekday()]
    earliest = min(day.day for day in days)
    month = f"BYMONTH={first.at.month}"
    candidates = [
        f"{month};BYDAY=-1{weekday}",
        *(f"{month};BYDAY={nth}{weekday}" for nth in (1, 2, 3, 4)),
        f"{month};BYMONTHDAY=" + ",".join(str(earliest + more) for more in range(7)) + f";BYDAY={weekday}",
        f"{month};BYMONTHDAY={first.at.day}",
    ]
    return next((rule for rule in candidates if all(_fits(day, rule) for day in days)), None)


def _fits(day: dt.date, rule: str) -> bool:
    parts = dict(part.split("=") for part in rule.split(";"))
    if day.month != int(parts["BYMONTH"]):
        return False
    if "BYMONTHDAY" in parts and str(day.day) not in parts["BYMONTHDAY"].split(","):
        return False
    if "BYDAY" not in parts:
        return True
    nth, weekday = parts["BYDAY"][:-2], parts["BYDAY"][-2:]
    if weekday != _DAYS[day.weekday()]:
        return False
    if nth == "-1":
        return day.day + 7 > calendar.monthrange(day.year, day.month)[1]
    return not nth or (day.day - 1) // 7 + 1 == int(nth)


def _opening(zone: ZoneInfo, year: int) -> str:
    """The offset that holds before the first change that is told."""
    start = dt.datetime(year, 1, 1, tzinfo=zone)
    offset = start.utcoffset() or dt.timedelta()
    return _observance(_Change(start.replace(tzinfo=None), offset, offset, start.tzname() or ""))


def _listed(changes: list[_Change]) -> list[str]:
    """Changes of irregular years: one observance for each pair of offsets, its dates listed."""
    groups: dict[tuple[dt.timedelta, dt.timedelta, str], list[_Change]] = {}
    for change in changes:
        groups.setdefault((change.before, change.after, change.name), []).append(change)
    return [_observance(group[0], more=group[1:]) for group in groups.values()]


def _observance(change: _Change, *, rule: str = "", more: list[_Change] | None = None) -> str:
    kind = "DAYLIGHT" if change.after > change.before else "STANDARD"
    lines = [
        f"BEGIN:{kind}\r\n",
        line("DTSTART", change.at.strftime("%Y%m%dT%H%M%S")),
        line("TZOFFSETFROM", _offset(change.before)),
        line("TZOFFSETTO", _offset(change.after)),
        line("TZNAME", change.name),
    ]
    if rule:
        lines.append(line("RRULE", f"FREQ=YEARLY;{rule}"))
    # A line for each date: where several stand in one, some programs read the first alone, and one reads nothing at all.
    lines += [line("RDATE", each.at.strftime("%Y%m%dT%H%M%S")) for each in more or ()]
    return "".join([*lines, f"END:{kind}\r\n"])


def _offset(offset: dt.timedelta) -> str:
    seconds = int(offset.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("+", seconds)
    hours, rest = divmod(seconds, 3600)
    return f"{sign}{hours:02}{rest // 60:02}" + (f"{rest % 60:02}" if rest % 60 else "")
