"""The RSVPs of an event as staff see them: without people by default, with names or one address on the record."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from engage.contacts.addresses import address_of, normalised
from engage.contacts.models import Contact
from engage.people.models import Person
from engage.readings.models import ContactRead
from engage.readings.recording import record_read
from engage.refusals import Unknown
from events.event.models import Event
from events.rsvps.models import CheckIn, Remind, Rsvp, RsvpStatus
from events.rsvps.needs.models import AccessRequest
from events.rsvps.tickets import name_of

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class RsvpPage:
    """One page, the first to ask first. names: opened, by RSVP, where they were asked for. next: None at the end."""

    rsvps: list[Rsvp]
    names: dict[UUID, str]
    next: UUID | None


@dataclass(frozen=True, slots=True)
class RsvpFigures:
    """Parties by status; people with an RSVP; and of their parties, how many hear by mail or want no message."""

    confirmed: int
    waitlisted: int
    offered: int
    cancelled: int
    by_mail: int
    no_messages: int


@dataclass(frozen=True, slots=True)
class Revealed:
    """What somebody gave with one RSVP."""

    name: str
    email: str
    phone: str


def list_rsvps(event: Event, *, status: str = "", after: UUID | None = None) -> RsvpPage:
    """status: an RsvpStatus, or "" for all. Each RSVP with ``needs`` (a number) and ``here``. One query."""
    found = _with_numbers(Rsvp.objects.filter(event=event))
    if status in RsvpStatus.values:
        found = found.filter(status=status)
    if after is not None:
        found = found.filter(pk__gt=after)
    # UUIDv7 are in order of arrival.
    rows = list(found.order_by("pk")[: PAGE + 1])
    return RsvpPage(rows[:PAGE], {}, rows[PAGE - 1].pk if len(rows) > PAGE else None)


@transaction.atomic
def list_rsvps_with_names(
    event: Event,
    *,
    reader: Person,
    purpose: str,
    status: str = "",
    after: UUID | None = None,
    now: dt.datetime,
) -> RsvpPage:
    """As ``list_rsvps``, with names, and on the record: each resident's page says who looked, and why.

    Each page is a reading of its own. Raises Invalid for a purpose that is not on the list, SecondPersonNeeded.
    """
    page = list_rsvps(event, status=status, after=after)
    record_read(
        reader,
        agency=event.agency,
        what=ContactRead.What.LIST,
        purpose=purpose,
        event_id=event.pk,
        shown=len(page.rsvps),
        now=now,
    )
    return RsvpPage(page.rsvps, {rsvp.pk: name_of(rsvp) for rsvp in page.rsvps}, page.next)


@transaction.atomic
def reveal_rsvp(rsvp: Rsvp, *, reader: Person, purpose: str, now: dt.datetime) -> Revealed:
    """One name and its addresses, on the record with reader and purpose.

    Raises Invalid for a purpose that is not on the list, SecondPersonNeeded.
    """
    contacts = [one for one in (rsvp.email_contact, rsvp.phone_contact) if one is not None]
    record_read(
        reader,
        agency=rsvp.event.agency,
        what=ContactRead.What.REVEAL,
        purpose=purpose,
        event_id=rsvp.event_id,
        rsvp_id=rsvp.pk,
        contact_ids=[one.pk for one in contacts],
        now=now,
    )
    return Revealed(name_of(rsvp), _address(rsvp.email_contact), _address(rsvp.phone_contact))


def rsvp_of(event: Event, rsvp_id: UUID) -> Rsvp:
    """One RSVP with its needs counted. Raises Unknown."""
    rsvps = Rsvp.objects.filter(event=event, pk=rsvp_id).select_related("email_contact", "phone_contact")
    found = _with_numbers(rsvps).first()
    if found is None:
        raise Unknown
    found.event = event
    return found


def rsvp_figures(event: Event) -> RsvpFigures:
    """One query."""
    standing = Q(status=RsvpStatus.CONFIRMED)
    return RsvpFigures(
        **Rsvp.objects.filter(event=event).aggregate(
            **{name: Count("pk", filter=Q(status=name)) for name in RsvpStatus.values},
            by_mail=Count("pk", filter=standing & Q(remind=Remind.EMAIL)),
            no_messages=Count("pk", filter=standing & Q(email_contact=None)),
        )
    )


def _with_numbers(rsvps: QuerySet[Rsvp]) -> QuerySet[Rsvp]:
    arrived = CheckIn.objects.filter(rsvp=OuterRef("pk"), undone_at=None)
    asked = (
        AccessRequest.objects.filter(rsvp=OuterRef("pk")).order_by().values("rsvp").annotate(n=Count("pk"))
    )
    return rsvps.annotate(here=Exists(arrived), needs=asked.values("n"))


def _address(contact: Contact | None) -> str:
    # The row keeps the spelling of whoever typed the address first: any other would say that it had been there before.
    return normalised(contact.channel, address_of(contact)) if contact is not None else ""
