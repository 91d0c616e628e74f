"""Keeping an address: sealed, found again by a keyed fingerprint, for one event or one subscription and no other."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable
from uuid import UUID

from engage.agencies.models import Agency
from engage.contacts.addresses import SEALED_IN, fingerprint_for
from engage.contacts.models import Contact
from engage.database.ids import uuid7_of_this_second
from engage.sealing.seals import seal

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


def keep_contact(
    *,
    agency: Agency,
    scope: str,
    scope_id: UUID,
    channel: str,
    address: str,
    language: str,
    now: dt.datetime,
    erase_after: dt.datetime | None,
) -> Contact:
    """The one row of this address in this scope: a second RSVP of a family at an event finds the first one's.

    scope_id: of the event, of what is subscribed to, or of the dialogue or agency that was asked (at an event: the
    event's). erase_after: None while a confirmed subscription stands. Safe in a transaction or outside of one. Raises
    Invalid where the address has no syntax.
    """
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


def find_event_contact(*, agency_id: UUID, event_id: UUID, channel: str, address: str) -> Contact | None:
    """The contact of this address for this event, if there is one. Raises Invalid."""
    mark = fingerprint_for(
        agency_id=agency_id, scope=Contact.Scope.EVENT, scope_id=event_id, channel=channel, address=address
    )
    return Contact.objects.filter(agency_id=agency_id, fingerprint=mark).first()


def prove(contact_id: UUID, *, now: dt.datetime) -> None:
    """Somebody has POSTed with a link that was only ever sent to this address."""
    Contact.objects.filter(pk=contact_id, proven_on=None).update(proven_on=now.date())


def want_news_again(contact_id: UUID) -> None:
    """Whoever reads this address had stopped reminders and summaries by one click, and asks for them again."""
    Contact.objects.filter(pk=contact_id).exclude(stopped_on=None).update(stopped_on=None)
