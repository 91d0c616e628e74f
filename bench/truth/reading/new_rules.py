"""After a new law of a zone: the clock on the wall stands, instants follow it, calendars hear of it and nobody is mailed."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from bench.truth.reading import rows
from bench.truth.reading.findings import Findings

_CLOCKS = {
    "starts_at": ("local_starts_at", "starts_fold"),
    "ends_at": ("local_ends_at", "ends_fold"),
    "doors_open_at": ("local_doors_open_at", "doors_open_fold"),
    "rsvp_opens_at": ("local_rsvp_opens_at", "rsvp_opens_fold"),
    "rsvp_closes_at": ("local_rsvp_closes_at", "rsvp_closes_fold"),
}


def what_stands() -> dict[Any, dict[str, Any]]:
    """By id, before the law."""
    ahead = (
        "SELECT * FROM events_event WHERE status IN ('draft', 'published', 'live') AND ends_at > clock.now()"
    )
    return {row["id"]: row for row in rows.ask(ahead)}


def hold_new_rules(found: Findings, before: dict[Any, dict[str, Any]], came: list[Any]) -> int:
    """came: the letters of the rounds that followed. Returns how many meetings have other instants now."""
    moved = 0
    for event_id, was in before.items():
        row, where = rows.event_row(event_id), f"new-law and {event_id}"
        differs = False
        for instant, (local, fold) in _CLOCKS.items():
            if was[instant] is None:
                continue
            right = was[local].replace(tzinfo=ZoneInfo(was["timezone"]), fold=was[fold]).astimezone(dt.UTC)
            differs = differs or right != was[instant]
            found.hold(row[instant] == right, "the instant follows the clock", where, row[instant], was)
            found.hold(row[local] == was[local], "the clock on the wall stands", where, row[local], was)
        step = row["sequence"] - was["sequence"]
        found.hold(step == differs, "SEQUENCE rises where an instant moved", where, step, row)
        same = row["schedule_version"] == was["schedule_version"] and row["schedules"] == was["schedules"]
        found.hold(same, "new rules are no move", where, row["schedule_version"], was)
        told = row["followed_rules_at"] != was["followed_rules_at"]
        found.hold(told == differs, "staff are told that a zone's rules changed", where, told, row)
        moved += differs
    mailed = [f"{one.kind} to {one.to}" for one in came if one.kind == "event_moved"]
    found.hold(not mailed, "nobody is mailed about new rules", "new-law", mailed)
    return moved
