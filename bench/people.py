"""Confirmed places by email, written straight into the tables, and meetings whose reminder is due this moment."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    from engage.agencies.models import Agency
    from events.event.models import Event


def reminder_due_now(host: Agency) -> Event:
    """A meeting an hour ahead with a rule of one hour, told of weeks ago."""
    from bench.made_events import event
    from outreach.reminders.models import ReminderRule
    from tests.makers.events import begins_at

    made = event(host)
    begins_at(made, timezone.now() + dt.timedelta(minutes=59))
    ReminderRule.objects.create(agency=host, event=made, minutes_before=60)
    made.refresh_from_db()
    return made


def invited_people(event: Event, many: int) -> None:
    """``many`` confirmed places of one person, each with an address of its own."""
    from django.db.models import F

    from engage.contacts.addresses import SEALED_IN, fingerprint_for
    from engage.contacts.models import Contact
    from engage.database.ids import uuid7
    from engage.sealing.seals import seal
    from events.event.models import Event
    from events.rsvps.models import Rsvp
    from events.rsvps.tickets import new_code

    long_ago = timezone.now() - dt.timedelta(days=14)
    contacts, rsvps = [], []
    for number in range(many):
        address, row = f"p{number}@mail.example", uuid7()
        contacts.append(
            Contact(
                id=row,
                agency_id=event.agency_id,
                channel="email",
                scope="event",
                scope_id=event.pk,
                sealed_address=seal(address, row=row, agency=event.agency_id, **SEALED_IN),
                fingerprint=fingerprint_for(
                    agency_id=event.agency_id,
                    scope="event",
                    scope_id=event.pk,
                    channel="email",
                    address=address,
                ),
                proven_on=long_ago.date(),
                confirmation_allowed_at=long_ago,
            )
        )
        rsvps.append(
            Rsvp(
                agency_id=event.agency_id,
                event=event,
                status="confirmed",
                confirmed_at=long_ago,
                created_at=long_ago,
                remind="email",
                source="web",
                checkin_code=new_code(),
                email_contact_id=row,
            )
        )
    Contact.objects.bulk_create(contacts, batch_size=2000)
    Rsvp.objects.bulk_create(rsvps, batch_size=2000)
    Event.objects.filter(pk=event.pk).update(seats_taken=F("seats_taken") + many)
