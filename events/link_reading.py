"""What a resident's link reaches: one place, and by which kind of link, which decides how far it goes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from engage.contact_keeping import prove
from engage.resident_links import Purpose, row_of
from engage.rule_violation import Unknown
from events.models import Rsvp

# Only ever sent to the address: whoever acts by one reads that mailbox.
MAILED: Final = frozenset({Purpose.RSVP_MAIL, Purpose.ACCEPT, Purpose.REPLY})
MANAGING: Final = frozenset({Purpose.RSVP_SCREEN, Purpose.RSVP_MAIL})


@dataclass(frozen=True, slots=True)
class Access:
    """A place, with its event and agency, and the purpose of the link that led to it."""

    rsvp: Rsvp
    purpose: Purpose

    @property
    def reaches_the_contact(self) -> bool:
        """Whether the link speaks for the address, and so for all its places, or for what one form typed."""
        return self.purpose is Purpose.RSVP_MAIL


def rsvp_behind(token: str, purposes: Iterable[Purpose] = MANAGING, *, now: dt.datetime) -> Access:
    """The place behind a link of one of ``purposes``; the version in all of them is the RSVP's ``link_version``.

    One query; changes nothing. Raises Unknown, the same for every failure.
    """
    found: list[Rsvp] = []

    def version_of(row: UUID) -> int | None:
        place = Rsvp.objects.select_related("event__agency", "email_contact").filter(pk=row).first()
        if place is None:
            return None
        found.append(place)
        return place.link_version

    _row, purpose = row_of(token, purposes, version_of)
    if not found or _too_old(found[0], now):
        raise Unknown
    return Access(found[0], purpose)


def prove_by(access: Access | None, *, now: dt.datetime) -> None:
    """An act by a link that was only ever mailed proves the address. "Not me" is no such act."""
    if access is None or access.purpose not in MAILED:
        return
    contact = access.rsvp.email_contact
    if contact is not None and contact.proven_on is None:
        prove(contact.pk, now=now)


def _too_old(place: Rsvp, now: dt.datetime) -> bool:
    # What the purge should have taken by now is gone, whether or not it has run.
    return place.erase_after is not None and place.erase_after <= now
