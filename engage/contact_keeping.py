"""Keeping an address: sealed, found again by a keyed fingerprint, for one event or one subscription and no other."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable
from uuid import UUID

from engage.addresses import FIELD_OF_CHANNEL, SEALED_IN, address_of, fingerprint_for, normalised
from engage.models import Agency, Contact, uuid7_of_this_second
from engage.sealing import seal
from engage.unproven_addresses import block, cancellation_may_go, confirmation_may_go, is_blocked

# Everything about a contact is had from here.
__all__ = [
    "FIELD_OF_CHANNEL",
    "address_of",
    "before_contacts_go",
    "block",
    "cancellation_may_go",
    "confirmation_may_go",
    "contribution_contact",
    "event_contact",
    "find_event_contact",
    "fingerprint_for",
    "is_blocked",
    "normalised",
    "prove",
    "subscription_contact",
]

# What upper layers do before contacts are deleted: count and suppress their messages, say. Each is called with the
# ids and the time, inside the transaction that deletes. Filled when the apps start.
before_contacts_go: list[Callable[[list[UUID], dt.datetime], None]] = []

# An address that is there already weighs as much as a new one: without the message in the log of writes, its statement
# would have nothing to commit, and the answer would come sooner. A row that another session has inserted but not committed is waited for; then neither half sees it, and the
# statement runs once more.
_INSERT_OR_FIND = """
    WITH made AS (
        INSERT INTO engage_contact (id, agency_id, channel, scope, scope_id, sealed_address, fingerprint, language,
            consented_at, calendar_bumps, calendar_state, confirmation_withheld, link_version, erase_after)
        VALUES (%(id)s, %(agency)s, %(channel)s, %(scope)s, %(scope_id)s, %(sealed)s, %(mark)s, %(language)s,
            %(now)s, 0, 'none', false, 1, %(erase_after)s)
        ON CONFLICT (agency_id, fingerprint) DO NOTHING
        RETURNING *
    )
    SELECT * FROM made
    UNION ALL
    SELECT * FROM engage_contact WHERE agency_id = %(agency)s AND fingerprint = %(mark)s
       AND pg_logical_emit_message(true, 'engage', repeat('-', 1000)) IS NOT NULL
"""


def event_contact(
    *,
    agency: Agency,
    event_id: UUID,
    channel: str,
    address: str,
    language: str,
    now: dt.datetime,
    erase_after: dt.datetime | None,
) -> Contact:
    """The one row of this address for this event; a second RSVP of a family finds the first one's.

    Safe in a transaction or outside of one. Raises Invalid where the address has no syntax.
    """
    scope = Contact.Scope.EVENT
    return _kept(agency, scope, event_id, channel, address, language, now=now, erase_after=erase_after)


def subscription_contact(
    *,
    agency: Agency,
    subscription_id: UUID,
    channel: str,
    address: str,
    language: str,
    now: dt.datetime,
    erase_after: dt.datetime | None = None,
) -> Contact:
    """The row of this address for one subscription. erase_after: None while a confirmed subscription stands."""
    scope = Contact.Scope.SUBSCRIPTION
    return _kept(agency, scope, subscription_id, channel, address, language, now=now, erase_after=erase_after)


def contribution_contact(
    *,
    agency: Agency,
    target_id: UUID,
    channel: str,
    address: str,
    language: str,
    now: dt.datetime,
    erase_after: dt.datetime | None,
) -> Contact:
    """The row of somebody who asked under an address, in one dialogue or of one agency (at an event: the event's)."""
    scope = Contact.Scope.CONTRIBUTION
    return _kept(agency, scope, target_id, channel, address, language, now=now, erase_after=erase_after)


def find_event_contact(*, agency_id: UUID, event_id: UUID, channel: str, address: str) -> Contact | None:
    """The contact of this address for this event, if there is one. Raises Invalid."""
    mark = fingerprint_for(
        agency_id=agency_id, scope=Contact.Scope.EVENT, scope_id=event_id, channel=channel, address=address
    )
    return Contact.objects.filter(agency_id=agency_id, fingerprint=mark).first()


def prove(contact_id: UUID, *, now: dt.datetime) -> None:
    """Somebody has POSTed with a link that was only ever sent to this address."""
    Contact.objects.filter(pk=contact_id, proven_on=None).update(proven_on=now.date())


def _kept(
    agency: Agency,
    scope: str,
    scope_id: UUID,
    channel: str,
    address: str,
    language: str,
    *,
    now: dt.datetime,
    erase_after: dt.datetime | None,
) -> Contact:
    mark = fingerprint_for(
        agency_id=agency.pk, scope=scope, scope_id=scope_id, channel=channel, address=address
    )
    # Beside it, a moment before, somebody may have asked without a name: neither its id nor its time tells when.
    row = uuid7_of_this_second()
    typed = unicodedata.normalize("NFKC", address).strip()
    values = {
        "id": row,
        "agency": agency.pk,
        "channel": str(channel),
        "scope": str(scope),
        "scope_id": scope_id,
        "sealed": seal(typed, row=row, agency=agency.pk, **SEALED_IN),
        "mark": mark,
        "language": language,
        "now": now.replace(microsecond=0),
        "erase_after": erase_after,
    }
    while True:
        for contact in Contact.objects.raw(_INSERT_OR_FIND, values):
            return contact
