"""What a resident's link reaches: one RSVP, and by which kind of link, which decides how far it goes.

Links are ended by a resident, who then gets a new one by mail or on the screen, and by whoever runs the site.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet

from engage.activity.recording import record
from engage.contacts.keeping import prove, want_news_again
from engage.contacts.links import Purpose, mint, row_of
from engage.contacts.models import Contact
from engage.contacts.reaching import write_again_to
from engage.refusals import Unknown
from events.rsvps.models import Rsvp
from events.rsvps.standing import with_arrivals

# Only ever sent to the address: whoever acts by one reads that mailbox.
MAILED: Final = frozenset({Purpose.RSVP_MAIL, Purpose.ACCEPT})
MANAGING: Final = frozenset({Purpose.RSVP_SCREEN, Purpose.RSVP_MAIL})


@dataclass(frozen=True, slots=True)
class Reach:
    """An RSVP, with its event, agency and venue, and the purpose of the link that led to it. came: it was let in."""

    rsvp: Rsvp
    purpose: Purpose
    came: bool = False

    @property
    def reaches_the_contact(self) -> bool:
        """Whether the link speaks for the address, and so for all its RSVPs, or for what one form typed."""
        return self.purpose is Purpose.RSVP_MAIL


def rsvp_behind(token: str, purposes: Iterable[Purpose] = MANAGING, *, now: dt.datetime) -> Reach:
    """The RSVP behind a link of one of ``purposes``; the version in all of them is the RSVP's ``link_version``.

    One query; changes nothing. Raises Unknown, the same for every failure.
    """
    found: list[Rsvp] = []

    def version_of(row: UUID) -> int | None:
        rsvps = Rsvp.objects.select_related("event__agency", "event__venue", "email_contact")
        rsvp = with_arrivals(rsvps).filter(pk=row).first()
        if rsvp is None:
            return None
        found.append(rsvp)
        return rsvp.link_version

    _row, purpose = row_of(token, purposes, version_of)
    if not found or _too_old(found[0], now):
        raise Unknown
    return Reach(found[0], purpose, came=bool(getattr(found[0], "came", False)))


def reached(reach: Reach) -> QuerySet[Rsvp]:
    """The one RSVP of a link of the screen; by a mailed one all of its address's at the meeting."""
    rsvps = Rsvp.objects.select_related("email_contact", "phone_contact")
    if reach.reaches_the_contact and reach.rsvp.email_contact_id is not None:
        return rsvps.filter(event_id=reach.rsvp.event_id, email_contact_id=reach.rsvp.email_contact_id)
    return rsvps.filter(pk=reach.rsvp.pk)


def prove_by(reach: Reach | None, *, now: dt.datetime) -> None:
    """An act by a link that was only ever mailed proves the address, and that it is read. "Not me" is no such act."""
    if reach is None or reach.purpose not in MAILED:
        return
    contact = reach.rsvp.email_contact
    if contact is not None and contact.proven_on is None:
        prove(contact.pk, now=now)
    if contact is not None and contact.unreachable_since is not None:
        write_again_to([contact.pk])


@transaction.atomic
def ask_for_letters(reach: Reach, *, now: dt.datetime) -> None:
    """Whoever reads this address has it written to again. Raises Unknown by a link that was not mailed to it."""
    if not reach.reaches_the_contact:
        raise Unknown
    prove_by(reach, now=now)


def hear_again_by(reach: Reach | None) -> None:
    """Reminders that were stopped by one click go again, where the address itself asks; a form may have been anybody's."""
    if reach is not None and reach.purpose in MAILED and reach.rsvp.email_contact_id is not None:
        want_news_again(reach.rsvp.email_contact_id)


def _too_old(rsvp: Rsvp, now: dt.datetime) -> bool:
    # What the purge should have taken by now is gone, whether or not it has run.
    return rsvp.erase_after is not None and rsvp.erase_after <= now


@transaction.atomic
def make_link_new(reach: Reach, *, now: dt.datetime) -> str | None:
    """From now on the links of this RSVP open nothing, calendar and offers included.

    Where the RSVP has an address, the new link goes there and nowhere else, so that whoever holds an old one gets
    nothing by this, also where no letter reaches that address: else the screen would say so. A mailed link ends all
    links of the address's RSVPs at the meeting. Without an address: the token of the new link, for the screen.

    A link of the screen speaks for one form only, whose address may be somebody else's: it ends nothing else of that
    address's, and has it written to twice in 24 hours at the most (``outreach.announcing.audience``, so that the time of this answer
    tells nothing of it). Then the old link ends all the same, and silently: "send me my link again" is there.
    """
    rsvp = reach.rsvp
    end_links(reached(reach), with_addresses=reach.reaches_the_contact)
    rsvp.refresh_from_db(fields=["link_version"])
    if rsvp.email_contact_id is None:
        return mint(Purpose.RSVP_SCREEN, rsvp.pk, rsvp.link_version)
    record("rsvp.link_asked", rsvp, data={"by": str(reach.purpose)}, at=now)
    return None


@transaction.atomic
def end_links(rsvps: Any, *, with_addresses: bool = True) -> tuple[int, int]:
    """Every link of these RSVPs, and of the addresses behind them: how many RSVPs, how many addresses. Once each."""
    ids = list(rsvps.order_by("pk").values_list("pk", flat=True))
    whose = Q(rsvps_by_email__in=ids) | Q(rsvps_by_phone__in=ids)
    theirs = Contact.objects.filter(whose) if with_addresses else Contact.objects.none()
    contacts = list(theirs.order_by("pk").distinct().values_list("pk", flat=True))
    Contact.objects.filter(pk__in=contacts).update(link_version=F("link_version") + 1)
    ended = Rsvp.objects.filter(pk__in=ids).update(link_version=F("link_version") + 1)
    return ended, len(contacts)
