"""RFC 8058: one POST, no question asked. The same link stops a subscription, or an event's reminders and summaries."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from engage.agencies.models import Agency
from engage.contacts.links import Purpose, mint, row_of
from engage.contacts.models import Contact
from engage.refusals import Unknown
from events.rsvps.models import Remind, Rsvp
from outreach.ledger.suppressing import suppress_for_contact
from outreach.subscriptions import subscribing


@dataclass(frozen=True, slots=True)
class Stopped:
    """What a link stops. what: ``subscription`` or ``reminders``. target: of a subscription, as in its row."""

    what: str
    agency: Agency
    language: str
    target: str = ""
    target_id: UUID | None = None
    has_ended: bool = False


def unsubscribe_link(contact: Contact) -> str:
    """The token that stops reminders and summaries of the contact's event."""
    return mint(Purpose.STOP_REMINDERS, contact.pk, contact.link_version)


def what_it_stops(token: str) -> Stopped:
    """For the page behind the link. Changes nothing. Raises Unknown."""
    try:
        standing = subscribing.subscription_behind(token)
    except Unknown:
        contact = _contact_behind(token)
        return Stopped(
            "reminders", contact.agency, contact.language, has_ended=contact.stopped_on is not None
        )
    return Stopped(
        "subscription",
        standing.agency,
        standing.language,
        standing.target,
        standing.target_id,
        has_ended=standing.ended_at is not None,
    )


def unsubscribe(token: str, *, now: dt.datetime) -> Stopped:
    """Stop it; no message of that kind is composed after this commit. A second click changes nothing. Raises Unknown."""
    found = what_it_stops(token)
    if found.what == "subscription":
        subscribing.unsubscribe(token, now=now)
    else:
        _stop_reminders(_contact_behind(token), now=now)
    return what_it_stops(token)


@transaction.atomic
def _stop_reminders(contact: Contact, *, now: dt.datetime) -> None:
    # No line in the record: it would tell when a resident did something.
    Contact.objects.filter(pk=contact.pk, stopped_on=None).update(stopped_on=now.date())
    Rsvp.objects.filter(email_contact=contact).exclude(remind=Remind.NONE).update(remind=Remind.NONE)
    suppress_for_contact(contact.pk, now=now)


def _contact_behind(token: str) -> Contact:
    found: list[Contact] = []

    def version_of(row: UUID) -> int | None:
        contact = Contact.objects.select_related("agency").filter(pk=row).first()
        if contact is None:
            return None
        found.append(contact)
        return contact.link_version

    row_of(token, [Purpose.STOP_REMINDERS], version_of)
    return found[0]
