"""Subjects: the day first, then what happened, then the title as far as it fits. A phone shows some forty letters of one."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from engage.agencies.languages import in_language
from events.event.models import Event
from events.event.when import short_days_of, start_clock_of

LONGEST: Final = 60
# Fewer letters of a title tell nobody which meeting it is.
_FEWEST: Final = 8


def subject_about(event: Event, what: str, *, language: str, now: dt.datetime, at: bool = False) -> str:
    """what: that happened. at: with the hour, where that is what is new. Of a discreet meeting without its title."""
    day = short_days_of(event, now=now)
    if at:
        day = pgettext("subject of a letter", "{day}, {time}").format(day=day, time=start_clock_of(event))
    if event.discreet:
        return _("{day}: {what}").format(day=day, what=what)
    name = in_language(event.translations, language, "title", event.title)
    return fitted(
        _("{day}: {what}, {title}").format(day=day, what=what, title="{title}"),
        name,
        without=_("{day}: {what}").format(day=day, what=what),
    )


def fitted(words: str, name: str, *, without: str) -> str:
    """words: with the place of the name in them. without: what is said where there is no room for it."""
    before, _mark, after = words.partition("{title}")
    room = LONGEST - len(before) - len(after)
    return f"{before}{shortened(name, room)}{after}" if room >= _FEWEST else without


def shortened(text: str, most: int) -> str:
    """At the end of a word, where one ends in its second half."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    head, _space, _rest = cut.rpartition(" ")
    return (head if len(head) > most // 2 else cut).rstrip(" ,;:.–—-") + "…"
