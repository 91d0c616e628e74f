"""What a batch of letters is about, read together; and a stamp that tells whether it still holds when one is begun.

State is read anew at the moment of sending: ``begin`` brings the stamp as it is then, and whatever has another stamp than
the one read ahead is read again, alone. So a batch costs seven queries and not seven a letter, and no letter is
composed from what is no longer so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.db import connection

from engage.contacts.addresses import address_of
from engage.contacts.models import Contact
from engage.contacts.unproven import blocked_among
from engage.sealing.seals import SealBroken
from events.event.models import Event
from events.rsvps.models import Rsvp
from events.rsvps.needs.models import AccessRequest
from events.rsvps.standing import with_arrivals
from outreach.ledger.models import Delivery
from outreach.reminders.models import ReminderRule

# xmin is another after every change of a row; the event's row also changes with each RSVP, so its versions are asked.
STAMP: Final = """
    concat_ws(' ',
        (SELECT c.xmin::text FROM engage_contact c WHERE c.id = d.contact_id),
        (SELECT e.status || e.edit_version FROM events_event e WHERE e.id = d.event_id),
        (SELECT string_agg(r.xmin::text, ',' ORDER BY r.id) FROM events_rsvp r WHERE r.email_contact_id = d.contact_id),
        (SELECT string_agg(q.xmin::text, ',' ORDER BY q.id) FROM events_accessrequest q
           JOIN events_rsvp r ON r.id = q.rsvp_id WHERE r.email_contact_id = d.contact_id))
"""


@dataclass(slots=True)
class Around:
    """One delivery and what stands around it. stamp: of the moment before it was read."""

    delivery: Delivery
    stamp: str = ""
    is_blocked: bool = False
    event: Event | None = None
    rsvps: list[Rsvp] = field(default_factory=list)
    needs: list[AccessRequest] = field(default_factory=list)
    rule: ReminderRule | None = None


def read_ahead(delivery_ids: Collection[UUID], *, now: dt.datetime) -> dict[UUID, Around]:
    """By delivery; one that has been erased is missing. now: for the addresses that nobody may write to."""
    stamps = _stamps(delivery_ids)
    deliveries = Delivery.objects.select_related("contact", "agency", "person", "invitation__agency")
    found = {one.pk: Around(one, stamps.get(one.pk, "")) for one in deliveries.filter(pk__in=delivery_ids)}
    fill(found.values(), now=now)
    return found


def fill(arounds: Collection[Around], *, now: dt.datetime) -> None:
    """Read what stands around these deliveries, whose contacts are at hand."""
    with_contact = [one for one in arounds if one.delivery.contact is not None]
    contacts = {one.delivery.contact_id for one in with_contact}
    events = Event.objects.select_related("agency", "venue").in_bulk(
        {one.delivery.event_id for one in with_contact if one.delivery.event_id is not None}
    )
    rsvps: dict[UUID | None, list[Rsvp]] = {}
    of_theirs = with_arrivals(Rsvp.objects.filter(email_contact__in=contacts))
    for rsvp in of_theirs.order_by("created_at", "pk"):
        rsvps.setdefault(rsvp.email_contact_id, []).append(rsvp)
    needs: dict[UUID, list[AccessRequest]] = {}
    held = [rsvp.pk for some in rsvps.values() for rsvp in some]
    for need in AccessRequest.objects.filter(rsvp__in=held).order_by("pk"):
        needs.setdefault(need.rsvp_id, []).append(need)
    rules = ReminderRule.objects.in_bulk(
        {one.delivery.subject_id for one in with_contact if one.delivery.kind == "reminder"}
    )
    blocked = blocked_among(_addresses(one.delivery.contact for one in with_contact), now=now)
    for one in with_contact:
        one.event = events.get(one.delivery.event_id) if one.delivery.event_id else None
        one.rsvps = [
            rsvp for rsvp in rsvps.get(one.delivery.contact_id, []) if rsvp.event_id == one.delivery.event_id
        ]
        one.needs = [need for rsvp in one.rsvps for need in needs.get(rsvp.pk, [])]
        one.rule = rules.get(one.delivery.subject_id) if one.delivery.subject_id else None
        one.is_blocked = bool(blocked) and bool(blocked & _addresses([one.delivery.contact]))


def _stamps(delivery_ids: Collection[UUID]) -> dict[UUID, str]:
    statement = f"SELECT d.id, {STAMP} FROM outreach_delivery d WHERE d.id = ANY(%s::uuid[])"  # noqa: S608 - constants
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(delivery_ids)])
        return dict(cursor.fetchall())


def _addresses(contacts: Iterable[Contact | None]) -> set[str]:
    found = set()
    for contact in contacts:
        try:
            found.add(address_of(contact) if contact is not None else "")
        except SealBroken:
            # That letter fails when it is composed, and alone.
            continue
    return found - {""}
