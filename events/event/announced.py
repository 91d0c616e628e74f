"""When and where people were told to come, before it was changed: one entry for each change, kept with the event.

Written where a move is announced (``remember``). What follows from it for a reader, and until when, is in ``standing``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from events.event.models import Event

# So many changes of one meeting are kept; who was told of an older one is told of the oldest of these.
MOST: Final = 50


@dataclass(frozen=True, slots=True)
class Schedule:
    """When and where. local_*: what the clock on the wall shows. venue: its name, room and address, each maybe empty."""

    local_starts_at: dt.datetime
    local_ends_at: dt.datetime
    timezone: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    format: str
    venue_id: UUID | None
    venue: tuple[str, str, str]

    @property
    def where(self) -> str:
        return ", ".join(part for part in self.venue if part)

    def is_elsewhen(self, other: Schedule) -> bool:
        """As people read it: an instant that follows new rules of its zone is no other time."""
        return self._time != other._time

    def is_elsewhere(self, other: Schedule) -> bool:
        """A room of the same name and address is the same place, whichever row says so."""
        return self._whereabouts != other._whereabouts

    def is_as(self, other: Schedule) -> bool:
        return not self.is_elsewhen(other) and not self.is_elsewhere(other)

    @property
    def _time(self) -> tuple[Any, ...]:
        return (self.local_starts_at, self.local_ends_at, self.timezone)

    @property
    def _whereabouts(self) -> tuple[str, str]:
        return (self.where, self.format)


@dataclass(frozen=True, slots=True)
class Announced:
    """A schedule that held until then."""

    schedule: Schedule
    until: dt.datetime


def schedule_of(event: Event) -> Schedule:
    """As it is now. Reads the event's venue."""
    venue = event.venue
    return Schedule(
        event.local_starts_at,
        event.local_ends_at,
        event.timezone,
        event.starts_at,
        event.ends_at,
        event.format,
        event.venue_id,
        (venue.name, venue.room, venue.address) if venue is not None else ("", "", ""),
    )


def remember(event: Event, was: Schedule, *, now: dt.datetime) -> None:
    """Keep what was announced until now, in ``event.schedules``, for the caller to save; nothing where it stands."""
    if was.is_as(schedule_of(event)):
        return
    event.schedules = [*event.schedules, _kept(was, now)][-MOST:]


def announced_before(event: Event) -> list[Announced]:
    """What was announced once and is not now, the oldest first. No query."""
    return [_read(one) for one in event.schedules]


def before_the_newest_move(said: Sequence[Schedule], stands: Schedule) -> Schedule | None:
    """What people were last told before; None where it stands again as it did at first. said: the oldest first.

    Moving back to what was announced before takes back what came in between: A, B, A was not moved; A, B, C, B was moved
    from A.
    """
    way: list[Schedule] = []
    for each in (*said, stands):
        there = next((number for number, one in enumerate(way) if one.is_as(each)), None)
        way = [*way, each] if there is None else way[: there + 1]
    return way[-2] if len(way) > 1 else None


def _kept(was: Schedule, until: dt.datetime) -> dict[str, Any]:
    return {
        "until": until.isoformat(),
        "local_starts_at": was.local_starts_at.isoformat(),
        "local_ends_at": was.local_ends_at.isoformat(),
        "timezone": was.timezone,
        "starts_at": was.starts_at.astimezone(dt.UTC).isoformat(),
        "ends_at": was.ends_at.astimezone(dt.UTC).isoformat(),
        "format": was.format,
        "venue_id": str(was.venue_id) if was.venue_id else None,
        "venue": list(was.venue),
    }


def _read(kept: dict[str, Any]) -> Announced:
    zone = ZoneInfo(kept["timezone"])
    starts, ends = (dt.datetime.fromisoformat(kept[name]) for name in ("starts_at", "ends_at"))
    name, room, address = kept["venue"]
    schedule = Schedule(
        dt.datetime.fromisoformat(kept["local_starts_at"]),
        dt.datetime.fromisoformat(kept["local_ends_at"]),
        kept["timezone"],
        starts.astimezone(zone),
        ends.astimezone(zone),
        kept["format"],
        UUID(kept["venue_id"]) if kept["venue_id"] else None,
        (name, room, address),
    )
    return Announced(schedule, dt.datetime.fromisoformat(kept["until"]))
