"""One event's overview: what is to do, who comes, what they need and ask, and what was sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from engage.listening.models import Contribution, ContributionKind
from engage.local_time import local_day
from events.door.attendance import attendance
from events.event.models import Audience, Event
from events.event.standing import EventStanding, in_line, standing_of
from events.planning.checklist import items_of
from events.planning.fields import Remark, warnings_before_people_come
from events.planning.foreseeing import starts_early
from events.planning.models import ChecklistItem
from events.planning.room_codes import is_for_a_hall
from events.planning.turning import possible_acts
from events.rsvps.listing import RsvpFigures, rsvp_figures
from events.rsvps.needs.reading import KindOfNeed, kinds_of_need
from web.desk.messages import KindOfMessage, kinds_of_message
from web.events.staff_head import head_of, own_event
from web.rsvps.words import kind_standing, need_in_words, seats_in_words, short_day, too_large_in_words
from web.site.frames.staff import Desk, desk_page, show


@dataclass(frozen=True, slots=True)
class Overview:
    """questions: theme title ("" for not grouped yet) and how many. came: people, None before anybody can."""

    remarks: list[Remark]
    checklist: list[ChecklistItem]
    rsvps: RsvpFigures
    needs: list[KindOfNeed]
    questions: list[tuple[str, int]]
    messages: list[KindOfMessage]
    came: int | None


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of the checklist that are due together."""

    name: str
    items: list[ChecklistItem]


@desk_page("events:read")
def workspace(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """For all staff to read; a liaison ticks and turns here."""
    event = own_event(desk, event_id)
    found = _overview_of(event, now=desk.now)
    context = {
        "head": head_of(desk, event, "overview"),
        "event": event,
        "found": found,
        "seats": seats_in_words(event),
        "in_line": in_line(event),
        "too_large": too_large_in_words(event),
        "needs": [
            {"name": need_in_words(kind), "kind": kind, "standing": kind_standing(kind)}
            for kind in found.needs
        ],
        "turns": possible_acts(event, desk.now),
        "starts_early": starts_early(event, desk.now),
        "has_wall": event.audience == Audience.PUBLIC and is_for_a_hall(event, desk.now),
    } | checklist_context(desk, event, found.checklist)
    return show(request, "desk/workspace.html", desk, context, nav="events")


def checklist_context(desk: Desk, event: Event, items: list[ChecklistItem]) -> dict[str, Any]:
    """What desk/_checklist.html shows."""
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


def _overview_of(event: Event, *, now: dt.datetime) -> Overview:
    """Six queries, and while or after people come, those of ``attendance``."""
    standing = standing_of(event, now)
    here = standing is EventStanding.LIVE or standing.is_over
    return Overview(
        remarks=warnings_before_people_come(event, now=now),
        checklist=items_of(event),
        rsvps=rsvp_figures(event),
        needs=kinds_of_need(event),
        questions=_questions_by_theme(event),
        messages=kinds_of_message(event, now=now),
        came=attendance(event)["total"] if here else None,
    )


def _questions_by_theme(event: Event) -> list[tuple[str, int]]:
    """All but notes; the largest theme first, and last what has none yet. One query."""
    asked = Contribution.objects.filter(event=event).exclude(kind=ContributionKind.NOTE)
    rows = asked.values_list("theme__title").order_by().annotate(number=Count("pk"))
    found = [(title or "", number) for title, number in rows]
    return sorted(found, key=lambda row: (not row[0], -row[1], row[0]))
