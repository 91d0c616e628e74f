"""Writing what became of one message: at once, alone, and only where the claim is still ours."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any, Final
from uuid import UUID

from django.db import connection

from outreach.channels import health

MOST_ATTEMPTS: Final = 20
_FIRST_PAUSE: Final = 20.0  # seconds, doubled each time …
_LONGEST_PAUSE: Final = 1800.0  # … up to half an hour: 20 attempts are a good seven hours

_SETTLE: Final = """
UPDATE outreach_delivery
   SET state = %(state)s, reason = %(reason)s, provider_id = %(provider_id)s, settled_at = now(),
       claim_token = NULL, claimed_until = NULL
 WHERE id = %(id)s AND claim_token = %(token)s AND state = 'sending'
"""
_AGAIN: Final = """
UPDATE outreach_delivery
   SET state = CASE WHEN due.at >= expires_at THEN 'expired' ELSE 'due' END,
       settled_at = CASE WHEN due.at >= expires_at THEN now() END,
       reason = %(reason)s, due_at = due.at, attempts = attempts - %(not_counted)s,
       claim_token = NULL, claimed_until = NULL
  FROM (SELECT coalesce(%(until)s::timestamptz, now() + make_interval(secs => %(pause)s)) AS at) AS due
 WHERE id = %(id)s AND claim_token = %(token)s AND state = 'sending'
"""
_GIVE_BACK: Final = """
UPDATE outreach_delivery
   SET state = 'due', attempts = greatest(attempts - 1, 0), claim_token = NULL, claimed_until = NULL,
       reason = CASE WHEN reason IN ('worker_lost', 'uncertain') OR %(reason)s = '' THEN reason ELSE %(reason)s END,
       due_at = CASE WHEN %(pause)s::float > 0
                     THEN greatest(due_at, now() + make_interval(secs => %(pause)s::float)) ELSE due_at END
 WHERE id = %(id)s AND claim_token = %(token)s AND state = 'sending'
"""


def sent(delivery_id: UUID, token: UUID, *, provider_id: str = "") -> bool:
    return _settle(delivery_id, token, "sent", "", provider_id)


def suppressed(delivery_id: UUID, token: UUID, *, reason: str) -> bool:
    """It has become pointless: the place is gone, the meeting moved again, the resident unsubscribed."""
    return _settle(delivery_id, token, "suppressed", reason)


def expired(delivery_id: UUID, token: UUID, *, reason: str) -> bool:
    return _settle(delivery_id, token, "expired", reason)


def failed(delivery_id: UUID, token: UUID, *, reason: str) -> bool:
    return _settle(delivery_id, token, "failed", reason)


def uncertain(delivery_id: UUID, token: UUID, *, before: str) -> bool:
    """Nobody knows whether it was taken. before: the reason of the attempt before; once it is repeated, then it stays."""
    if before == "uncertain":
        return _settle(delivery_id, token, "uncertain", "uncertain")
    return _again(delivery_id, token, reason="uncertain", pause=_with_jitter(_FIRST_PAUSE))


def again_later(delivery_id: UUID, token: UUID, *, reason: str, attempts: int) -> bool:
    """A failure that may pass: later and later, never all at the same moment, and not for ever.

    Where the channel takes nobody's letters, giving up would be for a fault that is not the message's: it goes on.
    """
    if attempts >= MOST_ATTEMPTS:
        if not health.is_known_to_fail():
            return _settle(delivery_id, token, "failed", reason)
        return given_back(delivery_id, token, reason=reason, pause=pause_after(attempts))
    return _again(delivery_id, token, reason=reason, pause=pause_after(attempts))


def given_back(delivery_id: UUID, token: UUID, *, reason: str = "", pause: float = 0) -> bool:
    """Nothing was wrong with this message: due again as before, and the attempt is not counted. pause: seconds."""
    return _write(_GIVE_BACK, {"id": delivery_id, "token": token, "reason": reason, "pause": pause})


def deferred(delivery_id: UUID, token: UUID, *, until: dt.datetime, reason: str) -> bool:
    """Not begun after all, for a reason that ends at a known instant; expired where that is too late."""
    return _again(delivery_id, token, reason=reason, until=until, not_counted=1)


def try_composing_again() -> None:
    """At once, whatever could not be composed: this process may have the keys, the files or the code for it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE outreach_delivery SET due_at = now()"
            " WHERE state = 'due' AND reason LIKE 'composing%' AND due_at > now()"
        )


def pause_after(attempts: int) -> float:
    """Seconds: doubling, with jitter of a half either way."""
    return _with_jitter(min(_FIRST_PAUSE * 2 ** min(attempts - 1, 10), _LONGEST_PAUSE))


def _with_jitter(seconds: float) -> float:
    return seconds * random.uniform(0.5, 1.5)  # noqa: S311 - spreads load, keeps no secret


def _settle(delivery_id: UUID, token: UUID, state: str, reason: str, provider_id: str = "") -> bool:
    values = {"id": delivery_id, "token": token, "state": state, "reason": reason, "provider_id": provider_id}
    return _write(_SETTLE, values)


def _again(
    delivery_id: UUID,
    token: UUID,
    *,
    reason: str,
    pause: float = 0,
    until: dt.datetime | None = None,
    not_counted: int = 0,
) -> bool:
    values = {"id": delivery_id, "token": token, "reason": reason, "pause": pause, "until": until}
    return _write(_AGAIN, values | {"not_counted": not_counted})


def _write(statement: str, values: dict[str, Any]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount == 1
