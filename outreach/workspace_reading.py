"""The overview of one event: what is to do, who comes, what they need and ask, and what was sent."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count

from engage.models import Contribution, ContributionKind
from events.attending import attendance
from events.checklist_keeping import items_of
from events.event_warnings import Remark, warnings_about
from events.models import ChecklistItem, Event, EventStatus
from events.needs_reading import KindOfNeed, kinds_of_need
from events.place_listing import PlaceFigures, place_figures
from outreach.event_messages import KindOfMessage, kinds_of_message


@dataclass(frozen=True, slots=True)
class Overview:
    """questions: theme title ("" for not grouped yet) and how many. came: people, None before anybody can."""

    remarks: list[Remark]
    checklist: list[ChecklistItem]
    places: PlaceFigures
    needs: list[KindOfNeed]
    questions: list[tuple[str, int]]
    messages: list[KindOfMessage]
    came: int | None


def overview_of(event: Event, *, now: dt.datetime) -> Overview:
    """Five queries, and while or after people come, those of ``attendance``."""
    here = event.status in {EventStatus.LIVE, EventStatus.ENDED, EventStatus.REPORTED}
    return Overview(
        remarks=warnings_about(event, now=now),
        checklist=items_of(event),
        places=place_figures(event),
        needs=kinds_of_need(event),
        questions=questions_by_theme(event),
        messages=kinds_of_message(event, now=now),
        came=attendance(event)["total"] if here else None,
    )


def questions_by_theme(event: Event) -> list[tuple[str, int]]:
    """All but notes; the largest theme first, and last what has none yet. One query."""
    asked = Contribution.objects.filter(event=event).exclude(kind=ContributionKind.NOTE)
    rows = asked.values_list("theme__title").order_by().annotate(number=Count("pk"))
    found = [(title or "", number) for title, number in rows]
    return sorted(found, key=lambda row: (not row[0], -row[1], row[0]))
