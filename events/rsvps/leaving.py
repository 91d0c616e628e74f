"""Giving up an RSVP: what every way out of the queue and of the hall has in common."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import UUID

from events.event.models import Event
from events.rsvps import seats
from events.rsvps.models import Rsvp, RsvpStatus
from events.rsvps.needs.asking import forget_needs
from events.rsvps.needs.models import AccessRequest

# Outreach fills this when the app starts: what is still to be sent about these RSVPs must not go, decided in the
# transaction that ends them. Called with their ids and the time.
when_rsvps_go: list[Callable[[list[UUID], dt.datetime], None]] = []
# The same for contacts whose owners want no letter at all any more ("not me").
when_addresses_stop: list[Callable[[list[UUID], dt.datetime], None]] = []


def leave(event: Event, rsvp: Rsvp, *, now: dt.datetime) -> None:
    """End an RSVP of a locked event: its seats or its turn go back, its needs go, nothing more is sent about it.

    Promoting those who wait, and the record, are left to the act that calls this.
    """
    give_back(event, rsvp)
    rsvp.status, rsvp.queue_number, rsvp.offer_expires_at = RsvpStatus.CANCELLED.value, None, None
    rsvp.cancelled_at, rsvp.edit_version = now, rsvp.edit_version + 1
    rsvp.save(update_fields=["status", "queue_number", "offer_expires_at", "cancelled_at", "edit_version"])
    # Nobody arranges an interpreter for someone who will not come, and what they need says much about them.
    forget_needs(AccessRequest.objects.filter(rsvp=rsvp))
    stop_messages([rsvp.pk], now=now)


def give_back(event: Event, rsvp: Rsvp) -> None:
    """Take an RSVP that is about to end, or to be erased, out of a locked event's counters."""
    if rsvp.status == RsvpStatus.CONFIRMED:
        seats.move(event, taken=-rsvp.party_size)
    elif rsvp.status == RsvpStatus.OFFERED:
        seats.move(event, held=-rsvp.party_size)
    elif rsvp.status == RsvpStatus.WAITLISTED:
        seats.move(event, waiting=-1, too_large=-seats.is_too_large(event, rsvp.party_size))


def stop_messages(rsvp_ids: list[UUID], *, now: dt.datetime) -> None:
    """No message about these RSVPs is composed after this transaction's commit."""
    for hook in when_rsvps_go:
        hook(rsvp_ids, now)


def stop_letters(contact_ids: list[UUID], *, now: dt.datetime) -> None:
    """No message at all to these contacts is composed after this transaction's commit."""
    for hook in when_addresses_stop:
        hook(contact_ids, now)
