"""Dates as people say them: in full, with the weekday, on the clock of the place."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from events.models import Event


def when_in_words(event: Event) -> str:
    """The day and the hours of a meeting, in the language of the page."""
    return _("{day}, {begins} to {ends}").format(
        day=day_in_words(event.local_starts_at),
        begins=date_format(event.local_starts_at, "TIME_FORMAT"),
        ends=date_format(event.local_ends_at, "TIME_FORMAT"),
    )


def moment_in_words(moment: dt.datetime | None, zone: str) -> str:
    """An instant on the clock of ``zone``; nothing for None."""
    if moment is None:
        return ""
    local = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return _("{day}, {time}").format(day=day_in_words(local), time=date_format(local, "TIME_FORMAT"))


def day_in_words(day: dt.date) -> str:
    # Django's format for a date with its weekday and its month in full, in the order of the language.
    return date_format(day, _("l, F j, Y"))


def date_in_words(day: dt.date) -> str:
    """The day with its month in full and its year. Kept by day and language: lists of fifty say a hundred of them."""
    return _formatted(day, get_language() or "")


@lru_cache(maxsize=4096)
def _formatted(day: dt.date, _language: str) -> str:
    return date_format(day, "DATE_FORMAT")
