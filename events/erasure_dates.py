"""When the rows of the people who came must be gone: worked out from the event's end, and anew when it moves."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db.models import DateTimeField, ExpressionWrapper, OuterRef, Subquery
from django.db.models.functions import Least

from engage.contact_locking import change_in_order
from engage.models import Agency
from events.models import AccessRequest, CheckIn, Event, Rsvp

NEEDS_KEPT_DAYS: Final = 7
# Of a contact ``c``; null, and so never sooner, where it belongs to no event.
_GONE: Final = "(SELECT e.ends_at + make_interval(days => %(days)s) FROM events_event e WHERE e.agency_id = %(agency)s AND e.id = c.scope_id)"
_SOONER: Final = "erase_after = (SELECT e.ends_at + make_interval(days => %(days)s) FROM events_event e WHERE e.id = engage_contact.scope_id)"


def people_erased_after(agency: Agency, ends_at: dt.datetime) -> dt.datetime:
    """Contacts, places and arrivals: the agency's days after the end."""
    return ends_at + dt.timedelta(days=agency.retention_days)


def needs_erased_after(ends_at: dt.datetime) -> dt.datetime:
    """What somebody needs in order to take part says much about them: a week after the end."""
    return ends_at + dt.timedelta(days=NEEDS_KEPT_DAYS)


def move_erasure_dates(event: Event) -> None:
    """Count the days from the event's new end; a row without a date keeps none."""
    people = people_erased_after(event.agency, event.ends_at)
    change_in_order(
        "erase_after = %(people)s",
        "c.scope = 'event' AND c.scope_id = %(event)s AND c.agency_id = %(agency)s AND c.erase_after <> %(people)s",
        {"people": people, "event": event.pk, "agency": event.agency_id},
    )
    Rsvp.objects.filter(event=event, erase_after__isnull=False).update(erase_after=people)
    CheckIn.objects.filter(event=event, erase_after__isnull=False).update(erase_after=people)
    AccessRequest.objects.filter(event=event, erase_after__isnull=False).update(
        erase_after=needs_erased_after(event.ends_at)
    )


def shorten_erasure_dates(agency: Agency) -> None:
    """The agency keeps rows for fewer days now: what is here already goes earlier too, and nothing goes later."""
    change_in_order(
        _SOONER,
        f"c.agency_id = %(agency)s AND c.erase_after > {_GONE}",
        {"agency": agency.pk, "days": agency.retention_days},
    )
    for model, event_id in ((Rsvp, "event_id"), (CheckIn, "event_id")):
        ends = Subquery(Event.objects.filter(agency=agency, pk=OuterRef(event_id)).values("ends_at")[:1])
        gone = ExpressionWrapper(
            ends + dt.timedelta(days=agency.retention_days), output_field=DateTimeField()
        )
        rows = model._base_manager.filter(agency=agency, erase_after__isnull=False)
        rows.update(erase_after=Least("erase_after", gone))
