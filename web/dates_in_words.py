"""Dates as people say them: in full, with the weekday, on the clock of the place."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
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
    return _("{weekday}, {date}").format(weekday=date_format(day, "l"), date=date_format(day, "DATE_FORMAT"))
