"""A flood of places in one sentence: for whoever asks to give it back, and for whoever says yes."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from engage.readings.models import ReadingRequest
from events.event.models import Event
from events.rsvps.floods import Flood, FloodGone, flood_called


def how_many(flood: Flood) -> str:
    """About, in tens: one place more or less must not show."""
    words = _(
        "About %(places)d places were saved within half an hour from one internet connection, all without an address."
    )
    return words % {"places": flood.about}


def what_is_asked(asked: ReadingRequest, event: Event, *, now: dt.datetime) -> str:
    """What a second person says yes to; "" where it is not there any more."""
    try:
        return how_many(flood_called(event, asked.flood, viewer=asked.reader, now=now))
    except FloodGone:
        return ""
