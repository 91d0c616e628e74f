"""How much mail a stranger can cause at an address that is not theirs: next to none, and less with each try.

An address is proven once somebody has POSTed with a link that was only ever sent to it. Until then, acts by form or
screen link cause at most one confirmation an event and one cancellation after it; then, where somebody comes back after
giving a place back, another of each, and no more than three. And at most three confirmations in 24 hours, of all events. No
limit shows in an answer: mail is silently withheld, the place stands.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

from django.db.models import F

from engage.contacts.addresses import address_of, mailbox_of
from engage.contacts.models import BlockedAddress, Channel, Contact
from engage.counting.day_sketch import within_the_day
from engage.restoring.erasure_list import BLOCKED, write_down
from engage.sealing.seals import fingerprint

EVENTS_A_DAY: Final = 3
ROUNDS_AN_EVENT: Final = 3
_BLOCKED_FOR: Final = dt.timedelta(days=365)


def confirmation_may_go(contact: Contact, *, now: dt.datetime) -> bool:
    """Whether a confirmation caused by an act of an unproven address may go; the answer yes uses the turn up.

    Ask once for each act, not at each attempt to send. Where none has gone at all, ``confirmation_withheld`` says
    that the agency's own messages for the event stay away too.
    """
    address = address_of(contact)
    if is_blocked(address, now=now, channel=contact.channel):
        _withhold(contact)
        return False
    if contact.proven_on is not None:
        return True
    if contact.confirmation_allowed_at is not None and not _comes_back(contact):
        return False
    mailbox = mailbox_of(contact.channel, address)
    if not within_the_day("confirmations", contact.channel, mailbox, limit=EVENTS_A_DAY, now=now):
        _withhold(contact)
        return False
    turn = {"proven_on": None, "confirmation_allowed_at": contact.confirmation_allowed_at}
    mine = Contact.objects.filter(pk=contact.pk, **turn).update(
        confirmation_allowed_at=now,
        confirmation_withheld=False,
        cancellation_allowed_at=None,
        confirmation_rounds=F("confirmation_rounds") + 1,
    )
    if mine:
        contact.confirmation_allowed_at, contact.confirmation_withheld = now, False
        contact.cancellation_allowed_at = None
        contact.confirmation_rounds += 1
    return bool(mine)


def cancellation_may_go(contact: Contact, *, now: dt.datetime) -> bool:
    """Whether a cancellation caused by an act of an unproven address may go: one, and only after a confirmation."""
    if is_blocked(address_of(contact), now=now, channel=contact.channel):
        return False
    if contact.proven_on is not None:
        return True
    mine = Contact.objects.filter(
        pk=contact.pk, confirmation_allowed_at__isnull=False, cancellation_allowed_at=None
    ).update(cancellation_allowed_at=now)
    if mine:
        contact.cancellation_allowed_at = now
    return bool(mine)


def block(address: str, *, now: dt.datetime, channel: str = Channel.EMAIL) -> None:
    """Its owner said "not me": no mail for a year to this mailbox, however it is spelled, from any agency here."""
    mark = _mark(channel, address)
    write_down(BLOCKED, [mark], now=now)
    block_mark(mark, now=now)


def block_mark(mark: bytes, *, now: dt.datetime) -> None:
    """The same by its mark, as it stands on the list outside the database."""
    BlockedAddress.objects.bulk_create(
        [BlockedAddress(fingerprint=mark, until=(now + _BLOCKED_FOR).date())],
        update_conflicts=True,
        unique_fields=["fingerprint"],
        update_fields=["until"],
    )


def is_blocked(address: str, *, now: dt.datetime, channel: str = Channel.EMAIL) -> bool:
    return BlockedAddress.objects.filter(fingerprint=_mark(channel, address), until__gt=now.date()).exists()


def blocked_among(addresses: Iterable[str], *, now: dt.datetime, channel: str = Channel.EMAIL) -> set[str]:
    """Those of ``addresses`` whose owner wants no mail; one query for many."""
    marks = {_mark(channel, address): address for address in addresses}
    found = BlockedAddress.objects.filter(fingerprint__in=list(marks), until__gt=now.date()) if marks else ()
    return {marks[bytes(row.fingerprint)] for row in found}


def _comes_back(contact: Contact) -> bool:
    """The last that the address or its calendar heard was that a place is gone: without a word it would stay so."""
    is_gone = (
        contact.cancellation_allowed_at is not None
        or contact.calendar_state == Contact.CalendarState.CANCELLED
    )
    return is_gone and contact.confirmation_rounds < ROUNDS_AN_EVENT


def _withhold(contact: Contact) -> None:
    Contact.objects.filter(pk=contact.pk, confirmation_allowed_at=None).update(confirmation_withheld=True)
    if contact.confirmation_allowed_at is None:
        contact.confirmation_withheld = True


def _mark(channel: str, address: str) -> bytes:
    # Its own purpose: a blocked address shares no bytes with any contact.
    return fingerprint(str(channel), mailbox_of(channel, address), purpose="blocked")
