"""Who may see which event. Objects are fetched through these; a stranger's object is not there (404)."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from engage.refusals import Unknown
from engage.roles.permissions import Viewer
from events.event.models import Audience, Event, EventStatus, Venue


def public_events() -> QuerySet[Event]:
    """Every public meeting that was ever published, cancelled and past ones included."""
    return Event.objects.filter(_public())


def events_visible_to(viewer: Viewer) -> QuerySet[Event]:
    """Public ones for everyone; of the viewer's own agencies also drafts and, but for panelists, staff meetings.

    A token without ``events:read`` sees what everyone sees. Staff of a partner agency see what was published.
    """
    readable = [agency for agency in viewer.roles if viewer.may("events:read", agency)]
    if not readable:
        return public_events()
    staff = [agency for agency in readable if viewer.is_staff_of(agency)]
    published = ~Q(status=EventStatus.DRAFT)
    return Event.objects.filter(
        _public()
        | Q(agency_id__in=staff)
        | (Q(agency_id__in=readable) & published & ~Q(audience=Audience.STAFF))
        | (
            Q(pk__in=Event.partners.through.objects.filter(agency_id__in=staff).values("event_id"))
            & published
        )
    )


def event_visible_to(viewer: Viewer, event_id: UUID) -> Event:
    """One event, or Unknown: not there, or not there for this viewer."""
    event = events_visible_to(viewer).filter(pk=event_id).first()
    if event is None:
        raise Unknown
    return event


def venues_visible_to(viewer: Viewer) -> QuerySet[Venue]:
    """An agency's list of places is for its own people; a place of a public meeting is shown with the meeting."""
    return Venue.objects.filter(
        agency_id__in=[agency for agency in viewer.roles if viewer.may("events:read", agency)]
    )


def _public() -> Q:
    return Q(audience=Audience.PUBLIC) & ~Q(status=EventStatus.DRAFT)
