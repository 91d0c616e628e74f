"""After a restore: what was due before it, of which nobody knows whether it went out since the backup. A person decides."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from engage.restoring.lineage import RELEASED, end_hold, holding
from engage.restoring.models import Lineage
from outreach.announcing.sweep import announce
from outreach.reminders.planning import plan_reminders

# What was caused by an act after the restore is nobody's doubt, and waits only until the hold ends.
_IN_DOUBT: Final = """
    d.state IN ('due', 'claimed', 'sending') AND d.due_at <= now() AND d.reason <> 'restore_released'
    AND (d.created_at <= %(held_at)s OR d.occasion NOT LIKE 'activity:%%' OR EXISTS (
        SELECT FROM engage_activity a
         WHERE a.id::text = substr(d.occasion, 10, 36) AND a.at <= %(held_at)s))
    AND (%(kind)s::text IS NULL OR d.kind = %(kind)s) AND (%(event)s::uuid IS NULL OR d.event_id = %(event)s)
"""
_SHOW: Final = f"""
SELECT d.kind, d.event_id, e.title, e.starts_at, count(*)
  FROM outreach_delivery d LEFT JOIN events_event e ON e.id = d.event_id
 WHERE {_IN_DOUBT} GROUP BY 1, 2, 3, 4 ORDER BY e.starts_at NULLS FIRST, d.kind
"""  # noqa: S608 - made of constants only
_RELEASE: Final = f"""
UPDATE outreach_delivery d SET state = 'due', reason = '{RELEASED}', claim_token = NULL, claimed_until = NULL
 WHERE {_IN_DOUBT}
"""  # noqa: S608
_DROP: Final = f"""
UPDATE outreach_delivery d
   SET state = 'suppressed', reason = 'restored', settled_at = now(), claim_token = NULL, claimed_until = NULL
 WHERE {_IN_DOUBT}
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class InDoubt:
    """number: messages of one kind about one meeting that were due between the two instants."""

    kind: str
    event: UUID | None
    title: str
    starts_at: dt.datetime | None
    number: int


def make_everything_visible() -> None:
    """Announce and plan what the backup had not come to, so that it is shown before a worker would do it. Sends nothing."""
    while announce(now=timezone.now()):
        continue
    plan_reminders()


def in_doubt(held: Lineage, *, kind: str | None = None, event: UUID | None = None) -> list[InDoubt]:
    with connection.cursor() as cursor:
        cursor.execute(_SHOW, _values(held, kind, event))
        return [InDoubt(row[0], row[1], row[2] or "", *row[3:]) for row in cursor.fetchall()]


def release(held: Lineage, *, kind: str | None = None, event: UUID | None = None) -> int:
    """These go out. Once nothing is in doubt any more, the hold ends and everything else goes on."""
    return _decide(_RELEASE, held, kind, event)


def drop(held: Lineage, *, kind: str | None = None, event: UUID | None = None) -> int:
    """These are never sent. Ends the hold like ``release``."""
    return _decide(_DROP, held, kind, event)


@transaction.atomic
def _decide(statement: str, held: Lineage, kind: str | None, event: UUID | None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, _values(held, kind, event))
        decided = int(cursor.rowcount)
    if holding() and not in_doubt(held):
        end_hold()
    return decided


def _values(held: Lineage, kind: str | None, event: UUID | None) -> dict[str, Any]:
    return {"held_at": held.held_at, "kind": kind, "event": event}
