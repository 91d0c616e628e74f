"""What a letter must be true to, at the moment at which it arrived."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Calendar

from bench.truth.reading import rows
from bench.truth.reading.event_times import hold_moment, hold_when
from bench.truth.reading.findings import Findings
from bench.truth.reading.words import days_in, one_line

_LABELS = {
    "en": {"when": "When", "where": "Where", "places": "Places", "position": "Your place in line", "until": "Answer by", "due": "Due", "now": "Now"},
    "es": {"when": "Cuándo", "where": "Dónde", "places": "Lugares", "position": "Su turno en la lista", "until": "Responda antes del?", "due": "Fecha", "now": "Ahora"},
}  # fmt: skip
_CODE = {"en": r"Your code:\s+(\w{5}) (\w{5})", "es": r"Su código:\s+(\w{5}) (\w{5})"}
_COME_ANYWAY = re.compile(r"come (?:anyway|all the same)|venga (?:igual|de todos modos)", re.IGNORECASE)
# Letters that answer somebody, or that nobody may get who stopped them.
_NEWS = frozenset({"new_meeting", "summary", "commitment_update", "reminder"})
# About all that an address has there: the subject of the row is another thing, or nothing.
_TO_A_CONTACT = frozenset({"link_again", "reminder"})
_SAYS_WHEN = frozenset({
    "confirmation", "promoted", "waitlisted", "offer", "place_changed", "event_moved", "reminder", "link_again",
    "new_meeting",
})  # fmt: skip


def plain(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""


def fact(text: str, label: str) -> str:
    """What stands beside a label, its further lines too; "" where it is not there."""
    found = re.search(rf"^(?:{label}):[ \t]+(.*(?:\n[ \t]{{3,}}.*)*)", text, re.MULTILINE)
    return one_line(found[1]) if found else ""


@dataclass
class LettersRead:
    """entries: what each calendar heard last of each meeting. once: what nobody may be told twice."""

    found: Findings
    entries: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    once: set[tuple[Any, ...]] = field(default_factory=set)

    def read(self, came: Any, now: dt.datetime, *, stopped: set[str]) -> None:
        """came: the letter with kind, event, subject, delivery and to."""
        letter, kind = came.letter, came.kind
        language = str(letter["Content-Language"])
        text, where = plain(letter), f"letter:{kind} to {came.to} ({language})"
        hold = self.found.hold
        (row,) = rows.ask("SELECT * FROM outreach_delivery WHERE id = %s", came.delivery)
        thing = (came.to, kind, row["occasion"], row["contact_id"])
        hold(thing not in self.once, "one letter for one thing", where, letter["Subject"], row)
        self.once.add(thing)
        if kind == "new_meeting":
            hold(
                (came.to, "new", came.event) not in self.once,
                "one letter for one new meeting",
                where,
                text,
                row,
            )
            self.once.add((came.to, "new", came.event))
        hold(
            not (came.to in stopped and kind == "new_meeting"),
            "no news to who stopped it",
            where,
            text,
            row,
        )
        if came.event is not None:
            self._about_an_event(came, text, language, where, row, now)
        elif kind == "commitment_update":
            _about_a_commitment(self.found, came.subject, text, language, where, now)

    def _about_an_event(
        self, came: Any, text: str, language: str, where: str, row: dict[str, Any], now: dt.datetime
    ) -> None:
        event, hold = rows.event_row(came.event), self.found.hold
        off = rows.is_off(event)
        over = rows.is_over(event, now)
        labels = _LABELS[language]
        said = {name: fact(text, label) for name, label in labels.items()}
        codes = {first + second for first, second in re.findall(_CODE[language], text)}
        held = rows.ask(
            "SELECT * FROM events_rsvp WHERE event_id = %s AND email_contact_id = %s AND status <> 'cancelled'",
            came.event,
            row["contact_id"],
        )
        seated = {one["checkin_code"] for one in held if one["status"] == "confirmed"}
        hold(codes <= seated, "a code in a letter opens a place that stands", where, text, event)
        hold(not ((off or over) and codes), "no code for what is off or over", where, text, event)
        hold(
            not ((off or over) and _COME_ANYWAY.search(text)),
            "nobody is asked to come to what is off or over",
            where,
            text,
            event,
        )
        hold(
            not (
                off
                and came.kind not in {"event_cancelled", "meeting_cancelled", "place_cancelled", "summary"}
            ),
            "no letter of another kind about what is off",
            where,
            text,
            event,
        )
        if came.kind in _SAYS_WHEN:
            hold_when(self.found, said["when"], event, language, where, today=dt.date.min, doors=True)
        if (
            (
                came.kind in {"confirmation", "promoted", "reminder", "event_moved", "event_cancelled"}
                and not event["discreet"]
            )
            and event["venue_name"]
            and came.kind != "event_cancelled"
        ):
            hold(
                event["venue_name"] in said["where"],
                "the place of a meeting",
                where,
                said["where"],
                event,
            )
        if came.kind == "event_cancelled":
            hold(off, "a cancelled meeting is off", where, text, event)
            hold(
                event["discreet"] or event["cancelled_reason"] in one_line(text),
                "the reason",
                where,
                text,
                event,
            )
        self._numbers(came, said, held, event, language, where)
        if event["discreet"]:
            # Whoever follows the agency by its name reads inside which meeting it is; outside it is said to nobody.
            inside = "" if _follows_the_agency(row["contact_id"]) else text
            all_of_it = f"{came.letter['From']} {came.letter['Subject']} {inside}"
            hold(
                event["title"] not in all_of_it and event["agency_name"] not in all_of_it,
                "a discreet meeting is not named",
                where,
                all_of_it,
                event,
            )
        self._calendar(came, event, where)
        self._erased(row, text, event, language, where)

    def _numbers(
        self,
        came: Any,
        said: dict[str, str],
        held: list[dict[str, Any]],
        event: dict[str, Any],
        language: str,
        where: str,
    ) -> None:
        hold = self.found.hold
        if said["places"]:
            number = int(re.match(r"\d+", said["places"])[0])  # type: ignore[index]
            mine = [one for one in held if one["id"] == came.subject]
            if came.kind == "reminder":
                # Of those that want to be reminded alone.
                held = [one for one in held if one["status"] == "confirmed" and one["remind"] == "email"]
            right = sum(
                one["party_size"]
                for one in (held if came.subject is None or came.kind in _TO_A_CONTACT else mine)
            )
            hold(number == right, "how many places", where, said["places"], held)
        if said["position"]:
            (line,) = rows.ask(
                "SELECT count(*) AS n FROM events_rsvp r, events_rsvp mine WHERE mine.id = %s AND r.event_id = mine.event_id"
                " AND r.status = 'waitlisted' AND r.queue_number <= mine.queue_number"
                " AND r.party_size <= coalesce((SELECT capacity FROM events_event e WHERE e.id = r.event_id), 1000)",
                came.subject,
            )
            hold(said["position"] == str(line["n"]), "the place in line", where, said["position"], event)
        if came.kind == "offer":
            (offer,) = rows.ask("SELECT * FROM events_rsvp WHERE id = %s", came.subject)
            hold(offer["status"] == "offered", "an offer stands", where, came.letter["Subject"], offer)
            if offer["offer_expires_at"]:
                hold_moment(
                    self.found,
                    said["until"],
                    offer["offer_expires_at"],
                    event,
                    language,
                    where,
                    "until when an offer stands",
                )

    def _calendar(self, came: Any, event: dict[str, Any], where: str) -> None:
        hold = self.found.hold
        part = next((one for one in came.letter.walk() if one.get_content_type() == "text/calendar"), None)
        if part is None:
            return
        calendar: Any = Calendar.from_ical(part.get_content())
        (entry,) = calendar.walk("VEVENT")
        method, status = str(calendar["METHOD"]), str(entry["STATUS"])
        hold(str(entry["UID"]) == event["uid"], "the UID of a meeting", where, entry, event)
        hold(
            entry["DTSTART"].dt == event["starts_at"],
            "the start in a calendar",
            where,
            entry["DTSTART"].to_ical(),
            event,
        )
        hold(
            entry["DTEND"].dt == event["ends_at"],
            "the end in a calendar",
            where,
            entry["DTEND"].to_ical(),
            event,
        )
        hold(
            (method == "CANCEL") == (status == "CANCELLED"),
            "a calendar's STATUS is its METHOD's",
            where,
            entry,
            event,
        )
        hold(
            method == "CANCEL" or not rows.is_off(event), "no invitation to what is off", where, entry, event
        )
        if event["discreet"]:
            hold(
                event["title"] not in str(entry) and "DESCRIPTION" not in entry,
                "a discreet meeting is not named",
                f"{where} calendar",
                entry,
                event,
            )
        key, sequence = (came.to, event["uid"]), int(entry["SEQUENCE"])
        last, before = self.entries.get(key, (-1, ""))
        higher = sequence > last if before and (before != method) else sequence >= last
        hold(
            higher,
            "SEQUENCE never falls, and rises at each turn",
            where,
            f"{method} {sequence} after {before} {last}",
            event,
        )
        self.entries[key] = (sequence, method)

    def _erased(
        self, row: dict[str, Any], text: str, event: dict[str, Any], language: str, where: str
    ) -> None:
        marks = {
            "en": r"We delete your email address on ([^.]*)\.",
            "es": r"Borramos su dirección de correo el ([^.]*)\.",
        }
        said = re.search(marks[language], one_line(text))
        contact = rows.ask("SELECT erase_after FROM engage_contact WHERE id = %s", row["contact_id"])
        if said and contact:
            right = rows.there(event, contact[0]["erase_after"]).date()
            days = days_in(said[1], language)
            self.found.hold(
                len(days) == 1 and days[0].is_(right, today=right),
                "the day an address is deleted",
                where,
                said[0],
                contact[0],
            )


def _follows_the_agency(contact_id: UUID) -> bool:
    return bool(
        rows.ask(
            "SELECT 1 FROM outreach_subscription WHERE contact_id = %s AND target = 'agency'", contact_id
        )
    )


def _about_a_commitment(
    found: Findings, subject: UUID | None, text: str, language: str, where: str, now: dt.datetime
) -> None:
    from bench.truth.reading.commitments import hold_mark

    (row,) = rows.ask(
        "SELECT c.*, a.timezone AS agency_zone FROM engage_commitmentupdate u JOIN engage_commitment c ON c.id = u.commitment_id"
        "  JOIN engage_agency a ON a.id = c.agency_id WHERE u.id = %s",
        subject,
    )
    today = now.astimezone(ZoneInfo(row["agency_zone"])).date()
    hold_mark(found, fact(text, _LABELS[language]["now"]), row, today, language, where)
    days = days_in(fact(text, "Due|Fecha límite|Plazo|Vence|Fecha"), language)
    if days:
        found.hold(days[0].is_(row["due_on"], today=today), "when a promise is due", where, text, row)
