"""Places, saved as residents save them, and the sums that must hold at every moment."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, Sum
from django.utils import timezone

from engage.activity.models import Activity
from engage.contacts.links import Purpose, mint
from engage.contacts.models import Contact
from events.event.models import Event
from events.rsvps.changing import cancel
from events.rsvps.links import Reach, rsvp_behind
from events.rsvps.models import Rsvp
from events.rsvps.responding import Response, respond
from tests.makers.events import an_event


def a_response(event: Event, party_size: int = 1, **fields: Any) -> Response:
    """What somebody gets who asks for a place; without an address unless one is given."""
    return respond(event.pk, party_size=party_size, now=fields.pop("now", None) or timezone.now(), **fields)


def an_rsvp(event: Event, party_size: int = 1, **fields: Any) -> Rsvp:
    return a_response(event, party_size, **fields).rsvp


def as_it_is(rsvp: Rsvp) -> Rsvp:
    """The row as it stands now."""
    return Rsvp.objects.select_related("event__agency", "email_contact").get(pk=rsvp.pk)


def by_link(rsvp: Rsvp, purpose: Purpose, now: dt.datetime | None = None) -> Reach:
    """What a link of that purpose reaches, read from the token as it would stand in a mail."""
    token = mint(purpose, rsvp.pk, rsvp.link_version)
    return rsvp_behind(token, [purpose], now=now or timezone.now())


def contact_of(rsvp: Rsvp) -> Contact:
    assert rsvp.email_contact_id is not None
    return Contact.objects.get(pk=rsvp.email_contact_id)


def sums_hold(event_id: UUID) -> bool:
    """Whether the event's counters are the sums of its places, and the queue is as long as it says."""
    event = Event.objects.get(pk=event_id)
    sums = Rsvp.objects.filter(event_id=event_id).aggregate(
        taken=Sum("party_size", filter=Q(status="confirmed"), default=0),
        held=Sum("party_size", filter=Q(status="offered"), default=0),
        waiting=Count("pk", filter=Q(status="waitlisted")),
        too_large=Count("pk", filter=Q(status="waitlisted", party_size__gt=event.capacity or 1000)),
    )
    return sums == {
        "taken": event.seats_taken,
        "held": event.seats_held,
        "waiting": event.waiting,
        "too_large": event.waiting_too_large,
    }


def a_full_event(*parties: int, capacity: int = 4, **fields: Any) -> tuple[Event, Rsvp, list[Rsvp]]:
    """A meeting whose seats one party has all taken, that party's place, and those who wait, each with an address."""
    event = an_event(capacity=capacity, **fields)
    holder = an_rsvp(event, capacity, email="holder@mail.example")
    waiting = [an_rsvp(event, party, email=f"r{number}@mail.example") for number, party in enumerate(parties)]
    return event, holder, waiting


def given_back(rsvp: Rsvp, now: dt.datetime) -> None:
    """The resident gives the place back at that moment."""
    cancel(rsvp.pk, by="resident", now=now)


def states(*rsvps: Rsvp) -> list[str]:
    """The status of each as it stands now, in the order given."""
    return [as_it_is(rsvp).status for rsvp in rsvps]


def verbs(rsvp: Rsvp) -> list[str]:
    """What the record says about the place, in order."""
    return list(Activity.objects.filter(object_id=rsvp.pk).order_by("pk").values_list("verb", flat=True))
