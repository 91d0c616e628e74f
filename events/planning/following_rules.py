"""After new zone rules: every time of a meeting ahead stays where the clock on the wall has it, and its instant follows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from engage.activity.recording import record
from engage.database.one_by_one import one_by_one
from engage.refusals import Unknown
from events.calendars.export import renew_vevent
from events.event.locking import locked
from events.event.models import STANDING, Event, EventStatus
from events.planning.time_reading import CLOCKS, LocalTime, local_time_of, standing_time, zone_called
from events.rsvps.erasure_dates import move_erasure_dates

# What is off may take place after all, at the hour that its clock says.
_FOLLOWING: Final = STANDING | {EventStatus.CANCELLED.value}
_COLUMNS: Final = [column for clock in CLOCKS for column in (clock.local, clock.fold, clock.instant)]


def recompute_instants(*, now: dt.datetime) -> int:
    """Returns how many meetings have other instants now. Where no rule changed: one statement, and nothing is written.

    No ``schedule_version`` and no message: what people were told, 18:00 there, still holds. Calendars that hold the old
    rules do hear of it, by a higher SEQUENCE. A time that the new rules skip goes to the next minute that there is.
    """
    ahead = Event.objects.filter(ends_at__gt=now - dt.timedelta(days=1), status__in=_FOLLOWING)
    seen = ahead.only("timezone", *_COLUMNS).order_by("pk")
    differing = [event.pk for event in seen.iterator(chunk_size=2000) if _other_times(event)]
    return one_by_one(differing, lambda pk: _follow(pk, now))


@transaction.atomic
def _follow(pk: UUID, now: dt.datetime) -> bool:
    try:
        row = locked(pk)
    except Unknown:
        # A draft that was thrown away a moment ago.
        return False
    # Asked again under the lock: somebody may have changed it meanwhile.
    times = _other_times(row)
    if row.status not in _FOLLOWING or not times:
        return False
    told: dict[str, Any] = {"fields": sorted(times), "skipped": {}}
    for name, time in times.items():
        clock = next(each for each in CLOCKS if each.instant == name)
        before = getattr(row, clock.local)
        if before is not None and time.naive != before:
            told["skipped"][name] = [before.isoformat(), time.naive.isoformat()]
        clock.put(row, time)
    row.edit_version += 1
    row.sequence += 1
    row.followed_rules_at = now
    renew_vevent(row, now=now)
    more = ["edit_version", "sequence", "followed_rules_at", "vevent", "feed_changed_at"]
    row.save(update_fields=[*_COLUMNS, *more])
    move_erasure_dates(row)
    record("event.instants_recomputed", row, data=told, at=now, born_announced=True)
    return True


def _other_times(event: Event) -> dict[str, LocalTime]:
    """The times that today's rules give another instant, by the name of the instant; what nobody set is left out."""
    found = dict(_times_by_todays_rules(event))
    starts = found.get("starts_at", LocalTime(event.local_starts_at, event.starts_fold, event.starts_at))
    ends = found.get("ends_at", LocalTime(event.local_ends_at, event.ends_fold, event.ends_at))
    if ends.at <= starts.at:
        # Both fell into what the rules skip now: the meeting is as long as it was.
        length = event.ends_at - event.starts_at
        found["ends_at"] = local_time_of(starts.at + length, zone_called(event.timezone))
    return found


def _times_by_todays_rules(event: Event) -> Iterator[tuple[str, LocalTime]]:
    zone = zone_called(event.timezone)
    for clock in CLOCKS:
        at, naive = getattr(event, clock.instant), getattr(event, clock.local)
        if at is None:
            continue
        if naive is None:
            # Written by a program that knows no wall clock of this time.
            yield clock.instant, local_time_of(at, zone)
            continue
        time = standing_time(naive, event.timezone, getattr(event, clock.fold))
        if time.at != at or time.naive != naive:
            yield clock.instant, time
