"""One event's overview: what is to do, who comes, what they need and ask, and what was sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from engage.agency_time import local_day
from events.models import Audience, ChecklistItem, Event, EventStatus
from events.room_codes import is_for_a_hall
from outreach.workspace_reading import overview_of
from web.desk.event_head import head_of, own_event
from web.desk.message_words import message_name
from web.desk.words import kind_standing, need_in_words, seats_in_words, short_day
from web.desk_frame import Desk, desk_page, show


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of the checklist that are due together."""

    name: str
    items: list[ChecklistItem]


@desk_page("events:read")
def workspace(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """For all staff to read; a liaison ticks and turns here."""
    event = own_event(desk, event_id)
    found = overview_of(event, now=desk.now)
    context = {
        "head": head_of(desk, event, "overview"),
        "event": event,
        "found": found,
        "seats": seats_in_words(event),
        "needs": [
            {"name": need_in_words(kind), "kind": kind, "standing": kind_standing(kind)}
            for kind in found.needs
        ],
        "messages_sent": [{"name": message_name(kind.kind), "kind": kind} for kind in found.messages],
        "turns": _turns(event),
        "has_wall": event.audience == Audience.PUBLIC and is_for_a_hall(event, desk.now),
    } | checklist_context(desk, event, found.checklist)
    return show(request, "console/workspace.html", desk, context, nav="events")


def checklist_context(desk: Desk, event: Event, items: list[ChecklistItem]) -> dict[str, Any]:
    """What console/_checklist.html shows."""
    done = [item for item in items if item.done_at]
    return {
        "event": event,
        "groups": _groups(
            event, [item for item in items if not item.done_at], local_day(event.timezone, desk.now)
        ),
        "done": done,
        "all_items": items,
        "may_tick": desk.runs_events,
        "today": local_day(event.timezone, desk.now),
    }


def _groups(event: Event, items: Iterable[ChecklistItem], today: dt.date) -> list[Group]:
    """By day: what is late, today, each day before the event, on the day, afterwards, whenever."""
    day = event.local_starts_at.date()
    groups: dict[str, list[ChecklistItem]] = {}
    for item in items:
        groups.setdefault(_group_name(item.due_on, day, today), []).append(item)
    return [Group(name, lines) for name, lines in groups.items()]


def _group_name(due: dt.date | None, day: dt.date, today: dt.date) -> str:
    if due is None:
        return _("Whenever")
    if due < today:
        return _("Overdue")
    if due == today:
        return _("Today")
    if due == day:
        return _("On the day")
    if due > day:
        return _("Afterwards, by {day}").format(day=short_day(due))
    return _("By {day}").format(day=short_day(due))


def _turns(event: Event) -> list[str]:
    """Which acts on its state the event allows now."""
    return {
        EventStatus.DRAFT.value: ["publish", "delete"],
        EventStatus.PUBLISHED.value: ["start", "cancel"],
        EventStatus.LIVE.value: ["end", "cancel"],
    }.get(event.status, [])
