"""The public feed and each meeting's file, read by icalendar: what a calendar program would show."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from icalendar import Calendar

from bench.truth.reading import rows
from bench.truth.reading.findings import Findings


@dataclass
class CalendarsRead:
    """sequences: by surface and UID, the number that was read last, and the start it stood beside."""

    found: Findings
    sequences: dict[tuple[str, str], tuple[int, Any]] = field(default_factory=dict)

    def read_feed(self, content: bytes) -> None:
        calendar: Any = Calendar.from_ical(content)
        entries = {str(entry["UID"]): entry for entry in calendar.walk("VEVENT")}
        public = rows.ask("SELECT * FROM events_event WHERE audience = 'public' AND status <> 'draft'")
        self.found.hold(
            set(entries) == {row["uid"] for row in public}, "every public meeting is in the feed once", "feed",
            set(entries) ^ {row["uid"] for row in public},
        )  # fmt: skip
        for row in public:
            if row["uid"] in entries:
                self._entry(entries[row["uid"]], row, "feed", cancelled=False)

    def read_file(self, content: bytes, row: dict[str, Any], where: str, *, rsvp_gone: bool = False) -> None:
        calendar: Any = Calendar.from_ical(content)
        (entry,) = calendar.walk("VEVENT")
        for rules in calendar.walk("VTIMEZONE"):
            # Programs without the newest law of a zone go by what the file itself says of it.
            begins = entry["DTSTART"].dt
            # The second of an hour that comes twice can only be written in UTC (RFC 5545 §3.3.5), which no rules bend.
            if "TZID" in entry["DTSTART"].params:
                begins = begins.replace(tzinfo=rules.to_tz(lookup_tzid=False))
            same = begins.astimezone(dt.UTC) == row["starts_at"]
            self.found.hold(same, "the start by a calendar's own rules", where, begins.isoformat(), row)
        self._entry(entry, row, where, cancelled=rsvp_gone)
        if row["discreet"]:
            right = row["title"] not in str(entry) and "DESCRIPTION" not in entry
            self.found.hold(right, "a discreet meeting is not named", where, entry, row)

    def _entry(self, entry: Any, row: dict[str, Any], where: str, *, cancelled: bool) -> None:
        hold = self.found.hold
        hold(
            entry["DTSTART"].dt == row["starts_at"],
            "the start in a calendar",
            where,
            entry["DTSTART"].to_ical(),
            row,
        )
        hold(
            entry["DTEND"].dt == row["ends_at"], "the end in a calendar", where, entry["DTEND"].to_ical(), row
        )
        off = cancelled or rows.is_off(row)
        hold(
            (str(entry["STATUS"]) == "CANCELLED") == off, "STATUS in a calendar", where, entry["STATUS"], row
        )
        sequence, starts = int(entry["SEQUENCE"]), entry["DTSTART"].dt
        key = (where, str(entry["UID"]))
        last, stood = self.sequences.get(key, (-1, None))
        hold(sequence >= last, "SEQUENCE never falls", where, f"{sequence} after {last}", row)
        if stood is not None and stood != starts:
            hold(
                sequence > last, "SEQUENCE rises when the start moves", where, f"{sequence} after {last}", row
            )
        self.sequences[key] = (sequence, starts)
        if isinstance(starts, dt.datetime):
            right = (
                starts.replace(tzinfo=None) == row["local_starts_at"] or starts.utcoffset() == dt.timedelta()
            )
            hold(right, "the wall clock in a calendar", where, entry["DTSTART"].to_ical(), row)
