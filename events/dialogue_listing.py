"""The dialogues of an agency with what hangs on each of them, as staff look for one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Count, F, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from engage.models import Agency, Dialogue, Theme
from engage.said_listing import NoSuchPage, Slice
from events.models import Event

PAGE: Final = 25


@dataclass(frozen=True, slots=True)
class DialogueRow:
    """One dialogue. meetings, themes: how many."""

    dialogue: Dialogue
    meetings: int
    themes: int


def dialogues_of(agency: Agency, *, before: str = "") -> Slice[DialogueRow]:
    """The latest first. One query. before: the id that the page before ended with. Raises NoSuchPage."""
    rows = Dialogue.objects.filter(agency=agency)
    if before:
        # Ids are made in the order of time.
        rows = rows.filter(pk__lt=_id(before))
    found = list(rows.annotate(meetings=_many(Event), themes_made=_many(Theme)).order_by("-pk")[: PAGE + 1])
    listed = [DialogueRow(one, one.meetings, one.themes_made) for one in found[:PAGE]]
    return Slice(listed, str(found[PAGE - 1].pk) if len(found) > PAGE else "")


def _many(model: type[Event | Theme]) -> Coalesce:
    rows = model._base_manager.filter(dialogue=OuterRef("pk")).order_by().values("dialogue")
    counted = rows.annotate(n=Count(F("pk"))).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NoSuchPage from None
