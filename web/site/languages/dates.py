"""Dates as people say them: in full, with the weekday, on the clock of the place. A meeting's own: events.event.when."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from engage.agencies.working_days import DayOff, Reached
from events.event import when


def moment_in_words(moment: dt.datetime | None, zone: str) -> str:
    """An instant on the clock of ``zone``; nothing for None."""
    if moment is None:
        return ""
    return when.moment_in_words(moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None))


def day_in_words(day: dt.date) -> str:
    return when.day_in_words(day)


def date_in_words(day: dt.date) -> str:
    """The day with its month in full and its year. Kept by day and language: lists of fifty say a hundred of them."""
    return _formatted(day, get_language() or "")


def reached_in_words(reached: Reached) -> str:
    """ "5 working days before, that is Tuesday, December 1, 2026; November 26 is a holiday (Thanksgiving Day)." """
    number = abs(reached.number)
    if reached.number < 0:
        words = ngettext(
            "%(number)d working day before, that is %(day)s",
            "%(number)d working days before, that is %(day)s",
            number,
        )
    else:
        words = ngettext(
            "%(number)d working day after, that is %(day)s",
            "%(number)d working days after, that is %(day)s",
            number,
        )
    said = [words % {"number": number, "day": day_in_words(reached.day)}]
    return "; ".join([*said, *map(_passed, reached.passed)]) + "."


def _passed(off: DayOff) -> str:
    words = _("{day} is a closed day ({name})") if off.ours else _("{day} is a holiday ({name})")
    return words.format(day=date_format(off.day, "MONTH_DAY_FORMAT"), name=off.name)


@lru_cache(maxsize=4096)
def _formatted(day: dt.date, _language: str) -> str:
    return date_format(day, "DATE_FORMAT")
