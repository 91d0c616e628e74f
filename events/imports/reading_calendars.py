"""Reading notices from iCalendar: zones by whatever name, instants in UTC, days without an hour, repeating ones."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Iterator
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from events.imports.calendar_text import Component, Property, components
from events.imports.notices import (
    FileTooLarge,
    Notice,
    Refused,
    RowRefused,
    clean,
    digest_of,
    key_of_uid,
    within_years,
)
from events.imports.recurrence import occurrences
from events.planning.time_reading import UnknownTimezone, zone_called

_STAMP: Final = re.compile(r"(\d{8})(?:T(\d{6})(Z?))?", re.ASCII)
_DURATION: Final = re.compile(
    r"\+?P(?:(?P<weeks>\d{1,3})W)?(?:(?P<days>\d{1,4})D)?"
    r"(?:T(?:(?P<hours>\d{1,4})H)?(?:(?P<minutes>\d{1,5})M)?(?:(?P<seconds>\d{1,6})S)?)?",
    re.ASCII,
)


class Bounds:
    """What one calendar may cost: meetings (occurrences counted) and seconds of processor time for reading it."""

    def __init__(self, *, events: int | None = None, seconds: float | None = None) -> None:
        self._events, self._seconds = events, seconds
        self._begun = time.thread_time()
        self._steps = 0

    def tick(self) -> None:
        """Called at each step. Raises FileTooLarge once it has taken too long."""
        self._steps += 1
        if self._seconds is not None and time.thread_time() - self._begun > self._seconds:
            raise FileTooLarge(_("Working out when these meetings repeat takes too long."))

    def count(self, events: int) -> None:
        if self._events is not None and events > self._events:
            raise FileTooLarge


def read_calendar(text: str, *, zone: str, now: dt.datetime, bounds: Bounds) -> Iterator[Notice | Refused]:
    """Every VEVENT, numbered from 1; a repeating one gives each of its dates. zone: for floating and UTC times.

    Raises NotACalendar, FileRefused with a line, FileTooLarge.
    """
    read: list[Component] = []
    for component in components(text):
        bounds.tick()
        read.append(component)
        bounds.count(len(read))
    changed = _changed_dates(read, zone)
    many = 0
    for component in read:
        try:
            for notice in _notices(component, zone, now, bounds, changed):
                many += 1
                bounds.count(many)
                yield notice
        except RowRefused as refused:
            yield Refused(component.number, refused.code, str(refused.detail))


def _notices(
    component: Component, zone: str, now: dt.datetime, bounds: Bounds, changed: set[tuple[str, dt.datetime]]
) -> Iterator[Notice]:
    bounds.tick()
    notice = _notice(component)
    rule, own = component.first("RRULE"), component.first("RECURRENCE-ID")
    uid = component.text("UID").strip()
    if own is not None:
        notice.key = key_of_uid(f"{uid}#{_local(own, zone):%Y%m%dT%H%M%S}")
    elif rule is not None or "RDATE" in component.properties:
        yield from _repeated(component, notice, zone, now, bounds, changed)
        return
    yield notice


def _notice(component: Component) -> Notice:
    title, uid = clean(component.text("SUMMARY")), component.text("UID").strip()
    begin = component.first("DTSTART")
    if begin is None:
        raise RowRefused("start_missing", _("The entry does not say when it starts."))
    start, there = _moment(begin)
    if not title:
        raise RowRefused("title_missing", _("The entry has no title."))
    end = _end(component, start)
    details, where = clean(component.text("DESCRIPTION")), clean(component.text("LOCATION"))
    address = clean(component.text("URL"))
    if address and address not in details:
        details = f"{details}\n\n{address}".strip()
    cancelled = component.text("STATUS").strip().upper() == "CANCELLED"
    hidden = (component.text("CLASS").strip().upper() or "PUBLIC") != "PUBLIC"
    digest = digest_of(title, details, where, start, end, there, cancelled, hidden)
    key = key_of_uid(uid) if uid else f"sha256:{digest}"
    return Notice(
        component.number, key, digest, title, start, end, there, details, where, cancelled=cancelled, hidden=hidden
    )  # fmt: skip


def _repeated(
    component: Component,
    notice: Notice,
    zone: str,
    now: dt.datetime,
    bounds: Bounds,
    changed: set[tuple[str, dt.datetime]],
) -> Iterator[Notice]:
    """Each date of a repeating entry, in local time, so that 18:00 stays 18:00 when the clocks change."""
    there = notice.zone or zone
    zone_info = ZoneInfo(there)
    begin = _as_local(notice.start, zone_info)
    length = _as_local(notice.end, zone_info) - begin if notice.end is not None else None
    dates, cut = _dates(component, begin, zone_info, now, bounds)
    uid = component.text("UID").strip() or notice.digest
    all_day = not isinstance(notice.start, dt.datetime)
    for moment in sorted(dates):
        if (uid, moment) in changed:
            continue
        yield Notice(
            number=notice.number,
            key=key_of_uid(f"{uid}#{moment:%Y%m%dT%H%M%S}"),
            digest=digest_of(notice.digest, moment),
            title=notice.title,
            start=moment.date() if all_day else moment,
            end=None if length is None else moment + length,
            zone=there,
            details=notice.details,
            where=notice.where,
            cancelled=notice.cancelled,
            hidden=notice.hidden,
            remarks=["recurrence_cut"] if cut else [],
        )


def _dates(
    component: Component, begin: dt.datetime, zone_info: ZoneInfo, now: dt.datetime, bounds: Bounds
) -> tuple[set[dt.datetime], bool]:
    """Local starts by rule and list, without the exceptions; and whether the rule names more than was taken."""
    dates, cut = {begin}, False
    rule = component.first("RRULE")
    if rule is not None:
        found, cut = occurrences(
            rule.value,
            begin,
            today=now.astimezone(zone_info).replace(tzinfo=None),
            until=lambda text: _as_local(_stamp(text)[0], zone_info),
            tick=bounds.tick,
        )
        dates = set(found)
    dates |= set(_listed(component, "RDATE", zone_info, bounds))
    dates -= set(_listed(component, "EXDATE", zone_info, bounds))
    return dates, cut


def _changed_dates(read: list[Component], zone: str) -> set[tuple[str, dt.datetime]]:
    """Dates of repeating entries that have an entry of their own (RECURRENCE-ID)."""
    found = set()
    for component in read:
        own = component.first("RECURRENCE-ID")
        if own is not None:
            try:
                found.add((component.text("UID").strip(), _local(own, zone)))
            except RowRefused:
                continue  # its own row says so
    return found


def _end(component: Component, start: dt.datetime | dt.date) -> dt.datetime | dt.date | None:
    given = component.first("DTEND")
    if given is not None:
        return _moment(given)[0]
    length = component.first("DURATION")
    if length is None:
        return None
    found = _DURATION.fullmatch(length.value.strip())
    if found is None or not isinstance(start, dt.datetime):
        return None
    return start + dt.timedelta(**{name: int(number) for name, number in found.groupdict("0").items()})


def _moment(given: Property) -> tuple[dt.datetime | dt.date, str]:
    """The time of a property and its zone's IANA name; an instant in UTC belongs to the agency's zone (empty)."""
    moment, utc = _stamp(given.value)
    if utc or not isinstance(moment, dt.datetime):
        return moment, ""
    return moment, _iana(given.parameters.get("TZID", ""))


def _stamp(text: str) -> tuple[dt.datetime | dt.date, bool]:
    found = _STAMP.fullmatch(text.strip())
    try:
        if found is None:
            raise ValueError
        day = dt.datetime.strptime(found[1], "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
        within_years(day)
        if found[2] is None:
            return day, False
        # A leap second is the last one (RFC 5545 §3.3.12).
        clock = found[2][:4] + ("59" if found[2][4:] == "60" else found[2][4:])
        moment = dt.datetime.strptime(found[1] + clock, "%Y%m%d%H%M%S")  # noqa: DTZ007
    except ValueError:
        raise RowRefused(
            "time_unreadable", _("“{text}” is not a date and time.").format(text=text[:40])
        ) from None
    return (moment.replace(tzinfo=dt.UTC), True) if found[3] else (moment, False)


def _iana(name: str) -> str:
    """A TZID as the IANA list writes it: Windows' names, and a prefix before the name, are understood."""
    if not name:
        return ""
    parts = name.strip("/ ").split("/")
    tries = [name, WINDOWS_TO_OLSON.get(name, ""), *("/".join(parts[at:]) for at in range(1, len(parts)))]
    for each in tries:
        try:
            return zone_called(each).key
        except UnknownTimezone:
            continue
    raise RowRefused("unknown_timezone", _("The time zone “{name}” is not known.").format(name=name[:60]))


def _local(given: Property, zone: str) -> dt.datetime:
    moment, there = _moment(given)
    return _as_local(moment, ZoneInfo(there or zone))


def _as_local(moment: dt.datetime | dt.date, zone_info: ZoneInfo) -> dt.datetime:
    if not isinstance(moment, dt.datetime):
        return dt.datetime.combine(moment, dt.time())
    return moment.astimezone(zone_info).replace(tzinfo=None, fold=0) if moment.tzinfo else moment


def _listed(component: Component, name: str, zone_info: ZoneInfo, bounds: Bounds) -> Iterator[dt.datetime]:
    for given in component.properties.get(name, ()):
        for value in given.value.split(","):
            bounds.tick()
            moment = _moment(Property(value.partition("/")[0], given.parameters))[0]
            yield _as_local(moment, zone_info)
