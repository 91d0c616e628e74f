"""The places of an agency as its staff look through them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Count, Q

from engage.models import Agency
from engage.rule_violation import Unknown
from events.models import EventStatus, Venue
from events.seats import OPEN

PAGE: Final = 50
_AHEAD: Final = [*OPEN, EventStatus.DRAFT.value]


@dataclass(frozen=True, slots=True)
class VenuePage:
    """One page, by name. Each venue with ``ahead``: how many meetings are planned there. next: None at the end."""

    venues: Sequence[Venue]
    next: UUID | None


def list_venues(agency: Agency, *, words: str = "", after: Venue | None = None) -> VenuePage:
    """words: of the name or address. One query."""
    found = Venue.objects.filter(agency=agency).annotate(ahead=_ahead())
    if words:
        found = found.filter(Q(name__icontains=words) | Q(address__icontains=words))
    if after is not None:
        found = found.filter(Q(name__gt=after.name) | Q(name=after.name, pk__gt=after.pk))
    rows = list(found.order_by("name", "pk")[: PAGE + 1])
    return VenuePage(rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None)


def venue_of(agency: Agency, venue_id: UUID) -> Venue:
    """With ``ahead``. Raises Unknown."""
    found = Venue.objects.filter(agency=agency, pk=venue_id).annotate(ahead=_ahead()).first()
    if found is None:
        raise Unknown
    return found


def _ahead() -> Count:
    return Count("events", filter=Q(events__status__in=_AHEAD))
