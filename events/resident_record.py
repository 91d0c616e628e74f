"""What is kept about a resident, shown to them and erased by them, by the links they hold and nothing else."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from engage.activity_recording import record
from engage.contact_keeping import address_of, block, find_event_contact, normalised
from engage.day_sketch import within_the_day
from engage.erasure_list import write_down_erased
from engage.letter_asking import ask_for_letter
from engage.models import Channel, Contact, ContactRead, Contribution, Destruction, LetterAsk
from engage.record_forgetting import forget_acts_about
from engage.resident_links import Purpose
from engage.retention import erase_contacts
from engage.rule_violation import Unknown
from engage.said_words import body_of
from events import seats
from events.access_asking import detail_of
from events.guest_names import name_of
from events.leaving import give_back, leave, stop_letters, stop_messages
from events.link_reading import Access, prove_by, rsvp_behind
from events.models import AccessRequest, CheckIn, Event, Rsvp, RsvpStatus
from events.needs_forgetting import forget_needs
from events.waitlisting import position_of, promote

__all__ = [
    "Access",
    "erase",
    "erase_places",
    "not_me",
    "prove_by",
    "resend_links",
    "rsvp_behind",
    "send_links",
    "what_we_hold",
    "words_behind",
]

# Anybody may type anybody's address into "send me my link again".
_LINKS_A_DAY: Final = 2


def what_we_hold(access: Access) -> dict[str, Any]:
    """Everything kept about whoever holds the link, in clear: ``{rsvps: [...], contacts: [...], ...}``.

    A screen link shows what its own form typed; a mailed one all places of the address, its questions, and who was
    shown it. Changes nothing.
    """
    places = list(_reached(access).order_by("created_at", "pk"))
    contacts = {
        contact.pk: contact
        for place in places
        for contact in (place.email_contact, place.phone_contact)
        if contact is not None
    }
    held: dict[str, Any] = {
        "rsvps": [_said_of(place) for place in places],
        "contacts": [
            {"channel": contact.channel, "address": _as_anyone_spells_it(contact)}
            for contact in contacts.values()
        ],
        "reads": _reads(access, places),
        "erase_after": access.rsvp.erase_after,
        "questions": [],
    }
    if access.reaches_the_contact:
        signed = Contribution.objects.filter(contact__in=contacts).order_by("said_on", "pk")
        held["questions"] = [
            {"kind": said.kind, "body": body_of(said), "said_on": said.said_on, "status": said.moderation}
            for said in signed
        ]
    return held


@transaction.atomic
def erase(access: Access, *, now: dt.datetime) -> int:
    """Delete what the link reaches: one place by a screen link, all of the address by a mailed one.

    Seats go back unless the event's totals are frozen; those who wait move up. The address goes with its last place.
    Nothing more is sent. An arrival stays as a number. The record loses what these places did, and keeps that
    somebody was erased on that day. Returns how many places were erased; the link is dead.
    """
    event = seats.locked(access.rsvp.event_id)
    places = list(_reached(access).select_for_update(no_key=True, of=("self",)).order_by("pk"))
    if not places:
        raise Unknown
    write_down_erased("events_rsvp", [place.pk for place in places], now=now)
    erase_places(event, places, now=now)
    return len(places)


def erase_places(event: Event, places: list[Rsvp], *, now: dt.datetime, is_listed: bool = False) -> None:
    """These places, locked like their event, and every address that had no other. is_listed: see ``erase_contacts``."""
    ids = [place.pk for place in places]
    if event.totals_frozen_at is None:
        for place in places:
            give_back(event, place)
    contact_ids = {
        pk for place in places for pk in (place.email_contact_id, place.phone_contact_id) if pk is not None
    }
    stop_messages(ids, now=now)
    CheckIn.objects.filter(rsvp__in=ids).update(rsvp=None)
    needs = forget_needs(AccessRequest.objects.filter(rsvp__in=ids))
    Rsvp.objects.filter(pk__in=ids).delete()
    shared = Rsvp.objects.filter(Q(email_contact__in=contact_ids) | Q(phone_contact__in=contact_ids))
    for pair in shared.values_list("email_contact_id", "phone_contact_id"):
        contact_ids.difference_update(pair)
    erase_contacts(sorted(contact_ids), now=now, is_listed=is_listed)
    Destruction.objects.create(
        agency_id=event.agency_id,
        on=now.date(),
        cause="erasure",
        counts={"rsvp": len(ids), "accessrequest": needs},
    )
    forget_acts_about(ids)
    promote(event, now=now)


@transaction.atomic
def not_me(access: Access, *, now: dt.datetime) -> None:
    """Whoever reads this address never asked for a place: cancel all of its places, and write to it no more for a year.

    By a mailed link only, and proves nothing. A second click changes nothing. Raises Unknown.
    """
    contact = access.rsvp.email_contact
    if access.purpose is not Purpose.RSVP_MAIL or contact is None:
        raise Unknown
    event = seats.locked(access.rsvp.event_id)
    places = list(
        _reached(access)
        .select_for_update(no_key=True, of=("self",))
        .exclude(status=RsvpStatus.CANCELLED)
        .order_by("pk")
    )
    if event.status in seats.OPEN:
        for place in places:
            was = place.status
            leave(event, place, now=now)
            data = {"was": was, "by": "not_me"}
            record("rsvp.cancelled", place, data=data, at=now, born_announced=True)
    stop_letters([contact.pk], now=now)
    block(address_of(contact), now=now)
    # The day alone: the block's row, which every event's "not me" shares, must be found by no hour.
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    Contact.objects.filter(pk=contact.pk, unreachable_since=None).update(unreachable_since=today)
    promote(event, now=now)


def resend_links(event: Event, email: str, *, now: dt.datetime) -> None:
    """Ask for the links of this address's places, to be sent to the address itself. Says nothing, not even by its time:
    whether there is a place is found out later, by the worker (``send_links``).

    Raises Invalid for what is no address.
    """
    normalised(Channel.EMAIL, email)
    ask_for_letter(LetterAsk.Letter.LINK_AGAIN, email, agency_id=event.agency_id, event_id=event.pk, now=now)


def send_links(*, agency_id: UUID, event_id: UUID, email: str, now: dt.datetime) -> None:
    """Send the links of this address's places to the address itself, if it has any; else nothing happens.

    At most twice in 24 hours, silently: the form must be no way to fill a stranger's mailbox. Must run inside a
    transaction. Raises Invalid for what is no address.
    """
    contact = find_event_contact(agency_id=agency_id, event_id=event_id, channel="email", address=email)
    if contact is None or contact.unreachable_since is not None:
        return
    place = (
        Rsvp.objects.filter(event=event_id, email_contact=contact)
        .exclude(status=RsvpStatus.CANCELLED)
        .order_by("-created_at", "-pk")
        .first()
    )
    if place is not None and within_the_day("resend", str(contact.pk), limit=_LINKS_A_DAY, now=now):
        record("rsvp.link_asked", place, at=now)


def _reached(access: Access) -> QuerySet[Rsvp]:
    places = Rsvp.objects.select_related("email_contact", "phone_contact")
    if access.reaches_the_contact and access.rsvp.email_contact_id is not None:
        return places.filter(event_id=access.rsvp.event_id, email_contact_id=access.rsvp.email_contact_id)
    return places.filter(pk=access.rsvp.pk)


def _as_anyone_spells_it(contact: Contact) -> str:
    # The row keeps the spelling of whoever typed the address first, which may have been somebody else.
    return normalised(contact.channel, address_of(contact))


def _said_of(place: Rsvp) -> dict[str, Any]:
    arrived = CheckIn.objects.filter(rsvp=place, undone_at=None).first()
    return {
        "id": str(place.pk),
        "name": name_of(place),
        "status": place.status,
        "waitlist_position": position_of(place),
        "party_size": place.party_size,
        "language": place.language,
        "remind": place.remind,
        "source": place.source,
        "checkin_code": place.checkin_code,
        "created_at": place.created_at,
        "checked_in_at": arrived.at if arrived else None,
        "access_requests": [
            {
                "kind": need.kind,
                "language": need.language,
                "detail": detail_of(need),
                "status": need.status,
                "outcome": need.outcome,
            }
            for need in AccessRequest.objects.filter(rsvp=place).order_by("pk")
        ],
    }


def _reads(access: Access, places: list[Rsvp]) -> list[dict[str, Any]]:
    """Each time somebody of the staff was shown this contact, or a list with this place in it.

    A door's list stays open on its screen, and shows who saves a place later, too.
    """
    mine = Q(rsvp_id__in=[place.pk for place in places])
    since = min(place.created_at for place in places)
    lists = Q(what=ContactRead.What.LIST, at__gte=since) | Q(what=ContactRead.What.DOOR)
    lists &= Q(event_id=access.rsvp.event_id)
    reads = (
        ContactRead.objects.filter(mine | lists, agency_id=access.rsvp.agency_id)
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


def words_behind(access: Access, need: AccessRequest) -> str:
    """What somebody typed beside a need of the place whose link they hold. Raises Unknown for any other."""
    if need.rsvp_id != access.rsvp.pk:
        raise Unknown
    return detail_of(need)
