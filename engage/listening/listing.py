"""Reading what was said, as staff go through it: by page, by day, with the numbers beside the tabs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from engage.agencies.models import Agency
from engage.commitments.models import Commitment
from engage.listening.models import Contribution, Theme, WayIn
from engage.paging import Slice, slice_of

PAGE: Final = 25
THEMES_AT_MOST: Final = 200
_LATEST_FIRST: Final = ("-said_on", "-pk")
_Moderation = Contribution.Moderation


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many wait, are shown, and are hidden."""

    waiting: int = 0
    shown: int = 0
    hidden: int = 0


def contributions_to(
    agency: Agency, *, event: Any = None, kind: str = "", theme: UUID | None = None
) -> QuerySet[Contribution]:
    """What was said at the event, or (None) anywhere in the agency: at its meetings, in its dialogues, to itself."""
    rows = Contribution.objects.filter(agency=agency)
    if event is not None:
        rows = rows.filter(event=event)
    if kind:
        rows = rows.filter(kind=kind)
    return rows.filter(theme=theme) if theme else rows


def numbers_of(rows: QuerySet[Contribution]) -> Numbers:
    """One query."""
    counted = rows.order_by().values_list("moderation").annotate(n=Count("pk"))
    return Numbers(**{str(state): n for state, n in counted})


def page_of(
    rows: QuerySet[Contribution], *, moderation: str, after: str = "", size: int = PAGE
) -> Slice[Contribution]:
    """What waits longest first; of what was decided the latest day first. One query. Raises NoSuchPage.

    Within a day the order means nothing: no hour is kept, so that nobody's words can be told by it.
    """
    order = ("said_on", "pk") if moderation == _Moderation.WAITING else _LATEST_FIRST
    rows = rows.filter(moderation=moderation).select_related("agency", "event", "dialogue", "theme")
    return slice_of(rows, order, after=after, size=size)


def notes_of(event: Any, *, after: str = "", size: int = PAGE) -> Slice[Contribution]:
    """Notes of the room, the latest day first, each with the promises made of it. Two queries. Raises NoSuchPage."""
    rows = note_rows(event).select_related("theme").prefetch_related(_commitments())
    return slice_of(rows, _LATEST_FIRST, after=after, size=size)


def contribution_called(agency: Agency, contribution_id: UUID) -> Contribution | None:
    """One contribution of the agency, with what its row shows."""
    rows = Contribution.objects.select_related("agency", "event__dialogue", "dialogue", "theme")
    return rows.filter(agency=agency, pk=contribution_id).first()


def themes_of(contribution: Contribution) -> list[Theme]:
    """The headings under which it may stand; none for what was said to the agency as a whole."""
    if contribution.event is not None:
        return themes_for(contribution.event)
    if contribution.dialogue_id is None:
        return []
    return list(
        Theme.objects.filter(dialogue_id=contribution.dialogue_id).order_by("title", "pk")[:THEMES_AT_MOST]
    )


def note_called(event: Any, note_id: UUID) -> Contribution | None:
    """One note of the event, with what its row shows."""
    rows = note_rows(event).select_related("agency", "theme", "event__dialogue", "dialogue")
    return rows.prefetch_related(_commitments()).filter(pk=note_id).first()


def note_rows(event: Any) -> QuerySet[Contribution]:
    """What staff wrote down while people spoke."""
    return Contribution.objects.filter(event=event, way_in=WayIn.LIVE)


def themes_for(event: Any) -> list[Theme]:
    """The headings under which what is said at the event may stand: its dialogue's, and its own."""
    homes = Q(event=event)
    if event.dialogue_id is not None:
        homes |= Q(dialogue_id=event.dialogue_id)
    return list(Theme.objects.filter(homes).order_by("title", "pk")[:THEMES_AT_MOST])


def themes_with_numbers(*, dialogue_id: UUID | None = None, event: Any = None) -> list[Theme]:
    """Each with ``waiting`` (a number) and ``promised`` (whether a promise came from it). One query."""
    home = Q(dialogue_id=dialogue_id) if dialogue_id else Q(event=event)
    waiting = Count("contributions", filter=Q(contributions__moderation=_Moderation.WAITING))
    has_commitment = Exists(Commitment.objects.filter(theme=OuterRef("pk")))
    found = Theme.objects.filter(home).annotate(waiting=waiting, has_commitment=has_commitment)
    return list(found.order_by("-contributions_count", "title", "pk")[:THEMES_AT_MOST])


def _commitments() -> Prefetch[str, QuerySet[Commitment], str]:
    return Prefetch(
        "commitments", queryset=Commitment.objects.select_related("agency").order_by("created_at", "pk")
    )
