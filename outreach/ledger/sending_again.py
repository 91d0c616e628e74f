"""Sending again what ended without arriving, once whatever was in the way is mended. Never what was sent."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from engage.contacts.reaching import write_again_to

# Oldest first, in small transactions: each row is failed or due, and a second run finds nothing left to do.
_PART: Final = 1000
# One that expired stays so, but for one that its next try would have come too late for, and that still has time.
_ENDED: Final = """
    (d.state = 'failed' OR (%(uncertain)s AND d.state = 'uncertain')
        OR (d.state = 'expired' AND d.reason LIKE 'smtp%%' AND d.expires_at > now()))
    AND (d.expires_at IS NULL OR d.expires_at > now())
    AND (%(since)s::timestamptz IS NULL OR d.settled_at >= %(since)s)
    AND (%(until)s::timestamptz IS NULL OR d.settled_at < %(until)s)
    AND (%(reason)s::text IS NULL OR d.reason = %(reason)s)
    AND (%(kind)s::text IS NULL OR d.kind = %(kind)s)
    AND (%(event)s::uuid IS NULL OR d.event_id = %(event)s)
    AND (%(agency)s::text IS NULL OR d.agency_id IN (SELECT id FROM engage_agency WHERE slug = %(agency)s))
"""
_COUNT: Final = f"SELECT d.kind, d.reason, count(*) FROM outreach_delivery d WHERE {_ENDED} GROUP BY 1, 2"  # noqa: S608 - constants
# An address that was given up for what a relay said to everybody is tried again; if it is gone, we shall hear so again.
_AGAIN: Final = f"""
WITH picked AS (
    SELECT d.id, d.kind, d.reason FROM outreach_delivery d WHERE {_ENDED}
     ORDER BY d.settled_at, d.id LIMIT %(part)s FOR UPDATE OF d SKIP LOCKED
), again AS (
    UPDATE outreach_delivery d
       SET state = 'due', attempts = 0, reason = '', due_at = now(), settled_at = NULL, provider_id = ''
      FROM picked WHERE d.id = picked.id RETURNING picked.kind, picked.reason, d.contact_id
)
SELECT kind, reason, contact_id FROM again
"""  # noqa: S608 - made of constants only

type Counts = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Which:
    """What to send again; None means any. since, until: when it ended. uncertain: also what may have arrived."""

    since: dt.datetime | None = None
    until: dt.datetime | None = None
    reason: str | None = None
    kind: str | None = None
    event: UUID | None = None
    agency: str | None = None
    uncertain: bool = False

    def values(self) -> dict[str, Any]:
        return {
            name: getattr(self, name)
            for name in ("since", "until", "reason", "kind", "event", "agency", "uncertain")
        }


def would_go_again(which: Which) -> Counts:
    """How many messages, by kind and reason; nothing is changed."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, which.values())
        return {(kind, reason): int(number) for kind, reason, number in cursor.fetchall()}


def send_again(which: Which) -> Counts:
    """Make them due at once. How many, by kind and reason. Whatever has become pointless is found so when composed.

    Safe to run twice, also at once: a row that is due is not touched.
    """
    counted: Counter[tuple[str, str]] = Counter()
    while part := _a_part(which):
        counted.update((kind, reason) for kind, reason, _contact in part)
    return dict(counted)


def _a_part(which: Which) -> list[tuple[str, str, UUID | None]]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_AGAIN, which.values() | {"part": _PART})
        rows = cursor.fetchall()
        write_again_to([row[2] for row in rows if row[2] is not None])
    return rows
