"""Who got which letter: everybody who is owed one, nobody else, and nobody twice."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from bench.truth.reading import rows
from bench.truth.reading.findings import Findings

# Worked off before the letters are counted: the act, and the letter by which each of its readers hears of it.
_LETTER_OF = {"event.cancelled": "event_cancelled", "event.moved": "event_moved"}


@dataclass
class WhoWasTold:
    """acts: those whose letters were counted already."""

    found: Findings
    acts: set[UUID] = field(default_factory=set)

    def count(self, followers: set[str], sent: list[Any], now: dt.datetime) -> None:
        """After the worker's rounds. followers: who asked, confirmed and never stopped. sent: every letter that ever came."""
        acts = rows.ask(
            "SELECT id, verb, object_id, at FROM engage_activity WHERE verb = ANY(%s) AND announced_at IS NOT NULL"
            " AND at > %s ORDER BY id",
            ["event.published", *_LETTER_OF],
            now - dt.timedelta(days=2),
        )
        for act in acts:
            if act["id"] not in self.acts:
                self.acts.add(act["id"])
                self._one(act, followers, sent, now)

    def _one(self, act: dict[str, Any], followers: set[str], sent: list[Any], now: dt.datetime) -> None:
        event = rows.event_row(act["object_id"])
        where = f"letters of {act['verb']} {act['object_id']}"
        if act["verb"] == "event.published":
            ahead = (
                event["audience"] == "public" and event["status"] == "published" and event["starts_at"] > now
            )
            told = [one.to for one in sent if one.kind == "new_meeting" and one.event == event["id"]]
            if ahead:
                missing = sorted(followers - set(told))
                self.found.hold(
                    not missing, "everybody who follows hears of a new meeting", where, missing, event
                )
            return
        rows_of = rows.ask(
            "SELECT state, reason FROM outreach_delivery WHERE occasion = %s AND kind = %s",
            f"activity:{act['id']}",
            _LETTER_OF[act["verb"]],
        )
        held = rows.ask(
            "SELECT count(DISTINCT email_contact_id) AS n FROM events_rsvp WHERE event_id = %s"
            " AND status <> 'cancelled' AND email_contact_id IS NOT NULL AND created_at < %s",
            event["id"],
            act["at"],
        )[0]["n"]
        newest = rows.ask(
            "SELECT max(id::text)::uuid AS id FROM engage_activity WHERE object_id = %s AND verb = %s",
            event["id"],
            act["verb"],
        )[0]["id"]
        if newest == act["id"]:
            self.found.hold(len(rows_of) >= held, "everybody with a place hears of it", where, rows_of, event)
