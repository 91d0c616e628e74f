"""Promises: made, moved, kept or not, and endings taken back within the minute in which nobody is told."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import connection

from bench.truth.town import SLUG, Town

_EVIDENCE = [{"kind": "link", "url": "https://records.example/list", "title": "The list"}]


def _some_commitment(town: Town, where: str) -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM engage_commitment WHERE {where} ORDER BY id")
        ids = [row[0] for row in cursor.fetchall()]
    return town.random.choice(ids) if ids else None


_OWED = "NOT draft AND status IN ('open', 'in_progress')"


def _update(town: Town, commitment: UUID, body: dict[str, Any]) -> bool:
    return town.api("POST", f"/commitments/{commitment}/updates/", body).ok


def commit(town: Town) -> None:
    body = {
        "title": f"We answer letter {town.random.randrange(1000)} in full",
        "done_means": "The answer is on the city's page.",
        "owner_office": town.random.choice(["Records", "Traffic Unit"]),
        "focus_area": "procedural_justice",
        "due_on": str(town.now.date() + dt.timedelta(days=town.random.choice([3, 7, 14, 30, 60]))),
    }
    if town.random.random() < 0.6:
        body["owner"] = str(town.staff[town.random.choice(["liaison", "leader"])].pk)
    made = town.api("POST", "/commitments/", body)
    if made.ok and town.followers and town.random.random() < 0.6:
        # Somebody who reads our letters already follows this one too.
        address = town.random.choice(sorted(town.followers))
        wish = {"agency": SLUG, "target": "commitment", "target_id": made.body["id"], "email": address}
        town.api("POST", "/subscriptions/", wish, who="")


def move_its_date(town: Town) -> None:
    one = _some_commitment(town, _OWED)
    if one:
        due = town.now.date() + dt.timedelta(days=town.random.choice([5, 10, 20, 45]))
        _update(town, one, {"due_on": str(due), "reason": "The vendor is late."})


def say_how_it_goes(town: Town) -> None:
    one = _some_commitment(town, _OWED)
    if one:
        _update(town, one, {"status": "in_progress", "note": "Half of it is written."})


def keep_it(town: Town) -> None:
    one = _some_commitment(town, _OWED)
    if one:
        _update(town, one, {"status": "kept", "evidence": _EVIDENCE})


def keep_it_in_part(town: Town) -> None:
    one = _some_commitment(town, _OWED)
    if one:
        _update(
            town, one, {"status": "kept_in_part", "evidence": _EVIDENCE, "reason": "Two letters are missing."}
        )


def end_it_badly(town: Town) -> None:
    one = _some_commitment(town, _OWED)
    if one:
        status = town.random.choice(["not_kept", "will_not_do"])
        _update(town, one, {"status": status, "reason": "There is no money for it."})


def end_it_and_take_it_back(town: Town) -> None:
    """Within the minute: nobody hears of either."""
    one = _some_commitment(town, _OWED)
    if one and _update(town, one, {"status": "not_kept", "reason": "Pressed by mistake."}):
        town.clock.leap(dt.timedelta(seconds=town.random.randrange(5, 50)))
        _update(town, one, {"status": "in_progress", "reason": "That was a mistake."})


def take_an_old_ending_back(town: Town) -> None:
    one = _some_commitment(town, "status IN ('kept', 'kept_in_part', 'not_kept', 'will_not_do')")
    if one:
        _update(town, one, {"status": "in_progress", "reason": "It turned out not to be finished."})
