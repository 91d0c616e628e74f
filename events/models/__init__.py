from events.models.attendance import ArrivalWay, CheckIn, DoorLink, EventTotals, HeadCount
from events.models.checklist import ChecklistItem
from events.models.event import (
    AgendaItem,
    Audience,
    Event,
    EventFormat,
    EventKind,
    EventStatus,
    ImportedSource,
    RsvpMode,
)
from events.models.rsvp import (
    AccessKind,
    AccessRequest,
    AccessStatus,
    Remind,
    Rsvp,
    RsvpSource,
    RsvpStatus,
)
from events.models.venue import AccessFeature, Venue

__all__ = [
    "AccessFeature",
    "AccessKind",
    "AccessRequest",
    "AccessStatus",
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
    "Remind",
    "Rsvp",
    "RsvpMode",
    "RsvpSource",
    "RsvpStatus",
    "Venue",
]
