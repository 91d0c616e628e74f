"""The one way rows get into the ledger by SQL: what a fan-out selects, and the columns it fills."""

from __future__ import annotations

from typing import Final

# A UUIDv7 as engage.database.ids.uuid7 makes it; PostgreSQL has its own only from 18 on.
NEW_ID: Final = """encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing
    substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6), 52, 1), 53, 1),
    'hex')::uuid"""

# Followed by a SELECT of: agency, occasion, kind, contact, invitation, event, subject, schedule version, lane,
# due at, expires at, state, reason, settled at, places. The id comes first.
INSERT: Final = """
INSERT INTO outreach_delivery (id, agency_id, occasion, kind, contact_id, invitation_id, event_id, subject_id,
    schedule_version, lane, due_at, expires_at, state, reason, settled_at, places, channel, attempts, provider_id, created_at)
"""
# The columns that are the same for every new row.
REST: Final = "'email', 0, '', now()"

_NEVER_HEARD: Final = "c.confirmation_withheld AND c.proven_on IS NULL"
# The address heard of the event at all, and does not come back.
HEARS_FROM_US: Final = f"c.unreachable_since IS NULL AND NOT ({_NEVER_HEARD})"

# Why no letter goes, '' where one does. What the agency's letters are counted by is planned for every address alike:
# without a row for those that hear nothing, a count would say which these are.
KEPT_FROM_IT: Final = "CASE WHEN c.unreachable_since IS NOT NULL THEN 'unreachable' ELSE '' END"
KEPT_FROM_ALL: Final = f"""CASE WHEN c.unreachable_since IS NOT NULL THEN 'unreachable'
            WHEN {_NEVER_HEARD} THEN 'unproven' ELSE '' END"""
KEPT_FROM_NEWS: Final = f"""CASE WHEN c.unreachable_since IS NOT NULL THEN 'unreachable'
            WHEN {_NEVER_HEARD} THEN 'unproven' WHEN c.stopped_on IS NOT NULL THEN 'unsubscribed' ELSE '' END"""


def state_unless(why: str) -> str:
    """State, reason and settled at of a new row. why: SQL of a reason for which it is never sent, '' where it is due."""
    return f"""CASE WHEN ({why}) = '' THEN 'due' ELSE 'suppressed' END,
       {why},
       CASE WHEN ({why}) <> '' THEN now() END"""
