"""From what a notice says to what a meeting needs; every repair is told."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from engage.database.bounds import longest_of
from events.event.models import Event, EventFormat, EventKind
from events.imports.notices import Notice, RowRefused
from events.imports.venues import LONGEST_WHERE
from events.planning.time_reading import AmbiguousTime, LocalTime, NonexistentTime, local_time_of, read_time

USUAL_LENGTH: Final = dt.timedelta(minutes=60)
LONGEST_TITLE: Final = longest_of(Event, "title")
LONGEST_DETAILS: Final = longest_of(Event, "description")
LONGEST: Final = dt.timedelta(hours=24)
_TEST: Final = re.compile(r"\bthis is (?:just |only )?a test\b", re.IGNORECASE)
_KINDS: Final = (
    (re.compile(r"\b(walk|march|vigil)\b", re.IGNORECASE), EventKind.WALK),
    (
        re.compile(r"\b(advisory|dac|committee|subcommittee|board|commission)\b", re.IGNORECASE),
        EventKind.PANEL_MEETING,
    ),
    (re.compile(r"\b(town ?hall|beat|community meeting)\b", re.IGNORECASE), EventKind.TOWN_HALL),
)
# Whoever comes to these may be in danger from somebody who reads their mail.
_DISCREET: Final = re.compile(r"\b(domestic|violence|victims?|survivors?|abuse|assault)\b", re.IGNORECASE)


@dataclass(slots=True)
class EventToBe:
    """A notice, repaired: a start and an end that exist, texts that fit."""

    notice: Notice
    title: str
    description: str
    zone: str
    start: LocalTime
    end: LocalTime
    time_to_set: bool
    online_url: str
    remarks: list[str]

    @property
    def kind(self) -> EventKind:
        return next((kind for words, kind in _KINDS if words.search(self.title)), EventKind.OTHER)

    @property
    def discreet(self) -> bool:
        return bool(_DISCREET.search(self.title))

    @property
    def format(self) -> EventFormat:
        return EventFormat.ONLINE if self.online_url else EventFormat.IN_PERSON


def repaired(notice: Notice, *, zone: str) -> EventToBe:
    """zone: the agency's, for times that bring none. Raises RowRefused."""
    there = notice.zone or zone
    remarks = list(notice.remarks)
    all_day = not isinstance(notice.start, dt.datetime)
    start = _read(notice.start, there, remarks)
    end = _end(notice, start, there, remarks)
    online = notice.where if re.fullmatch(r"https?://\S{1,900}", notice.where) else ""
    if all_day:
        remarks.append("time_to_set")
    if notice.hidden:
        remarks.append("not_public")
    if not notice.where:
        remarks.append("place_missing")
    if _TEST.search(f"{notice.title} {notice.details}"):
        remarks.append("says_test")
    if (
        len(notice.title) > LONGEST_TITLE
        or len(notice.details) > LONGEST_DETAILS
        or len(notice.where) > LONGEST_WHERE
    ):
        remarks.append("text_cut")
    title = " ".join(notice.title.split())[:LONGEST_TITLE]
    return EventToBe(
        notice, title, notice.details[:LONGEST_DETAILS], there, start, end, all_day, online, remarks
    )


def moved(wanted: EventToBe, *, weeks: int) -> EventToBe:
    """The same meeting ``weeks`` later, at the same local time. Raises RowRefused where the clocks skip it."""
    later = dt.timedelta(weeks=weeks)
    remarks: list[str] = []
    start = _read(wanted.start.naive + later, wanted.zone, remarks)
    length = wanted.end.naive - wanted.start.naive
    end = _after(start, length, wanted.zone)
    return EventToBe(
        wanted.notice, wanted.title, wanted.description, wanted.zone, start, end, wanted.time_to_set,
        wanted.online_url, remarks,
    )  # fmt: skip


def _end(notice: Notice, start: LocalTime, zone: str, remarks: list[str]) -> LocalTime:
    if not isinstance(notice.start, dt.datetime):
        return _after(start, USUAL_LENGTH, zone)
    if notice.end is None:
        trouble = "end_missing"
    else:
        end = _read(notice.end, zone, remarks)
        if start.at < end.at <= start.at + LONGEST:
            return end
        trouble = "end_before_start" if end.at <= start.at else "end_too_late"
    remarks.append(trouble)
    return _after(start, USUAL_LENGTH, zone)


def _after(start: LocalTime, length: dt.timedelta, zone: str) -> LocalTime:
    """``length`` by the clock on the wall where that gives a later time, else that long by a stopwatch."""
    try:
        end = read_time(start.naive + length, zone, fold=start.fold)
    except NonexistentTime:
        end = start
    return end if end.at > start.at else local_time_of(start.at + length, ZoneInfo(zone))


def _read(moment: dt.datetime | dt.date, zone: str, remarks: list[str]) -> LocalTime:
    if not isinstance(moment, dt.datetime):
        moment = dt.datetime.combine(moment, dt.time())
    try:
        return read_time(moment, zone)
    except AmbiguousTime:
        remarks.append("time_came_twice")
        return read_time(moment, zone, fold=0)
    except NonexistentTime:
        raise RowRefused("nonexistent_time", _("The clocks skip that time there on that day.")) from None
