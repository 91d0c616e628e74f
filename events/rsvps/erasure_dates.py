"""When the rows of the people who came must be gone: worked out from the event's end, and anew when it moves."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.db.models import DateTimeField, Exists, ExpressionWrapper, OuterRef, Subquery, Value
from django.db.models.functions import Greatest, Least, Now

from engage.agencies.models import Agency
from engage.agencies.shorter_retention import addresses_erased, events_sooner, rsvps_erased
from engage.confirming import Consequence
from engage.contacts.locking import change_in_order
from engage.contacts.models import Contact
from events.event.models import LAST_END, Event
from events.rsvps.models import CheckIn, Rsvp
from events.rsvps.needs.asking import needs_erased_after
from events.rsvps.needs.models import AccessRequest

# Of a contact ``c``; null, and so never sooner, where it belongs to no event.
_GONE: Final = "(SELECT greatest(e.ends_at, e.open_until) + make_interval(days => %(days)s) FROM events_event e WHERE e.agency_id = %(agency)s AND e.id = c.scope_id)"
_SOONER: Final = "erase_after = (SELECT greatest(e.ends_at, e.open_until) + make_interval(days => %(days)s) FROM events_event e WHERE e.id = engage_contact.scope_id)"


def people_erased_after(event: Event) -> dt.datetime:
    """Contacts, RSVPs and arrivals: the days that were promised there, after the end (``Event.last_end``)."""
    return event.last_end + dt.timedelta(days=event.days_kept)


def people_are_erased(event: Event, now: dt.datetime) -> bool:
    """Whether what people left here may be gone already."""
    return people_erased_after(event) <= now


def move_erasure_dates(event: Event) -> None:
    """Count the days from the event's new end; a row without a date keeps none."""
    people = people_erased_after(event)
    change_in_order(
        "erase_after = %(people)s",
        "c.scope = 'event' AND c.scope_id = %(event)s AND c.agency_id = %(agency)s AND c.erase_after <> %(people)s",
        {"people": people, "event": event.pk, "agency": event.agency_id},
    )
    Rsvp.objects.filter(event=event, erase_after__isnull=False).update(erase_after=people)
    CheckIn.objects.filter(event=event, erase_after__isnull=False).update(erase_after=people)
    AccessRequest.objects.filter(event=event, erase_after__isnull=False).update(
        erase_after=needs_erased_after(event.last_end)
    )


def what_goes_then(agency: Agency, at: dt.datetime) -> list[Consequence]:
    """What the night at that moment erases where the agency keeps it for its days, and what goes sooner after it."""
    ends = Event.objects.filter(agency=agency).annotate(
        gone=ExpressionWrapper(
            LAST_END + dt.timedelta(days=agency.retention_days), output_field=DateTimeField()
        )
    )
    addresses = Contact.objects.filter(agency=agency, scope=Contact.Scope.EVENT)
    left = [(addresses, "scope_id"), (Rsvp.objects.filter(agency=agency), "event_id")]
    later: list[Any] = [
        rows.annotate(gone=Subquery(ends.filter(pk=OuterRef(event)).values("gone")[:1])).filter(
            erase_after__gt=Greatest("gone", Value(at))
        )
        for rows, event in left
    ]
    then = [rows.filter(gone__lte=at) for rows in later]
    count, events = then[0].count(), then[0].values("scope_id").distinct().count()
    rsvps = then[1].count()
    sooner = (
        ends.filter(gone__gt=at)
        .filter(
            Exists(later[0].filter(scope_id=OuterRef("pk"))) | Exists(later[1].filter(event=OuterRef("pk")))
        )
        .count()
    )
    return [
        *([addresses_erased(count, events)] if count else []),
        *([rsvps_erased(rsvps)] if rsvps else []),
        *([events_sooner(sooner)] if sooner else []),
    ]


def keep_what_was_promised(agency: Agency, days: int) -> None:
    """The agency keeps rows for longer from now on: not at the meetings that are planned already, where fewer were promised."""
    standing = Event.objects.annotate(end=LAST_END).filter(
        agency=agency, people_kept_days=None, end__gt=Now() - dt.timedelta(days=days)
    )
    Event.objects.filter(pk__in=standing.values("pk")).update(people_kept_days=days)


def shorten_erasure_dates(agency: Agency) -> None:
    """The agency keeps rows for fewer days now: what is here already goes earlier too, and nothing goes later."""
    Event.objects.filter(agency=agency, people_kept_days__gte=agency.retention_days).update(
        people_kept_days=None
    )
    change_in_order(
        _SOONER,
        f"c.agency_id = %(agency)s AND c.erase_after > {_GONE}",
        {"agency": agency.pk, "days": agency.retention_days},
    )
    for model, event_id in ((Rsvp, "event_id"), (CheckIn, "event_id")):
        ends = Subquery(
            Event.objects.filter(agency=agency, pk=OuterRef(event_id)).values(last_end=LAST_END)[:1]
        )
        gone = ExpressionWrapper(
            ends + dt.timedelta(days=agency.retention_days), output_field=DateTimeField()
        )
        rows = model._base_manager.filter(agency=agency, erase_after__isnull=False)
        rows.update(erase_after=Least("erase_after", gone))
