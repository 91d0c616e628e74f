"""The way to a meeting."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from events.event.models import Event

_MAP: Final = "https://www.openstreetmap.org"


def map_of(event: Event) -> str:
    """A map of the place, on a site that asks for no account; empty where nothing is known to look for."""
    venue = event.venue
    if venue is None:
        return ""
    if venue.latitude is not None:
        return (
            f"{_MAP}/?mlat={venue.latitude}&mlon={venue.longitude}#map=17/{venue.latitude}/{venue.longitude}"
        )
    if not venue.address:
        return ""
    # The street alone, and the region of the agency: a search for a room finds nothing.
    words = ", ".join(part for part in (venue.address, event.agency.region) if part)
    return f"{_MAP}/search?{urlencode({'query': words})}"
