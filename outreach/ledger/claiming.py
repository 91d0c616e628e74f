"""Taking work from the ledger: claim a batch, begin one message. Conditions stand on the row; time is the database's."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid4

from django.db import connection

from engage.restoring.lineage import NOT_HELD, keep_up
from outreach.channels.health import OPEN

BATCH: Final = 50
LEASE: Final = 120  # seconds
NEEDED_TO_BEGIN: Final = 90  # seconds of the lease: a message may take 60
LOST_AT_MOST: Final = 5  # times a message is repeated after its worker died

# Which state a lost message was in decides: a claimed one was never begun, one in sending may be out already.
_RECOVER: Final = """
UPDATE outreach_delivery
   SET state = CASE WHEN state = 'sending' AND reason = 'worker_lost' AND attempts > %(most)s THEN 'failed' ELSE 'due' END,
       settled_at = CASE WHEN state = 'sending' AND reason = 'worker_lost' AND attempts > %(most)s THEN now() END,
       reason = CASE WHEN state = 'sending' THEN 'worker_lost' ELSE reason END,
       claim_token = NULL, claimed_until = NULL
 WHERE id IN (SELECT id FROM outreach_delivery WHERE state IN ('claimed', 'sending') AND claimed_until < now()
               ORDER BY claimed_until LIMIT 500 FOR UPDATE SKIP LOCKED)
"""
# Lane by lane, each along its index, so that 50,000 broadcasts due tomorrow cost nothing today. A message whose worker
# died or whose fate is unknown goes alone: if it is what kills workers, it takes no neighbours with it.
_CLAIM: Final = f"""
WITH found AS MATERIALIZED (
    SELECT d.id, d.alone FROM (VALUES (0), (1), (2)) AS l (lane), LATERAL (
        SELECT id, reason IN ('worker_lost', 'uncertain') AS alone FROM outreach_delivery
         WHERE state = 'due' AND lane = l.lane AND due_at <= now() AND {OPEN} AND {NOT_HELD}
         ORDER BY due_at, id LIMIT %(batch)s FOR UPDATE SKIP LOCKED) AS d
    LIMIT %(batch)s
), numbered AS (SELECT id, alone, row_number() OVER () AS n FROM found),
picked AS (
    SELECT id, n FROM numbered
     WHERE CASE WHEN (SELECT alone FROM numbered WHERE n = 1) THEN n = 1 ELSE NOT alone END
)
UPDATE outreach_delivery d
   SET state = 'claimed', claim_token = %(token)s, claimed_until = now() + make_interval(secs => %(lease)s)
  FROM picked WHERE d.id = picked.id
RETURNING d.id, picked.n, now()
"""  # noqa: S608 - made of constants only
_BEGIN: Final = """
UPDATE outreach_delivery d SET state = 'sending', attempts = attempts + 1
 WHERE id = %(id)s AND claim_token = %(token)s AND state = 'claimed'
   AND claimed_until > now() + make_interval(secs => %(needed)s)
RETURNING now(), attempts, {stamp}
"""
_RENEW: Final = """
UPDATE outreach_delivery SET claimed_until = now() + make_interval(secs => %s)
 WHERE claim_token = %s AND state IN ('claimed', 'sending') AND claimed_until > now()
"""
_RELEASE: Final = """
UPDATE outreach_delivery SET state = 'due', claim_token = NULL, claimed_until = NULL,
       due_at = greatest(due_at, now() + make_interval(secs => %s))
 WHERE claim_token = %s AND state = 'claimed'
"""


class Begun(NamedTuple):
    """now: the database's time. attempts: this one included."""

    now: dt.datetime
    attempts: int
    stamp: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows that are ours until the lease runs out, in the order of their lanes. now: the database's, of the claim."""

    token: UUID
    ids: list[UUID]
    now: dt.datetime


def recover_lost() -> int:
    """Rows whose worker is gone: back to ``due``; one lost again and again fails. Returns how many."""
    return _change(_RECOVER, {"most": LOST_AT_MOST})


def claim(most: int = BATCH) -> Batch:
    """Up to ``most`` rows that are due; empty where there are none, while the channel pauses (``channels.health``), or while a
    restored database waits for a person (``engage.restoring.lineage``).

    Safe in any number of workers at once.
    """
    keep_up()
    token = uuid4()
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"batch": most, "token": token, "lease": LEASE})
        rows = sorted(cursor.fetchall(), key=lambda row: row[1])
    now = rows[0][2] if rows else dt.datetime.now(dt.UTC)
    return Batch(token, [row[0] for row in rows], now)


def begin(delivery_id: UUID, token: UUID, *, stamp: str = "''") -> Begun | None:
    """This message is begun and counts as an attempt; None where it is no longer ours.

    stamp: an SQL expression over the row ``d``, whose value is brought back with it.
    """
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"id": delivery_id, "token": token, "needed": NEEDED_TO_BEGIN}
        cursor.execute(_BEGIN.replace("{stamp}", stamp), values)
        row = cursor.fetchone()
    return Begun(*row) if row else None


def renew(token: UUID) -> int:
    """The batch goes on: a new lease for what is left of it."""
    return _change(_RENEW, [LEASE, token])


def release(token: UUID, *, after: float = 0) -> int:
    """Give back what was not begun, to be claimed again in ``after`` seconds; no attempt is counted."""
    return _change(_RELEASE, [after, token])


def _change(statement: str, values: list[Any] | dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)
