"""All events of an agency as its staff look through them: by stage, by words, the newest first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from engage.models import Agency
from events.event_stages import Stage, in_stage
from events.models import Event, EventStatus

PAGE: Final = 25
CANCELLED, HISTORY = "cancelled", "history"
# What a list can be narrowed to besides a stage.
OTHERS: Final = (CANCELLED, HISTORY)

Place = tuple[dt.datetime, UUID]


@dataclass(frozen=True, slots=True)
class EventPage:
    """One page of a list. next: the place to go on from, None at the end."""

    events: list[Event]
    next: Place | None


def list_events(
    agency: Agency, *, which: str = "", words: str = "", before: Place | None = None
) -> EventPage:
    """which: a stage, ``cancelled``, ``history`` (imported past ones) or "" for all. words: of the title. One query."""
    found = Event.objects.filter(_which(which), agency=agency)
    if words:
        found = found.filter(title__icontains=words)
    if before is not None:
        starts_at, pk = before
        found = found.filter(
            Q(starts_at__lt=starts_at) | Q(starts_at=starts_at, pk__lt=pk), starts_at__lte=starts_at
        )
    rows = list(_light(found).order_by("-starts_at", "-pk")[: PAGE + 1])
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return EventPage(rows[:PAGE], (last.starts_at, last.pk) if last else None)


def _light(found: QuerySet[Event]) -> QuerySet[Event]:
    return found.select_related("venue").defer("vevent", "description", "translations", "getting_there")


def _which(which: str) -> Q:
    if which == CANCELLED:
        return Q(status=EventStatus.CANCELLED)
    if which == HISTORY:
        return Q(imported=True, status=EventStatus.ENDED)
    return in_stage(Stage(which)) if which in list(Stage) else Q()
