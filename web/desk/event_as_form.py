"""An event that stands, as the first values of its form; and as those of a copy for another day."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final
from zoneinfo import ZoneInfo

from engage.rule_violation import RuleViolation
from events.models import Event
from events.time_reading import AmbiguousTime, read_time
from web.desk.agenda_lines import agenda_text
from web.desk.event_choices import TRANSLATED, other_languages

NEW_PLACE: Final = "new"
# Named alike in the domain and in the form.
AS_GIVEN: Final = (
    "title", "description", "kind", "format", "audience", "timezone", "online_url", "run_by", "getting_there",
    "capacity", "rsvp_mode", "languages", "access_offered", "access_deadline_on", "focus_area",
    "participation_level",
)  # fmt: skip


def as_it_stands(event: Event) -> dict[str, Any]:
    """An event as the form's first values."""
    zone = event.timezone
    same_day = event.local_ends_at.date() == event.local_starts_at.date()
    values: dict[str, Any] = {name: getattr(event, name) for name in AS_GIVEN}
    values |= {
        "date": event.local_starts_at.date(),
        "starts": event.local_starts_at.time(),
        "ends": event.local_ends_at.time(),
        "ends_on": None if same_day else event.local_ends_at.date(),
        "doors": event.doors_open_at and event.doors_open_at.astimezone(ZoneInfo(zone)).time(),
        "rsvp_opens": local_minute(event.rsvp_opens_at, zone),
        "rsvp_closes": local_minute(event.rsvp_closes_at, zone),
        "venue": str(event.venue_id or ""),
        "dialogue": str(event.dialogue_id or ""),
        "communities": [str(pk) for pk in event.communities.values_list("pk", flat=True)],
        "discreet": "yes" if event.discreet else "no",
        "agenda": agenda_text(event),
        "edit_version": event.edit_version,
    }
    if event.time_to_set:
        values |= {"starts": None, "ends": None}
    for name in ("starts", "ends"):
        values[f"{name}_fold"] = _fold(event, name)
    for code, _name in other_languages():
        for part in TRANSLATED:
            values[f"{part}_{code}"] = event.translations.get(code, {}).get(part, "")
    return values


def copied(event: Event) -> dict[str, Any]:
    """As it stands, for another day: nothing that belongs to the day is taken over."""
    values = as_it_stands(event)
    dated = (
        "date",
        "ends_on",
        "rsvp_opens",
        "rsvp_closes",
        "access_deadline_on",
        "edit_version",
        "starts_fold",
        "ends_fold",
    )
    return {name: value for name, value in values.items() if name not in dated}


def local_minute(moment: dt.datetime | None, zone: str) -> dt.datetime | None:
    """A moment on the clock of ``zone``, without seconds, as a form can show it."""
    return moment and moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, second=0, microsecond=0)


def _fold(event: Event, name: str) -> int | None:
    """Which of two equal times is meant; None where the time comes once."""
    naive = getattr(event, f"local_{name}_at")
    try:
        read_time(naive, event.timezone)
    except AmbiguousTime:
        return int(getattr(event, f"{name}_fold"))
    except RuleViolation:
        return None
    return None
