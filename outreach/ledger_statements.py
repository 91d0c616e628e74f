"""The one way rows get into the ledger by SQL: what a fan-out selects, and the columns it fills."""

from __future__ import annotations

from typing import Final

# A UUIDv7 as engage.models.uuid7 makes it; PostgreSQL has its own only from 18 on.
NEW_ID: Final = """encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing
    substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6), 52, 1), 53, 1),
    'hex')::uuid"""

# Followed by a SELECT of: agency, occasion, kind, contact, invitation, event, subject, schedule version, lane,
# due at, expires at, state, reason. The id comes first.
INSERT: Final = """
INSERT INTO outreach_delivery (id, agency_id, occasion, kind, contact_id, invitation_id, event_id, subject_id,
    schedule_version, lane, due_at, expires_at, state, reason, settled_at, channel, attempts, provider_id, created_at)
"""
# The columns that are the same for every new row; ``settled_at`` follows the state.
SETTLED_AND_REST: Final = "'email', 0, '', now()"

# Nothing came back from the address.
IS_REACHED: Final = "c.unreachable_since IS NULL"
# The address heard of the event at all, and does not come back.
HEARS_FROM_US: Final = "c.unreachable_since IS NULL AND NOT (c.confirmation_withheld AND c.proven_on IS NULL)"
