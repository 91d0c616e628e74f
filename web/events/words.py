"""What the pages say of a meeting: when, where, in which languages, what there is for those who need it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from engage.agencies.languages import Worded, in_language
from engage.local_time import local_day
from events.event.models import Event, EventFormat, VenueFeature
from events.event.standing import is_off
from events.event.when import day_in_words, span_of, when_of
from events.planning.models import AgendaItem
from events.rsvps.needs.models import NeedKind
from web.events.finding import Another, Near
from web.events.standing_words import Seats, before_it_moved, seats_of
from web.site.frames.discretion import title_of
from web.site.languages.names import Language, named
from web.site.languages.worded import in_words, own

_OFFERED: Final = {**dict(NeedKind.choices), **dict(VenueFeature.choices)}
# What decides whether somebody can come, in a list; the meeting's own page says all of it.
_DECISIVE: Final = frozenset(
    {
        NeedKind.SIGN_LANGUAGE,
        NeedKind.CAPTIONS,
        NeedKind.CHILDCARE,
        NeedKind.TRANSPORT,
        VenueFeature.STEP_FREE,
        VenueFeature.HEARING_LOOP,
        VenueFeature.QUIET_ROOM,
    }
)


@dataclass(frozen=True, slots=True)
class Row:
    """One meeting in a list."""

    event: Event
    title: str
    weekday: str
    day: int
    month: str
    is_today: bool
    is_off: bool
    when: str
    where: str
    languages: list[Language]
    offered: list[str]
    seats: Seats
    # What was announced before it moved, in a line; empty where that stands.
    moved: str
    # The agency's name, in a list of several agencies' meetings.
    whose: str = ""


def row_of(event: Event, *, now: dt.datetime) -> Row:
    """No query where the meeting's agency and place are there."""
    span, today = span_of(event), local_day(event.timezone, now)
    is_today = span.starts.date() <= today <= span.last_day
    # Of several days the first; once it has begun, the day on which one can come.
    day = today if is_today else span.starts.date()
    return Row(
        event,
        title_of(event),
        _("Today") if is_today else date_format(day, "D"),
        day.day,
        date_format(day, "M"),
        is_today,
        is_off(event),
        span.words(now=now),
        where_in_a_line(event),
        named(event.languages),
        [str(_OFFERED[code]) for code in _codes(event) if code in _DECISIVE],
        seats_of(event, now=now),
        before_it_moved(event, now).in_a_line,
    )


@dataclass(frozen=True, slots=True)
class Instead:
    """A meeting to go to instead. why: what it has to do with the one that somebody wanted; empty for no more than a date."""

    row: Row
    why: str


def instead_of(another: Another, *, now: dt.datetime) -> Instead:
    words = {
        Near.DIALOGUE: _("It is part of the same conversation."),
        Near.KIND: _("It is of the same kind."),
        Near.COMMUNITY: _("It is for the same neighborhood or group."),
    }
    return Instead(row_of(another.event, now=now), words.get(another.near, ""))


def outside_name_of(event: Event) -> str:
    """What a tab, a browser's history and the preview of a link that somebody sends on say of its page."""
    if event.discreet:
        return _("Meeting on {when}").format(when=when_of(event))
    return title_of(event)


def description_of(event: Event) -> Worded:
    return in_language(event.translations, get_language() or "", "description", event.description)


def run_by(event: Event) -> Worded:
    """Who runs it; often an office, which has a name of its own in each language."""
    of_its_own = own(event, "run_by")
    return of_its_own if of_its_own.language else in_words(event.agency, of_its_own)


def getting_there(event: Event) -> Worded:
    """What is said of the meeting itself, else of its place."""
    of_its_own = own(event, "getting_there")
    return of_its_own or (own(event.venue, "getting_there") if event.venue else of_its_own)


@dataclass(frozen=True, slots=True)
class Point:
    """One of the evening. minutes: None where nobody said."""

    title: Worded
    minutes: int | None


def agenda_of(event: Event, items: Sequence[AgendaItem]) -> list[Point]:
    """Translated where there is a line for each of its points: else one would stand beside another's minutes."""
    language = get_language() or ""
    lines = [
        line
        for line in (event.translations.get(language) or {}).get("agenda", "").splitlines()
        if line.strip()
    ]
    if len(lines) != len(items):
        return [Point(Worded(item.title), item.minutes) for item in items]
    return [
        Point(Worded(line.strip(), language), item.minutes) for line, item in zip(lines, items, strict=True)
    ]


def summary_due(event: Event) -> str:
    return day_in_words(_due(event))


def days_late(event: Event, now: dt.datetime) -> int:
    """Days since the summary was due. History that was imported promised none."""
    if event.imported:
        return 0
    return max(0, (local_day(event.timezone, now) - _due(event)).days)


def _due(event: Event) -> dt.date:
    return event.local_ends_at.date() + dt.timedelta(days=event.agency.summary_due_days)


def where_in_a_line(event: Event) -> str:
    if event.venue is not None:
        there = ", ".join(part for part in (event.venue.name, event.venue.address) if part)
        return _("{place}, or online").format(place=there) if event.format == EventFormat.HYBRID else there
    return _("Online") if event.format == EventFormat.ONLINE else _("The place will be announced.")


def offered(event: Event) -> list[str]:
    """What the evening and its place have for those who need it, each once; the interpreter stands beside the languages."""
    return [str(_OFFERED.get(code, code)) for code in _codes(event) if code != NeedKind.INTERPRETER]


def _codes(event: Event) -> list[str]:
    return list(dict.fromkeys([*event.access_offered, *(event.venue.access_features if event.venue else [])]))
