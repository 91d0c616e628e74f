"""Where an event stands on its way: planned, published, live, wrapped up, followed through."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from django.db.models import Q

from events.event.models import Event, EventStatus


class Stage(StrEnum):
    """In the order in which an event goes through them; a cancelled event, or imported history, is in none."""

    PLAN = "plan"
    PUBLISHED = "published"
    LIVE = "live"
    WRAP_UP = "wrap_up"
    FOLLOW = "follow"


_OF_STATUS: Final = {
    EventStatus.DRAFT.value: Stage.PLAN,
    EventStatus.PUBLISHED.value: Stage.PUBLISHED,
    EventStatus.LIVE.value: Stage.LIVE,
    EventStatus.ENDED.value: Stage.WRAP_UP,
    EventStatus.REPORTED.value: Stage.FOLLOW,
}


def stage_of(event: Event) -> Stage | None:
    """None for a cancelled event, and for imported history, which owes nobody a summary."""
    if event.imported and event.status == EventStatus.ENDED:
        return None
    return _OF_STATUS.get(event.status)


def in_stage(stage: Stage) -> Q:
    """``stage_of`` as a filter."""
    status = next(status for status, found in _OF_STATUS.items() if found is stage)
    owed = Q(imported=False) if stage is Stage.WRAP_UP else Q()
    return Q(status=status) & owed
