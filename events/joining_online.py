"""Who is told how to join a meeting from afar: whoever holds a place. A link that anybody can read lets anybody in."""

from __future__ import annotations

from events.models import Event, EventFormat, Rsvp, RsvpMode, RsvpStatus


def link_for_everybody(event: Event) -> str:
    """Of a meeting that takes no RSVPs, where nobody could hold a place; else empty."""
    return _link(event) if event.rsvp_mode == RsvpMode.NONE else ""


def link_for_place(place: Rsvp) -> str:
    """For a place that stands: who waits, or has given it back, comes in by no link either."""
    return _link(place.event) if place.status == RsvpStatus.CONFIRMED else link_for_everybody(place.event)


def link_for(event: Event, *, holds_a_place: bool) -> str:
    return _link(event) if holds_a_place else link_for_everybody(event)


def _link(event: Event) -> str:
    return event.online_url if event.format != EventFormat.IN_PERSON else ""
