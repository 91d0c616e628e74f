"""Whether naming something names a discreet meeting: the meeting, what was said at it, and all that came of it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from engage.commitments.models import Commitment
from engage.listening.models import Contribution, Theme
from events.event.models import Event
from events.event.permissions import public_events

# Of which themes, promises or words a meeting is the origin: by themselves, by their theme, or by the dialogue of either.
# A meeting and a dialogue by turns.
_HOMES: Final = ("event_id", "dialogue_id", "theme__event_id", "theme__dialogue_id")


def is_discreet(kind: str, target_id: UUID) -> bool:
    """kind: event, dialogue, theme, commitment or contribution; whatever else is nobody's secret. Two queries at most.

    A dialogue is discreet as soon as one of its meetings is: who follows it wants to hear of that one too.
    """
    return _is_one(kind, target_id, Event.objects.all())


def is_seen_to_be_discreet(kind: str, target_id: UUID) -> bool:
    """The same by meetings that everybody can see: what the headers of an answer to everybody may go by.

    One that is planned, or for staff, would be told of by a page that a cache was allowed to keep until yesterday.
    """
    return _is_one(kind, target_id, public_events())


def _is_one(kind: str, target_id: UUID, among: QuerySet[Event]) -> bool:
    events, dialogues = _homes_of(kind, target_id)
    if not (events or dialogues):
        return False
    return among.filter(Q(pk__in=events) | Q(dialogue__in=dialogues), discreet=True).exists()


def _homes_of(kind: str, target_id: UUID) -> tuple[set[UUID], set[UUID]]:
    """The meetings and the dialogues that it is, or came of."""
    if kind == "event":
        return {target_id}, set()
    if kind == "dialogue":
        return set(), {target_id}
    found: tuple[UUID | None, ...] | None = None
    if kind == "theme":
        found = Theme.objects.filter(pk=target_id).values_list("event_id", "dialogue_id").first()
    elif kind in {"commitment", "contribution"}:
        rows = (Commitment if kind == "commitment" else Contribution).objects
        found = rows.filter(pk=target_id).values_list(*_HOMES).first()
    homes = found or ()
    return {one for one in homes[::2] if one}, {one for one in homes[1::2] if one}
