"""What is kept about a resident, shown to them and erased by them, by the links they hold and nothing else."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from engage.activity.recording import record
from engage.contacts.addresses import address_of, normalised
from engage.contacts.asking_for_letters import ask_for_letter
from engage.contacts.keeping import find_event_contact
from engage.contacts.links import Purpose
from engage.contacts.models import Channel, Contact, LetterAsk
from engage.contacts.reaching import give_up_on
from engage.contacts.unproven import block, is_blocked
from engage.counting.day_sketch import within_the_day
from engage.listening.models import Contribution
from engage.listening.words import body_of
from engage.readings.models import ContactRead
from engage.refusals import Unknown
from events.event.locking import locked
from events.event.models import OPEN, Event
from events.rsvps.leaving import leave, stop_letters
from events.rsvps.links import Reach, reached
from events.rsvps.models import CheckIn, Rsvp, RsvpStatus
from events.rsvps.needs.asking import detail_of
from events.rsvps.needs.models import AccessRequest
from events.rsvps.readdressing import changed_on
from events.rsvps.tickets import name_of
from events.rsvps.waitlisting import position_of, promote

# Anybody may type anybody's address into "send me my link again".
_LINKS_A_DAY: Final = 2


def what_we_hold(reach: Reach) -> dict[str, Any]:
    """Everything kept about whoever holds the link, in clear: ``{rsvps: [...], contacts: [...], ...}``.

    A screen link shows what its own form typed; a mailed one all RSVPs of the address, its questions, and who was
    shown it. Changes nothing.
    """
    rsvps = list(reached(reach).order_by("created_at", "pk"))
    contacts = {
        contact.pk: contact
        for rsvp in rsvps
        for contact in (rsvp.email_contact, rsvp.phone_contact)
        if contact is not None
    }
    held: dict[str, Any] = {
        "rsvps": [_told_of(rsvp) for rsvp in rsvps],
        "contacts": [
            {"channel": contact.channel, "address": _as_anyone_spells_it(contact)}
            for contact in contacts.values()
        ],
        "reads": _reads(reach, rsvps),
        "erase_after": reach.rsvp.erase_after,
        "questions": [],
    }
    if reach.reaches_the_contact:
        signed = Contribution.objects.filter(contact__in=contacts).order_by("said_on", "pk")
        held["questions"] = [
            {
                "kind": contribution.kind,
                "body": body_of(contribution),
                "said_on": contribution.said_on,
                "status": contribution.moderation,
            }
            for contribution in signed
        ]
    return held


@transaction.atomic
def not_me(reach: Reach, *, now: dt.datetime) -> None:
    """Whoever reads this address never asked for an RSVP: cancel all of its RSVPs, and write to it no more for a year.

    By a mailed link only, and proves nothing. A second click changes nothing. Raises Unknown.
    """
    contact = reach.rsvp.email_contact
    if reach.purpose is not Purpose.RSVP_MAIL or contact is None:
        raise Unknown
    event = locked(reach.rsvp.event_id)
    rsvps = list(
        reached(reach)
        .select_for_update(no_key=True, of=("self",))
        .exclude(status=RsvpStatus.CANCELLED)
        .order_by("pk")
    )
    if event.status in OPEN:
        for rsvp in rsvps:
            was = rsvp.status
            leave(event, rsvp, now=now)
            data = {"was": was, "by": "not_me"}
            record("rsvp.cancelled", rsvp, data=data, at=now, born_announced=True)
    stop_letters([contact.pk], now=now)
    block(address_of(contact), now=now)
    # The day alone: the block's row, which every event's "not me" shares, must be found by no hour.
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    give_up_on(contact.pk, since=today)
    promote(event, now=now)


def resend_links(event: Event, email: str, *, now: dt.datetime) -> None:
    """Ask for the links of this address's RSVPs, to be sent to the address itself. Says nothing, not even by its time:
    whether there is an RSVP is found out later, by the worker (``send_links``).

    Raises Invalid for what is no address.
    """
    normalised(Channel.EMAIL, email)
    ask_for_letter(LetterAsk.Letter.LINK_AGAIN, email, agency_id=event.agency_id, event_id=event.pk, now=now)


def send_links(*, agency_id: UUID, event_id: UUID, email: str, now: dt.datetime) -> None:
    """Send the links of this address's RSVPs to the address itself, if it has any; else nothing happens.

    At most twice in 24 hours, silently: the form must be no way to fill a stranger's mailbox. Must run inside a
    transaction. Raises Invalid for what is no address.
    """
    contact = find_event_contact(agency_id=agency_id, event_id=event_id, channel="email", address=email)
    if contact is None or contact.unreachable_since is not None:
        return
    rsvp = (
        Rsvp.objects.filter(event=event_id, email_contact=contact)
        .exclude(status=RsvpStatus.CANCELLED)
        .order_by("-created_at", "-pk")
        .first()
    )
    if rsvp is not None and within_the_day("resend", str(contact.pk), limit=_LINKS_A_DAY, now=now):
        record("rsvp.link_asked", rsvp, at=now)


def written_to(rsvp: Rsvp) -> str:
    """The address that its letters go to, empty for none."""
    return _as_anyone_spells_it(rsvp.email_contact) if rsvp.email_contact is not None else ""


def came_back_on(reach: Reach, *, now: dt.datetime) -> dt.datetime | None:
    """Since when nothing is written to the address, because a letter came back; None where letters go.

    Told by a mailed link alone. A form may have been anybody's, and would show what an address did before; also by its
    silence, where no letter went that could have come back.
    """
    contact = reach.rsvp.email_contact
    if contact is None or contact.unreachable_since is None or not reach.reaches_the_contact:
        return None
    # "Not me" ends letters too, and nothing came back then.
    if is_blocked(address_of(contact), now=now, channel=contact.channel):
        return None
    return contact.unreachable_since


def _as_anyone_spells_it(contact: Contact) -> str:
    # The row keeps the spelling of whoever typed the address first, which may have been somebody else.
    return normalised(contact.channel, address_of(contact))


def _told_of(rsvp: Rsvp) -> dict[str, Any]:
    arrived = CheckIn.objects.filter(rsvp=rsvp, undone_at=None).first()
    return {
        "id": str(rsvp.pk),
        "name": name_of(rsvp),
        "status": rsvp.status,
        "waitlist_position": position_of(rsvp),
        "party_size": rsvp.party_size,
        "language": rsvp.language,
        "remind": rsvp.remind,
        "source": rsvp.source,
        "checkin_code": rsvp.checkin_code,
        "created_at": rsvp.created_at,
        "checked_in_at": arrived.at if arrived else None,
        "address_changed_at": changed_on(rsvp),
        "access_requests": [
            {
                "kind": need.kind,
                "language": need.language,
                "detail": detail_of(need),
                "status": need.status,
                "outcome": need.outcome,
            }
            for need in AccessRequest.objects.filter(rsvp=rsvp).order_by("pk")
        ],
    }


def _reads(reach: Reach, rsvps: list[Rsvp]) -> list[dict[str, Any]]:
    """Each time somebody of the staff was shown this contact, or a list with this RSVP in it.

    A door's list stays open on its screen, and shows who saves an RSVP later, too.
    """
    mine = Q(rsvp_id__in=[rsvp.pk for rsvp in rsvps])
    since = min(rsvp.created_at for rsvp in rsvps)
    lists = Q(what=ContactRead.What.LIST, at__gte=since) | Q(what=ContactRead.What.DOOR)
    lists &= Q(event_id=reach.rsvp.event_id)
    reads = (
        ContactRead.objects.filter(mine | lists, agency_id=reach.rsvp.agency_id)
        .select_related("reader")
        .order_by("at", "pk")
    )
    return [
        {
            "at": read.at,
            "reader": str(read.reader),
            "what": read.what,
            "purpose": read.purpose,
            "granted_alone": read.granted_alone,
        }
        for read in reads
    ]


def words_behind(reach: Reach, need: AccessRequest) -> str:
    """What somebody typed beside a need of the RSVP whose link they hold. Raises Unknown for any other."""
    if need.rsvp_id != reach.rsvp.pk:
        raise Unknown
    return detail_of(need)
