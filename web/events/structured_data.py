"""A meeting as search engines read it: schema.org's Event, with its true state, in a block that no browser runs."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from events.event.announced import Schedule, schedule_of
from events.event.models import Event, EventFormat
from events.event.standing import is_off, moved_from, seats_left, takes_rsvps
from events.rsvps.rules import link_for_everybody

_SCHEMA: Final = "https://schema.org"
_ATTENDANCE: Final = {
    EventFormat.IN_PERSON: "OfflineEventAttendanceMode",
    EventFormat.ONLINE: "OnlineEventAttendanceMode",
    EventFormat.HYBRID: "MixedEventAttendanceMode",
}
# So that nothing in it ends the block, whatever staff typed (HTML Standard, "restrictions for contents of script").
_ESCAPED: Final = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def json_ld(event: Event, *, now: dt.datetime, title: str, description: str, address: str) -> SafeString:
    """For a ``<script type="application/ld+json">``. title, description: in the page's language. address: the page's path."""
    zone, was = ZoneInfo(event.timezone), moved_from(event, now)
    told: dict[str, Any] = {
        "@context": _SCHEMA,
        "@type": "Event",
        "name": title,
        "url": settings.PUBLIC_URL + address,
        "startDate": event.starts_at.astimezone(zone).isoformat(),
        "endDate": event.ends_at.astimezone(zone).isoformat(),
        "eventStatus": f"{_SCHEMA}/{_status(event, was)}",
        "eventAttendanceMode": f"{_SCHEMA}/{_ATTENDANCE[EventFormat(event.format)]}",
        "inLanguage": event.languages,
        "organizer": {"@type": "GovernmentOrganization", "name": event.agency.name},
    }
    if was is not None and was.starts_at != event.starts_at:
        told["previousStartDate"] = was.starts_at.isoformat()
    if description:
        told["description"] = description[:1000]
    if event.doors_open_at is not None:
        told["doorTime"] = event.doors_open_at.astimezone(zone).isoformat()
    if places := _places(event, told["url"]):
        told["location"] = places if len(places) > 1 else places[0]
    if event.capacity is not None and takes_rsvps(event, now):
        told |= {"maximumAttendeeCapacity": event.capacity, "remainingAttendeeCapacity": seats_left(event)}
    return mark_safe(json.dumps(told, ensure_ascii=False).translate(_ESCAPED))  # noqa: S308 - escaped above


def _status(event: Event, was: Schedule | None) -> str:
    """Of the five that there are, the one that changes most for who wants to come (schema.org/EventStatusType)."""
    if is_off(event):
        return "EventCancelled"
    if was is not None and was.is_elsewhen(schedule_of(event)):
        return "EventRescheduled"
    moved_online = was is not None and event.format == EventFormat.ONLINE != was.format
    return "EventMovedOnline" if moved_online else "EventScheduled"


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
