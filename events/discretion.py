"""Whether naming something names a discreet meeting: the meeting, what was said at it, and all that came of it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db.models import Q

from engage.models import Commitment, Contribution, Theme
from events.models import Event

# Of which themes, promises or words a meeting is the origin: by themselves, by their theme, or by the dialogue of either.
_HOMES: Final = ("event_id", "dialogue_id", "theme__event_id", "theme__dialogue_id")


def is_discreet(kind: str, target_id: UUID) -> bool:
    """kind: event, dialogue, theme, commitment or contribution; whatever else is nobody's secret. Two queries at most.

    A dialogue is discreet as soon as one of its meetings is: who follows it wants to hear of that one too.
    """
    if kind == "event":
        return _is_one(events={target_id})
    if kind == "dialogue":
        return _is_one(dialogues={target_id})
    if kind == "theme":
        home = Theme.objects.filter(pk=target_id).values_list("event_id", "dialogue_id").first()
        return home is not None and _is_one(events={home[0]}, dialogues={home[1]})
    if kind in {"commitment", "contribution"}:
        rows = (Commitment if kind == "commitment" else Contribution).objects
        found = rows.filter(pk=target_id).values_list(*_HOMES).first()
        return found is not None and _is_one(events={found[0], found[2]}, dialogues={found[1], found[3]})
    return False


def _is_one(*, events: set[UUID | None] = frozenset(), dialogues: set[UUID | None] = frozenset()) -> bool:  # type: ignore[assignment]
    homes = Q(pk__in=events - {None}) | Q(dialogue__in=dialogues - {None})
    if not (events | dialogues) - {None}:
        return False
    return Event.objects.filter(homes, discreet=True).exists()
