"""On which days a repeating notice falls, within bounds.

A rule from outside may name every second since 1970, or a 30th of February for ever. So the walk goes from one period to the
next, asks at each whether it may go on, and ends 400 days from now; a library that only looks up when it has found
a day walks to the year 9999.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext_lazy as _

from events.imports.notices import RowRefused

REACH: Final = dt.timedelta(days=400)
MOST: Final = 800
_LONGEST_RULE: Final = 500
_OFTEN: Final = {"SECONDLY", "MINUTELY", "HOURLY"}
_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_NUMBERS: Final = re.compile(r"[+-]?\d{1,3}(,[+-]?\d{1,3})*", re.ASCII)
_WEEKDAY: Final = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)


@dataclass(slots=True)
class _Rule:
    """An RRULE (RFC 5545 §3.3.10) of days. ``weekdays``: (ordinal or 0, 0 for Monday)."""

    frequency: str
    interval: int = 1
    week_start: int = 0
    tally: int | None = None
    until: str = ""
    months: set[int] = field(default_factory=set)
    month_days: set[int] = field(default_factory=set)
    weekdays: list[tuple[int, int]] = field(default_factory=list)
    positions: set[int] = field(default_factory=set)


def occurrences(
    text: str,
    start: dt.datetime,
    *,
    today: dt.datetime,
    until: Callable[[str], dt.datetime],
    tick: Callable[[], None],
) -> tuple[list[dt.datetime], bool]:
    """Local starts within 400 days of ``today``, and whether there are more outside. All times local and naive.

    until: reads UNTIL as local time. tick: called at each period; it may raise. Raises RowRefused for a rule that
    repeats within a day, or that cannot be read.
    """
    rule = _read(text)
    first, last = today - REACH, today + REACH
    endless = rule.tally is None
    if rule.until and (end := until(rule.until)) <= last:
        last, endless = end, False
    taken: list[dt.datetime] = []
    earlier = False
    for number, day in enumerate(_days(rule, start.date(), last.date(), tick)):
        moment = dt.datetime.combine(day, start.time())
        if moment > last or (rule.tally is not None and number >= rule.tally):
            return taken, earlier
        if len(taken) >= MOST:
            return taken, True
        if moment < first:
            earlier = True
        else:
            taken.append(moment)
    return taken, earlier or endless


def _days(rule: _Rule, start: dt.date, last: dt.date, tick: Callable[[], None]) -> Iterator[dt.date]:
    for first, days in _periods(rule, start):
        tick()
        if first > last:
            return
        fitting = [day for day in days if _fits(rule, day, start)]
        if rule.positions:
            many = len(fitting)
            fitting = [
                day
                for place, day in enumerate(fitting)
                if place + 1 in rule.positions or place - many in rule.positions
            ]
        yield from (day for day in fitting if start <= day <= last)


def _periods(rule: _Rule, start: dt.date) -> Iterator[tuple[dt.date, list[dt.date]]]:
    """Each period that counts, with all its days in order."""
    first, turn = start, 0
    week = start - dt.timedelta(days=(start.weekday() - rule.week_start) % 7)
    while True:
        if rule.frequency == "DAILY":
            first, length = start + dt.timedelta(days=turn), 1
        elif rule.frequency == "WEEKLY":
            first, length = week + dt.timedelta(weeks=turn), 7
        elif rule.frequency == "MONTHLY":
            years, month = divmod(start.month - 1 + turn, 12)
            first = dt.date(start.year + years, month + 1, 1)
            length = calendar.monthrange(first.year, first.month)[1]
        else:
            first = dt.date(start.year + turn, 1, 1)
            length = 366 if calendar.isleap(first.year) else 365
        yield first, [first + dt.timedelta(days=more) for more in range(length)]
        turn += rule.interval


def _fits(rule: _Rule, day: dt.date, start: dt.date) -> bool:
    if rule.months and day.month not in rule.months:
        return False
    length = calendar.monthrange(day.year, day.month)[1]
    if rule.month_days and not {day.day, day.day - length - 1} & rule.month_days:
        return False
    if rule.weekdays:
        return any(_is_weekday(rule, day, nth, weekday, length) for nth, weekday in rule.weekdays)
    if rule.month_days or rule.frequency == "DAILY":
        return True
    # What a rule leaves open is taken from the first date.
    if rule.frequency == "WEEKLY":
        return day.weekday() == start.weekday()
    return day.day == start.day and bool(
        rule.months or rule.frequency == "MONTHLY" or day.month == start.month
    )


def _is_weekday(rule: _Rule, day: dt.date, nth: int, weekday: int, length: int) -> bool:
    """The nth such weekday of the month, or of the year where a yearly rule names no month; from the end below 0."""
    if day.weekday() != weekday:
        return False
    if nth == 0:
        return True
    place = day.day
    if rule.frequency == "YEARLY" and not rule.months:
        place, length = day.timetuple().tm_yday, 366 if calendar.isleap(day.year) else 365
    return nth in {(place - 1) // 7 + 1, -((length - place) // 7 + 1)}


def _read(text: str) -> _Rule:
    pieces = [piece.partition("=") for piece in text.strip().upper().split(";")]
    parts = {name: value for name, sign, value in pieces if sign and value}
    if len(text) > _LONGEST_RULE or len(parts) != len(pieces):
        raise _unreadable()
    if parts.get("FREQ") in _OFTEN or {"BYHOUR", "BYMINUTE", "BYSECOND"} & parts.keys():
        raise RowRefused("recurs_too_often", _("It repeats more often than once a day; a meeting does not."))
    rule = _Rule(frequency=parts.pop("FREQ", ""))
    for name, value in parts.items():
        _read_part(rule, name, value)
    ordinals = any(nth for nth, _weekday in rule.weekdays)
    if rule.frequency not in {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}:
        raise _unreadable()
    # RFC 5545: an ordinal weekday needs a month or a year to be counted in, a set position something to choose from.
    if (ordinals and rule.frequency in {"DAILY", "WEEKLY"}) or (
        rule.month_days and rule.frequency == "WEEKLY"
    ):
        raise _unreadable()
    if rule.positions and not (rule.weekdays or rule.month_days or rule.months):
        raise _unreadable()
    return rule


def _read_part(rule: _Rule, name: str, value: str) -> None:
    if name == "UNTIL":
        rule.until = value
    elif name == "INTERVAL":
        rule.interval = _number(value, 1, 999)
    elif name == "COUNT":
        rule.tally = _number(value, 1, 99_999)
    elif name == "WKST" and value in _DAYS:
        rule.week_start = _DAYS.index(value)
    elif name == "BYMONTH":
        rule.months = _numbers(value, 1, 12)
    elif name == "BYMONTHDAY":
        rule.month_days = _numbers(value, -31, 31)
    elif name == "BYSETPOS":
        rule.positions = _numbers(value, -366, 366)
    elif name == "BYDAY":
        found = [_WEEKDAY.fullmatch(each) for each in value.split(",")]
        if not all(found):
            raise _unreadable()
        rule.weekdays = [(int(each[1] or 0), _DAYS.index(each[2])) for each in found if each]
    else:
        raise _unreadable()


def _number(value: str, least: int, most: int) -> int:
    if not re.fullmatch(r"\d{1,5}", value, re.ASCII) or not least <= int(value) <= most:
        raise _unreadable()
    return int(value)


def _numbers(value: str, least: int, most: int) -> set[int]:
    if not _NUMBERS.fullmatch(value):
        raise _unreadable()
    numbers = {int(each) for each in value.split(",")}
    if 0 in numbers or not all(least <= each <= most for each in numbers):
        raise _unreadable()
    return numbers


def _unreadable() -> RowRefused:
    return RowRefused("recurrence_unreadable", _("The rule by which it repeats cannot be read."))
