"""When a meeting is, in words: its days, its hours and whose clock is meant. The only place where a meeting's time is said.

Pages and letters say it by these functions, each in the language that is active; what they know is the wall clock. The
time zone is named where the reader's clock may be another one: for who joins from afar, and away from the agency's zone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from engage.local_time import one_stop
from events.event.announced import Schedule
from events.event.models import Event, EventFormat
from events.event.zone_names import zone_name

_DAY = dt.timedelta(days=1)
_AN_EVENING = dt.timedelta(hours=12)
# The framework's own words, which Spanish as it is written here says with a space: "p. m.".
_HALVES = (gettext_noop("a.m."), gettext_noop("p.m."))
_Dayer = Callable[[dt.date], str]


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when, on the clock of the place. zone: its name in words, where it is to be said."""

    starts: dt.datetime
    ends: dt.datetime
    zone: str = ""

    @property
    def last_day(self) -> dt.date:
        """Midnight ends the day before it; an evening that runs into the night is one evening."""
        ends = self.ends.date() - _DAY if self._ends_at_midnight else self.ends.date()
        return self.starts.date() if self._is_one_night else max(ends, self.starts.date())

    @property
    def has_days(self) -> bool:
        return self.last_day > self.starts.date()

    @property
    def is_all_day(self) -> bool:
        return self._ends_at_midnight and self.starts.time() == dt.time()

    @property
    def _ends_at_midnight(self) -> bool:
        return self.ends.time() == dt.time() and self.ends.date() > self.starts.date()

    @property
    def _is_one_night(self) -> bool:
        return self.ends - self.starts <= _AN_EVENING and self.ends.date() > self.starts.date()

    def days(self, *, now: dt.datetime | None = None) -> str:
        """With the weekday; of several days the first and the last. now: this year's need no year.

        Over New Year both have theirs: that of the last would be read as that of the first, too.
        """
        begins, last = self.starts.date(), self.last_day
        if not self.has_days:
            return _sayer(begins, now)(begins)
        if begins.year == last.year:
            first, last_words = day_without_year(begins), _sayer(last, now)(last)
        else:
            first, last_words = _sayer(begins, None)(begins), _sayer(last, None)(last)
        return _("{first}, to {last}").format(first=first, last=last_words)

    def hours(self) -> str:
        """With the zone, where it is to be said."""
        if self.is_all_day:
            words = _("all day")
        elif self.has_days:
            words = _("{begins} (first day) to {ends} (last day)")
        elif self._is_one_night and not self._ends_at_midnight:
            words = _("{begins} to {ends} the next day")
        else:
            words = _("{begins} to {ends}")
        return _in_zone(words.format(begins=clock(self.starts), ends=clock(self.ends)), self.zone)

    def words(self, *, now: dt.datetime | None = None) -> str:
        return _("{days}, {hours}").format(days=self.days(now=now), hours=self.hours())

    def in_short(self, *, now: dt.datetime) -> str:
        """For a line that is cut off: "Tue, Oct 13", of several days both ends. The year is said where it is not the next such day."""
        said = _days_in_short(self.starts.date(), now)
        if not self.has_days:
            return said
        return _("{first} to {last}").format(first=said, last=_days_in_short(self.last_day, now))

    def start(self, *, now: dt.datetime | None = None) -> str:
        """For who is short of room: of several days all are said, and when the first begins."""
        return _("{day}, {time}").format(day=self.days(now=now), time=_in_zone(clock(self.starts), self.zone))


def span_of(event: Event, *, with_zone: bool = False) -> Span:
    """with_zone: named in any case, where that is what changed."""
    zone = zone_name(event.timezone, event.starts_at) if with_zone else zone_of(event)
    return Span(event.local_starts_at, event.local_ends_at, zone)


def when_of(event: Event, *, now: dt.datetime | None = None) -> str:
    """The days and the hours. now: this year's days need no year."""
    return span_of(event).words(now=now)


def when_it_was(event: Event, was: Schedule, *, now: dt.datetime | None = None) -> str:
    """The days and the hours before it moved; the zone is named where it is named now, and where it was another.

    now: this year's days need no year.
    """
    named = names_zone(event) or was.timezone != event.timezone
    zone = zone_name(was.timezone, was.starts_at) if named else ""
    return Span(was.local_starts_at, was.local_ends_at, zone).words(now=now)


def days_of(event: Event, *, now: dt.datetime | None = None) -> str:
    return Span(event.local_starts_at, event.local_ends_at).days(now=now)


def short_days_of(event: Event, *, now: dt.datetime) -> str:
    return Span(event.local_starts_at, event.local_ends_at).in_short(now=now)


def dates_of(event: Event) -> str:
    """For a line about what is over: one date without its weekday, or all the days."""
    span = Span(event.local_starts_at, event.local_ends_at)
    return span.days() if span.has_days else date_format(span.starts, "DATE_FORMAT")


def hours_of(event: Event) -> str:
    return span_of(event).hours()


def start_of(event: Event, *, now: dt.datetime | None = None) -> str:
    return span_of(event).start(now=now)


def start_clock_of(event: Event) -> str:
    """The hour at which it begins, and whose."""
    return _in_zone(clock(event.local_starts_at), zone_of(event))


def doors_of(event: Event) -> str:
    """From when one may come in; empty where nobody said."""
    if event.doors_open_at is None:
        return ""
    opens = event.doors_open_at.astimezone(ZoneInfo(event.timezone)).replace(tzinfo=None)
    time = _in_zone(clock(opens), zone_of(event))
    return one_stop(_("Doors open at {time}.").format(time=time))


def moment_of(event: Event, moment: dt.datetime | None) -> str:
    """An instant that has to do with a meeting, on its clock; nothing for None."""
    if moment is None:
        return ""
    there = moment.astimezone(ZoneInfo(event.timezone)).replace(tzinfo=None)
    return moment_in_words(there, zone_name(event.timezone, moment) if names_zone(event) else "")


def moment_in_words(moment: dt.datetime, zone: str = "") -> str:
    """A day and a time as the clock shows them."""
    return _("{day}, {time}").format(day=day_in_words(moment), time=_in_zone(clock(moment), zone))


def names_zone(event: Event) -> bool:
    """Whether a reader's clock may be another than the meeting's."""
    return event.format != EventFormat.IN_PERSON or event.timezone != event.agency.timezone


def zone_of(event: Event) -> str:
    """The name of its time zone, where it has to be said."""
    return zone_name(event.timezone, event.starts_at) if names_zone(event) else ""


def clock(moment: dt.datetime) -> str:
    """ "6:30 p.m."; at twelve by its name, since few know which of the two is 12 a.m."""
    if moment.time() == dt.time():
        return _("midnight")
    if moment.time() == dt.time(12):
        return _("noon")
    return date_format(moment, "TIME_FORMAT")


def day_in_words(day: dt.date) -> str:
    """In full, with the weekday. The message is Django's format for a date, in the order of the language."""
    return date_format(day, _("l, F j, Y"))


def day_without_year(day: dt.date) -> str:
    return date_format(day, _("l, F j"))


def _days_in_short(day: dt.date, now: dt.datetime) -> str:
    is_near = dt.timedelta() <= day - now.date() < dt.timedelta(days=300)
    return date_format(day, _("D, M j") if is_near or day.year == now.year else _("D, M j, Y"))


def _sayer(day: dt.date, now: dt.datetime | None) -> _Dayer:
    return day_without_year if now is not None and day.year == now.year else day_in_words


def _in_zone(time: str, zone: str) -> str:
    return _("{time} {zone}").format(time=time, zone=zone) if zone else time
