"""Working days: neither a weekend, nor a holiday of the agency's country and region, nor a day on which it is closed.

Whatever counts working days asks here. Holidays are those of the library ``holidays``; a year of one calendar is read once
a process. The library is imported when a holiday is first asked for: it takes 1.6 s and 52 MB (docs/decisions/dependencies.md).
"""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from types import MappingProxyType
from typing import Any, Final

from engage.agencies.models import Agency, Closure

# In ``Agency.holiday_calendar``: only the agency's own closed days count.
NO_HOLIDAYS: Final = "none"
_DAY: Final = dt.timedelta(days=1)
# No office is closed for so long: a sum that does not end would be ours.
_LONGEST: Final = 3660
_SATURDAY_AND_SUNDAY: Final = frozenset({5, 6})


@dataclass(frozen=True, slots=True)
class DayOff:
    """A day of the week that is no working day, and why. ours: closed by the agency; else a holiday."""

    day: dt.date
    name: str
    ours: bool


@dataclass(frozen=True, slots=True)
class Reached:
    """Where a sum of working days leads. number: how many, below 0 for before. passed: what it went over, the first first."""

    day: dt.date
    number: int
    passed: Sequence[DayOff]


class WorkingDays:
    """An agency's working days. One query, for all its closed days, when it is first asked about a day."""

    def __init__(self, agency: Agency) -> None:
        self._agency = agency
        self._calendar = calendar_of(agency)

    @cached_property
    def _closed(self) -> dict[dt.date, str]:
        return dict(Closure.objects.filter(agency=self._agency).values_list("on", "name"))

    def day_off(self, day: dt.date) -> DayOff | None:
        """The holiday or closed day that falls on ``day``, weekends too; None where there is none."""
        if name := self._closed.get(day):
            return DayOff(day, name, ours=True)
        name = _year(*self._calendar, day.year).holidays.get(day)
        return DayOff(day, name, ours=False) if name else None

    def is_weekend(self, day: dt.date) -> bool:
        return day.weekday() in _year(*self._calendar, day.year).weekend

    def works(self, day: dt.date) -> bool:
        return not self.is_weekend(day) and self.day_off(day) is None

    def add(self, day: dt.date, number: int) -> Reached:
        """``number`` working days after ``day``, or before it where below 0; 0: ``day`` itself. ``day`` need be none."""
        step = _DAY if number > 0 else -_DAY
        left, at = abs(number), day
        passed: list[DayOff] = []
        for _ in range(_LONGEST):
            if not left:
                return Reached(at, number, passed if number > 0 else passed[::-1])
            at += step
            if self.works(at):
                left -= 1
            elif not self.is_weekend(at) and (off := self.day_off(at)):
                passed.append(off)
        raise OverflowError(f"no {number} working days within ten years of {day}")

    def on_or_before(self, day: dt.date) -> dt.date:
        """``day``, or the last working day before it."""
        return day if self.works(day) else self.add(day, -1).day

    def on_or_after(self, day: dt.date) -> dt.date:
        return day if self.works(day) else self.add(day, 1).day

    def between(self, first: dt.date, last: dt.date) -> int:
        """How many working days there are after ``first``, up to and with ``last``; below 0 where ``last`` is before."""
        if last < first:
            return -self.between(last, first)
        days = (last - first).days
        return sum(self.works(first + number * _DAY) for number in range(1, days + 1))

    def days_off(self, first: dt.date, last: dt.date) -> Iterator[DayOff]:
        """Each holiday and closed day from ``first`` to ``last``, weekends too."""
        for number in range((last - first).days + 1):
            if off := self.day_off(first + number * _DAY):
                yield off


def calendar_of(agency: Agency) -> tuple[str, str]:
    """The country and the region whose holidays count there; both empty for none, the region for the whole country's."""
    chosen = agency.holiday_calendar.strip()
    if chosen.lower() == NO_HOLIDAYS:
        return "", ""
    if chosen:
        country, _dash, region = chosen.partition("-")
        return country.upper(), region
    return agency.country.upper(), agency.region.strip()


def is_known(calendar: str) -> bool:
    """Whether ``Agency.holiday_calendar`` may be this: empty, ``none``, a country's code, or that and a region's."""
    if not calendar or calendar.lower() == NO_HOLIDAYS:
        return True
    country, dash, region = calendar.partition("-")
    entity = _entity(country.upper())
    return entity is not None and bool(not dash or _subdivision(entity, region))


@dataclass(frozen=True, slots=True)
class _Year:
    holidays: Mapping[dt.date, str]
    weekend: frozenset[int]


@cache
def _year(country: str, region: str, year: int) -> _Year:
    """A calendar's year. What the library does not know has no holidays and a free Saturday and Sunday."""
    entity = _entity(country) if country else None
    if entity is None:
        return _Year(MappingProxyType({}), _SATURDAY_AND_SUNDAY)
    with warnings.catch_warnings():
        # A region's former code is still understood, with a warning that helps nobody here.
        warnings.simplefilter("ignore")
        found = entity(years=year, subdiv=_subdivision(entity, region))
    return _Year(MappingProxyType(dict(found.items())), frozenset(found.weekend))


@cache
def _entity(country: str) -> Any:
    """The library's calendar of a country (ISO 3166-1, two letters), None where it has none."""
    import holidays

    if country not in holidays.list_supported_countries(include_aliases=False):
        return None
    return getattr(holidays, country)


def _subdivision(entity: Any, region: str) -> str | None:
    """The library's code of a region, by its code or its name, however it is written; None for the whole country."""
    codes = {code.casefold(): code for code in entity.subdivisions}
    names = {name.casefold(): code for name, code in entity.subdivisions_aliases.items()}
    return (codes | names).get(region.strip().casefold())
