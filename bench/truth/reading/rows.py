"""The rows, asked in plain SQL, and what follows from their columns by rules that are written down here once more."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection


def ask(statement: str, *values: Any) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def event_row(event: UUID) -> dict[str, Any]:
    return ask(
        "SELECT e.*, v.name AS venue_name, v.address AS venue_address, a.timezone AS agency_zone, a.name AS agency_name"
        "  FROM events_event e JOIN engage_agency a ON a.id = e.agency_id LEFT JOIN events_venue v ON v.id = e.venue_id"
        " WHERE e.id = %s",
        event,
    )[0]


def rsvps_of(event: UUID) -> list[dict[str, Any]]:
    return ask(
        "SELECT r.*, c.erase_after, EXISTS (SELECT FROM events_checkin k WHERE k.rsvp_id = r.id AND k.undone_at IS NULL) AS came"
        "  FROM events_rsvp r LEFT JOIN engage_contact c ON c.id = r.email_contact_id WHERE r.event_id = %s ORDER BY r.id",
        event,
    )


def is_off(event: dict[str, Any]) -> bool:
    return event["status"] == "cancelled"


def is_over(event: dict[str, Any], now: dt.datetime) -> bool:
    """Somebody or the clock ended it. One that runs past its end is over only when it is said."""
    return event["status"] in {"ended", "reported"} or (
        event["status"] == "published" and event["ends_at"] <= now
    )


def is_on(event: dict[str, Any], now: dt.datetime) -> bool:
    return event["status"] == "live" or (
        event["status"] == "published" and event["starts_at"] <= now < event["ends_at"]
    )


def free(event: dict[str, Any]) -> int | None:
    """Seats that nobody has and nobody is offered."""
    if event["capacity"] is None:
        return None
    return int(event["capacity"] - event["seats_taken"] - event["seats_held"])


def in_line(event: dict[str, Any]) -> int:
    """Parties that wait and could be seated: who is larger than the room, which was made smaller, is in nobody's way."""
    if event["totals_frozen_at"] is not None:
        # Their places are erased by and by.
        return int(event["waiting"] - event["waiting_too_large"])
    (counted,) = ask(
        "SELECT count(*) AS n FROM events_rsvp WHERE event_id = %s AND status = 'waitlisted' AND party_size <= %s",
        event["id"],
        event["capacity"] or 1000,
    )
    return int(counted["n"])


def there(event: dict[str, Any], moment: dt.datetime) -> dt.datetime:
    """That instant on the clock of the place."""
    return moment.astimezone(ZoneInfo(event["timezone"])).replace(tzinfo=None)


def last_day(event: dict[str, Any]) -> dt.date:
    """Midnight belongs to the day before; an evening of twelve hours at most is one evening."""
    starts, ends = event["local_starts_at"], event["local_ends_at"]
    if ends - starts <= dt.timedelta(hours=12):
        return starts.date()
    return (ends - dt.timedelta(microseconds=1)).date()


def needs_a_zone(event: dict[str, Any]) -> bool:
    """The reader's clock may be another than the meeting's."""
    return event["format"] != "in_person" or event["timezone"] != event["agency_zone"]
