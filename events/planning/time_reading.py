"""Reading times: what people agree on is local time plus zone; the instant is worked out from it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from engage.local_time import is_zone
from engage.refusals import Refusal, RuleViolation

_SECOND: Final = dt.timedelta(seconds=1)
# Beyond these years some zones overflow, and no meeting is held.
EARLIEST, LATEST = 1900, 2199
_RFC_3339: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:\d{2})?", re.ASCII
)


class UnreadableTime(RuleViolation):
    code = "invalid_time"
    refusal = Refusal.INVALID
    sentence = _("Write the time as 2027-03-14T18:00:00, with or without an offset such as -05:00.")


class UnknownTimezone(RuleViolation):
    code = "unknown_timezone"
    refusal = Refusal.INVALID
    sentence = _("Name the time zone as the IANA list does, for example America/Chicago.")


class NonexistentTime(RuleViolation):
    code = "nonexistent_time"
    refusal = Refusal.INVALID
    sentence = _("The clocks skip this time there on that day. Choose another.")


class AmbiguousTime(RuleViolation):
    code = "ambiguous_time"
    refusal = Refusal.INVALID
    sentence = _(
        "The clocks show this time twice there on that day. Say which: fold 0 is the first, 1 the second."
    )


@dataclass(frozen=True, slots=True)
class LocalTime:
    """A moment as the clock on the wall shows it (``naive``, ``fold`` after PEP 495) and as an instant in UTC."""

    naive: dt.datetime
    fold: int
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Clock:
    """One time of a meeting: the columns of what the wall shows, of which of two equal readings, and of the instant."""

    instant: str
    local: str
    fold: str

    def put(self, event: Any, time: LocalTime | None) -> None:
        """Set all three on ``event``; None clears them."""
        setattr(event, self.local, time and time.naive)
        setattr(event, self.fold, time.fold if time else 0)
        setattr(event, self.instant, time and time.at)


# Every time of a meeting that people agree on by the clock.
CLOCKS: Final = (
    Clock("starts_at", "local_starts_at", "starts_fold"),
    Clock("ends_at", "local_ends_at", "ends_fold"),
    Clock("doors_open_at", "local_doors_open_at", "doors_open_fold"),
    Clock("rsvp_opens_at", "local_rsvp_opens_at", "rsvp_opens_fold"),
    Clock("rsvp_closes_at", "local_rsvp_closes_at", "rsvp_closes_fold"),
)


def zone_called(name: str, *, field: str = "timezone") -> ZoneInfo:
    """The zone of that IANA name. Raises UnknownTimezone."""
    if not is_zone(name):
        raise UnknownTimezone(field=field)
    return ZoneInfo(name)


def read_time(
    value: str | dt.datetime, zone: str, *, fold: int | None = None, field: str = "starts_at"
) -> LocalTime:
    """A time as somebody wrote it, in ``zone``.

    value: RFC 3339; without an offset it is the zone's local time, with any offset it is converted to the zone.
    fold: 0 or 1, for a local time that comes twice. Raises UnreadableTime, UnknownTimezone, NonexistentTime,
    AmbiguousTime, each naming ``field``.
    """
    zone_info = zone_called(zone)
    moment = _parsed(value, field)
    if moment.tzinfo is not None:
        return local_time_of(moment, zone_info)
    if fold not in {None, 0, 1}:
        raise UnreadableTime(field=field)
    earlier, later = (_instant(moment, zone_info, which) for which in (0, 1))
    if earlier == later:
        return LocalTime(moment, 0, earlier)
    # In a gap the two readings lie the wrong way round (PEP 495), and neither shows this local time.
    if earlier > later:
        raise NonexistentTime(field=field)
    if fold is None:
        raise AmbiguousTime(field=field)
    return LocalTime(moment, fold, later if fold else earlier)


def local_time_of(instant: dt.datetime, zone: ZoneInfo) -> LocalTime:
    """What the clock in ``zone`` shows at an aware ``instant``."""
    shown = instant.astimezone(zone)
    return LocalTime(shown.replace(tzinfo=None, fold=0), shown.fold, instant.astimezone(dt.UTC))


def standing_time(naive: dt.datetime, zone: str, fold: int = 0) -> LocalTime:
    """A stored local time by the zone's rules of today; one that they skip is the next minute that there is."""
    zone_info = ZoneInfo(zone)
    at, other = _instant(naive, zone_info, fold), _instant(naive, zone_info, 1 - fold)
    if at.astimezone(zone_info).replace(tzinfo=None, fold=0) == naive.replace(fold=0):
        return LocalTime(naive, fold, at)
    return local_time_of(_change_between(min(at, other), max(at, other), zone_info), zone_info)


def _change_between(low: dt.datetime, high: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The instant, to the second, at which the clocks go forward: before ``low`` they had not, at ``high`` they had."""
    offset = low.astimezone(zone).utcoffset()
    while high - low > _SECOND:
        middle = low + (high - low) // 2
        if middle.astimezone(zone).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


def instant_of(naive: dt.datetime, zone: str, fold: int = 0) -> dt.datetime:
    """The instant of a stored local time, in UTC, by the zone's rules of today.

    A time that new rules have removed is read as if the old offset went on (PEP 495).
    """
    return _instant(naive, ZoneInfo(zone), fold)


def _instant(naive: dt.datetime, zone: ZoneInfo, fold: int) -> dt.datetime:
    return naive.replace(tzinfo=zone, fold=fold).astimezone(dt.UTC)


def _parsed(value: str | dt.datetime, field: str) -> dt.datetime:
    if isinstance(value, str):
        if not _RFC_3339.fullmatch(value):
            raise UnreadableTime(field=field)
        try:
            value = dt.datetime.fromisoformat(value.upper())
        except ValueError:
            raise UnreadableTime(field=field) from None
    if not isinstance(value, dt.datetime) or not EARLIEST <= value.year <= LATEST:
        raise UnreadableTime(field=field)
    return value.replace(microsecond=0)
