"""The quarters a leader may look at: ``2026-Q3`` in an address, "July to September 2026" on the page."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

_QUARTER: Final = re.compile(r"(20\d\d)-Q([1-4])", re.ASCII)
LISTED: Final = 12


@dataclass(frozen=True, slots=True)
class Quarter:
    """number: 1 to 4. The last day is ``next().begins`` less one."""

    year: int
    number: int

    @property
    def code(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def begins(self) -> dt.date:
        return dt.date(self.year, 3 * self.number - 2, 1)

    @property
    def words(self) -> str:
        last = self.next().begins - dt.timedelta(days=1)
        return _("{first} to {last} {year}").format(
            first=date_format(self.begins, "F"), last=date_format(last, "F"), year=self.year
        )

    def next(self) -> Quarter:
        return Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)

    def before(self) -> Quarter:
        return Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day of a quarter until the last of another; either end may be open."""

    first: Quarter | None = None
    last: Quarter | None = None

    @property
    def start(self) -> dt.date | None:
        return self.first.begins if self.first else None

    @property
    def end(self) -> dt.date | None:
        """The first day that no longer counts."""
        return self.last.next().begins if self.last else None

    @property
    def query(self) -> str:
        parts = [f"from={self.first.code}"] if self.first else []
        return "&".join([*parts, *([f"to={self.last.code}"] if self.last else [])])

    @property
    def words(self) -> str:
        """A whole sentence under the heading."""
        if self.first and self.last:
            if self.first == self.last:
                return _("Promises made in {quarter}.").format(quarter=self.first.words)
            return _("Promises made from {first} until {last}.").format(
                first=_month(self.first.begins), last=_month(self.last.next().begins - dt.timedelta(days=1))
            )
        if self.first:
            return _("Promises made since {first}.").format(first=_month(self.first.begins))
        if self.last:
            last = self.last.next().begins - dt.timedelta(days=1)
            return _("Promises made until the end of {last}.").format(last=_month(last))
        return _("All promises ever made.")


def period_asked(asked: QueryDict) -> Period:
    """``from`` and ``to``; what is no quarter counts as not said, and ends given the wrong way round are turned."""
    first, last = _read(asked.get("from", "")), _read(asked.get("to", ""))
    if first and last and first.begins > last.begins:
        first, last = last, first
    return Period(first, last)


def quarters_until(today: dt.date) -> list[Quarter]:
    """Today's quarter and those before it, the newest first."""
    found = [quarter_of(today)]
    while len(found) < LISTED:
        found.append(found[-1].before())
    return found


def quarter_of(day: dt.date) -> Quarter:
    return Quarter(day.year, (day.month + 2) // 3)


def usual_periods(today: dt.date) -> list[tuple[str, Period]]:
    """What is looked at most, with its name."""
    now = quarter_of(today)
    year, last_year = today.year, today.year - 1
    return [
        (pgettext("time", "All"), Period()),
        (_("This quarter"), Period(now, now)),
        (_("Last quarter"), Period(now.before(), now.before())),
        (_("This year"), Period(Quarter(year, 1), Quarter(year, 4))),
        (_("Last year"), Period(Quarter(last_year, 1), Quarter(last_year, 4))),
    ]


def _read(text: str) -> Quarter | None:
    found = _QUARTER.fullmatch(text)
    return Quarter(int(found[1]), int(found[2])) if found else None


def _month(day: dt.date) -> str:
    return date_format(day, "YEAR_MONTH_FORMAT")
