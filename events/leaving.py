"""Giving up a place: what every way out of the queue and of the hall has in common."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import UUID

from events import seats
from events.models import AccessRequest, Event, Rsvp, RsvpStatus
from events.needs_forgetting import forget_needs

# Outreach fills this when the app starts: what is still to be sent about these RSVPs must not go, decided in the
# transaction that ends them. Called with their ids and the time.
when_places_go: list[Callable[[list[UUID], dt.datetime], None]] = []
# The same for contacts whose owners want no letter at all any more ("not me").
when_addresses_stop: list[Callable[[list[UUID], dt.datetime], None]] = []


def leave(event: Event, place: Rsvp, *, now: dt.datetime) -> None:
    """End a place of a locked event: its seats or its turn go back, its needs go, nothing more is sent about it.

    Promoting those who wait, and the record, are left to the act that calls this.
    """
    give_back(event, place)
    place.status, place.queue_number, place.offer_expires_at = RsvpStatus.CANCELLED.value, None, None
    place.cancelled_at, place.edit_version = now, place.edit_version + 1
    place.save(update_fields=["status", "queue_number", "offer_expires_at", "cancelled_at", "edit_version"])
    # Nobody arranges an interpreter for someone who will not come, and what they need says much about them.
    forget_needs(AccessRequest.objects.filter(rsvp=place))
    stop_messages([place.pk], now=now)


def give_back(event: Event, place: Rsvp) -> None:
    """Take a place that is about to end, or to be erased, out of a locked event's counters."""
    if place.status == RsvpStatus.CONFIRMED:
        seats.move(event, taken=-place.party_size)
    elif place.status == RsvpStatus.OFFERED:
        seats.move(event, held=-place.party_size)
    elif place.status == RsvpStatus.WAITLISTED:
        seats.move(event, waiting=-1)


def stop_messages(rsvp_ids: list[UUID], *, now: dt.datetime) -> None:
    """No message about these RSVPs is composed after this transaction's commit."""
    for hook in when_places_go:
        hook(rsvp_ids, now)


def stop_letters(contact_ids: list[UUID], *, now: dt.datetime) -> None:
    """No message at all to these contacts is composed after this transaction's commit."""
    for hook in when_addresses_stop:
        hook(contact_ids, now)
