"""What can be chosen about an event that the models hold no list of: languages, time zones, what is there."""

from __future__ import annotations

from typing import Any, Final
from zoneinfo import available_timezones

from django.conf import settings

from engage.models import Agency
from events.models import AccessFeature, AccessKind, Event
from web.language_names import SPOKEN, language_name

# The parts of an event that are told in further languages.
TRANSLATED: Final = ("title", "description", "getting_there")
OFFERED: Final = [
    *((kind.value, kind.label) for kind in AccessKind if kind is not AccessKind.OTHER),
    *((feature.value, feature.label) for feature in AccessFeature),
]
# Zones that somebody at this desk may mean; any other that an event has already stays among the choices.
_NEAR: Final = (
    "America/New_York", "America/Detroit", "America/Chicago", "America/Denver", "America/Phoenix",
    "America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu", "America/Puerto_Rico", "America/Toronto",
    "America/Vancouver", "Europe/London", "Europe/Berlin", "Australia/Sydney", "Pacific/Guam", "UTC",
)  # fmt: skip


def other_languages() -> list[tuple[str, str]]:
    """The languages of our pages besides the first, in which texts can be told again."""
    return [(code, name) for code, name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def offered_choices(event: Event | None) -> list[tuple[str, Any]]:
    """What can be there for everyone, and what the event has besides."""
    known = dict(OFFERED)
    more = [(kind, kind) for kind in (event.access_offered if event else ()) if kind not in known]
    return [*OFFERED, *more]


def language_choices(agency: Agency, event: Event | None) -> list[tuple[str, str]]:
    """The agency's own first, then those often asked for, then what the event has besides."""
    codes = dict.fromkeys([*agency.languages, *SPOKEN, *(event.languages if event else ())])
    return [(code, language_name(code)) for code in codes]


def zone_choices(agency: Agency, event: Event | None) -> list[tuple[str, str]]:
    """The agency's own first."""
    known = available_timezones()
    names = dict.fromkeys([agency.timezone, *(zone for zone in _NEAR if zone in known)])
    if event is not None:
        names[event.timezone] = None
    return [(name, name.replace("_", " ")) for name in names]
