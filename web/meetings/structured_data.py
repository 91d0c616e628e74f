"""A meeting as search engines read it: schema.org's Event, with its true state, in a block that no browser runs."""

from __future__ import annotations

import json
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from events.joining_online import link_for_everybody
from events.models import Event, EventFormat, EventStatus
from events.taking_places import seats_left

_SCHEMA: Final = "https://schema.org"
_ATTENDANCE: Final = {
    EventFormat.IN_PERSON: "OfflineEventAttendanceMode",
    EventFormat.ONLINE: "OnlineEventAttendanceMode",
    EventFormat.HYBRID: "MixedEventAttendanceMode",
}
# So that nothing in it ends the block, whatever staff typed (HTML Standard, "restrictions for contents of script").
_ESCAPED: Final = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def json_ld(event: Event, *, title: str, description: str, address: str) -> SafeString:
    """For a ``<script type="application/ld+json">``. title, description: in the page's language. address: the page's path."""
    zone = ZoneInfo(event.timezone)
    told: dict[str, Any] = {
        "@context": _SCHEMA,
        "@type": "Event",
        "name": title,
        "url": settings.PUBLIC_URL + address,
        "startDate": event.starts_at.astimezone(zone).isoformat(),
        "endDate": event.ends_at.astimezone(zone).isoformat(),
        "eventStatus": f"{_SCHEMA}/{_status(event)}",
        "eventAttendanceMode": f"{_SCHEMA}/{_ATTENDANCE[EventFormat(event.format)]}",
        "inLanguage": event.languages,
        "organizer": {"@type": "GovernmentOrganization", "name": event.agency.name},
    }
    if description:
        told["description"] = description[:1000]
    if event.doors_open_at is not None:
        told["doorTime"] = event.doors_open_at.astimezone(zone).isoformat()
    if places := _places(event, told["url"]):
        told["location"] = places if len(places) > 1 else places[0]
    if event.capacity is not None:
        told |= {"maximumAttendeeCapacity": event.capacity, "remainingAttendeeCapacity": seats_left(event)}
    return mark_safe(json.dumps(told, ensure_ascii=False).translate(_ESCAPED))  # noqa: S308 - escaped above


def _status(event: Event) -> str:
    if event.status == EventStatus.CANCELLED:
        return "EventCancelled"
    return "EventRescheduled" if event.rescheduled_at else "EventScheduled"


def _places(event: Event, url: str) -> list[dict[str, Any]]:
    places: list[dict[str, Any]] = []
    if event.venue is not None:
        place = {"@type": "Place", "name": event.venue.name}
        if event.venue.address:
            place["address"] = event.venue.address
        places.append(place)
    if event.format != EventFormat.IN_PERSON:
        places.append({"@type": "VirtualLocation", "url": link_for_everybody(event) or url})
    return places
