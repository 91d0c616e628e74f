"""The places of an event as staff see them: without people by default, with names or one address on the record."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from engage.contact_keeping import address_of
from engage.contact_reading import record_read
from engage.models import Contact, ContactRead, Person
from engage.rule_violation import Unknown
from events.guest_names import name_of
from events.models import AccessRequest, CheckIn, Event, Remind, Rsvp, RsvpStatus

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class PlacePage:
    """One page, the first to ask first. names: opened, by place, where they were asked for. next: None at the end."""

    places: list[Rsvp]
    names: dict[UUID, str]
    next: UUID | None


@dataclass(frozen=True, slots=True)
class PlaceFigures:
    """Parties by status; people with a place; and of their parties, how many hear by mail or want no message."""

    confirmed: int
    waitlisted: int
    offered: int
    cancelled: int
    by_mail: int
    no_messages: int


@dataclass(frozen=True, slots=True)
class Revealed:
    """What somebody gave with one place."""

    name: str
    email: str
    phone: str


def list_places(event: Event, *, status: str = "", after: UUID | None = None) -> PlacePage:
    """status: an RsvpStatus, or "" for all. Each place with ``needs`` (a number) and ``here``. One query."""
    found = _with_numbers(Rsvp.objects.filter(event=event))
    if status in RsvpStatus.values:
        found = found.filter(status=status)
    if after is not None:
        found = found.filter(pk__gt=after)
    # UUIDv7 are in order of arrival.
    rows = list(found.order_by("pk")[: PAGE + 1])
    return PlacePage(rows[:PAGE], {}, rows[PAGE - 1].pk if len(rows) > PAGE else None)


@transaction.atomic
def list_places_with_names(
    event: Event,
    *,
    reader: Person,
    purpose: str,
    status: str = "",
    after: UUID | None = None,
    now: dt.datetime,
) -> PlacePage:
    """As ``list_places``, with names, and on the record: each resident's page says who looked, and why.

    Each page is a reading of its own. Raises Invalid for a purpose that is not on the list, SecondPersonNeeded.
    """
    page = list_places(event, status=status, after=after)
    record_read(
        reader,
        agency=event.agency,
        what=ContactRead.What.LIST,
        purpose=purpose,
        event_id=event.pk,
        shown=len(page.places),
        now=now,
    )
    return PlacePage(page.places, {place.pk: name_of(place) for place in page.places}, page.next)


@transaction.atomic
def reveal_place(place: Rsvp, *, reader: Person, purpose: str, now: dt.datetime) -> Revealed:
    """One name and its addresses, on the record with reader and purpose.

    Raises Invalid for a purpose that is not on the list, SecondPersonNeeded.
    """
    contacts = [one for one in (place.email_contact, place.phone_contact) if one is not None]
    record_read(
        reader,
        agency=place.event.agency,
        what=ContactRead.What.REVEAL,
        purpose=purpose,
        event_id=place.event_id,
        rsvp_id=place.pk,
        contact_ids=[one.pk for one in contacts],
        now=now,
    )
    return Revealed(name_of(place), _address(place.email_contact), _address(place.phone_contact))


def place_of(event: Event, place_id: UUID) -> Rsvp:
    """One place with its needs counted. Raises Unknown."""
    places = Rsvp.objects.filter(event=event, pk=place_id).select_related("email_contact", "phone_contact")
    found = _with_numbers(places).first()
    if found is None:
        raise Unknown
    found.event = event
    return found


def place_figures(event: Event) -> PlaceFigures:
    """One query."""
    standing = Q(status=RsvpStatus.CONFIRMED)
    return PlaceFigures(
        **Rsvp.objects.filter(event=event).aggregate(
            **{name: Count("pk", filter=Q(status=name)) for name in RsvpStatus.values},
            by_mail=Count("pk", filter=standing & Q(remind=Remind.EMAIL)),
            no_messages=Count("pk", filter=standing & Q(email_contact=None)),
        )
    )


def _with_numbers(places: QuerySet[Rsvp]) -> QuerySet[Rsvp]:
    arrived = CheckIn.objects.filter(rsvp=OuterRef("pk"), undone_at=None)
    asked = (
        AccessRequest.objects.filter(rsvp=OuterRef("pk")).order_by().values("rsvp").annotate(n=Count("pk"))
    )
    return places.annotate(here=Exists(arrived), needs=asked.values("n"))


def _address(contact: Contact | None) -> str:
    return address_of(contact) if contact is not None else ""
