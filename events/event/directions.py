"""The way to a meeting, in the map that its reader has: links and nothing else, so that no map company hears of who looks at a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

from events.event.models import Event, Venue

_APPLE: Final = "https://maps.apple.com/"
_GOOGLE: Final = "https://www.google.com/maps"
_MAP: Final = "https://www.openstreetmap.org"


@dataclass(frozen=True, slots=True)
class Directions:
    """exact: they lead to the spot; else they look for the name and the address, and may find another.

    phone: opens the telephone's own map (RFC 5870).
    """

    exact: bool
    apple: str
    google: str
    phone: str


def directions_to(event: Event) -> Directions | None:
    """None where there is nothing to go by. A room is not looked for: no map knows it. No query but for the venue's."""
    venue = event.venue
    if venue is None:
        return None
    if venue.latitude is not None and venue.longitude is not None:
        return _to_the_spot(venue, f"{venue.latitude},{venue.longitude}")
    if not venue.address:
        return None
    where = ", ".join(part for part in (venue.name, venue.address, event.agency.region) if part)
    return Directions(
        exact=False,
        apple=f"{_APPLE}?{urlencode({'q': where})}",
        google=f"{_GOOGLE}/search/?{urlencode({'api': 1, 'query': where})}",
        phone=f"geo:0,0?q={quote(where)}",
    )


def _to_the_spot(venue: Venue, spot: str) -> Directions:
    # The name in brackets is what Android writes beside the pin.
    return Directions(
        exact=True,
        apple=f"{_APPLE}?{urlencode({'daddr': spot, 'q': venue.name})}",
        google=f"{_GOOGLE}/dir/?{urlencode({'api': 1, 'destination': spot})}",
        phone=f"geo:{spot}?q={spot}({quote(venue.name)})",
    )


def map_of(event: Event) -> str:
    """One link for a letter: a map of the place, on a site that asks for no account; empty where nothing is known to look for."""
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
