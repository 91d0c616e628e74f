"""Every table of this app, for Django alone: everybody else imports from the subject."""

from events.door.models import DoorLink, EventTotals, HeadCount
from events.event.models import (
    Audience,
    Event,
    EventFormat,
    EventKind,
    EventStatus,
    RsvpMode,
    Venue,
    VenueFeature,
)
from events.imports.models import ImportedSource
from events.planning.models import AgendaItem, ChecklistItem
from events.rsvps.models import ArrivalWay, CheckIn, Remind, Rsvp, RsvpSource, RsvpStatus
from events.rsvps.needs.models import AccessRequest, NeedKind, NeedStatus

__all__ = [
    "AccessRequest",
    "AgendaItem",
    "ArrivalWay",
    "Audience",
    "CheckIn",
    "ChecklistItem",
    "DoorLink",
    "Event",
    "EventFormat",
    "EventKind",
    "EventStatus",
    "EventTotals",
    "HeadCount",
    "ImportedSource",
    "NeedKind",
    "NeedStatus",
    "Remind",
    "Rsvp",
    "RsvpMode",
    "RsvpSource",
    "RsvpStatus",
    "Venue",
    "VenueFeature",
]
