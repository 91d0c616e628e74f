"""The office: what people need is seen to, and somebody leaves, whose work goes to whoever comes, in part or not at all."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection

from bench.truth.town import Town


def see_to_a_need(town: Town) -> UUID | None:
    """Taken by somebody, arranged, or not possible."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n.id, n.event_id FROM events_accessrequest n JOIN events_event e ON e.id = n.event_id"
            " WHERE n.status IN ('asked', 'arranging') AND e.status IN ('published', 'live') ORDER BY n.id"
        )
        found = cursor.fetchall()
    if not found:
        return None
    need, event = town.random.choice(found)
    chosen: dict[str, Any] = town.random.choice([
        {"status": "arranging"},
        {"status": "arranged", "outcome": "The front row, on the left."},
        {"status": "not_met", "outcome": "Nobody is free on that evening."},
    ])  # fmt: skip
    if town.random.random() < 0.7:
        chosen["owner"] = str(town.staff["liaison"].pk)
    town.api("PATCH", f"/events/{event}/access-requests/{need}/", chosen)
    return UUID(str(event))


def somebody_leaves(town: Town) -> UUID | None:
    """Somebody new comes first. What a leaver was to do goes to them, or to nobody; the administrator ends the role."""
    kind = town.random.choice(["liaison", "leader"])
    leaver, comes = town.staff[kind], town.hire(kind)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM engage_role WHERE person_id = %s AND until IS NULL", [leaver.pk])
        (role,) = cursor.fetchone() or (None,)
    things = ["commitments", "needs", "events"] if kind == "liaison" else ["commitments"]
    given = {one: str(comes.pk) for one in things if town.random.random() < 0.5}
    answer = town.asked(f"/roles/{role}/end/", {"hand_over": given}, who="admin")
    if answer.ok:
        town.staff[kind] = comes
        town.left[leaver.email] = leaver.name
    return None
