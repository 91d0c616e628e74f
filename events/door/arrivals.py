"""Who has just come in: what the door says to them, and what they asked for, which is shown from then on only."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from engage.refusals import Unknown
from events.event.models import Event
from events.rsvps.models import CheckIn
from events.rsvps.needs.models import AccessRequest
from events.rsvps.tickets import name_of

_SHOWN: Final = (
    "client_id", "party", "at", "undone_at",
    "rsvp__agency_id", "rsvp__party_size", "rsvp__sealed_name",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NeedOfThem:
    """What they asked for, and what was arranged, in staff's words for them."""

    kind: str
    language: str
    status: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An arrival. expected: people of the RSVP, None for a walk-in; name: empty where none was given."""

    id: UUID
    client_id: str
    party: int
    expected: int | None
    at: dt.datetime
    is_undone: bool
    name: str
    needs: list[NeedOfThem]


def arrival_shown(event: Event, arrival_id: UUID) -> Shown:
    """One query. Raises Unknown."""
    asked = AccessRequest.objects.filter(rsvp=OuterRef("rsvp")).order_by("pk")
    row: Any = (
        CheckIn.objects.filter(event=event, pk=arrival_id)
        .select_related("rsvp")
        .only(*_SHOWN)
        .annotate(
            asked=ArraySubquery(
                asked.values(
                    said=JSONObject(kind="kind", language="language", status="status", outcome="outcome")
                )
            )
        )
        .first()
    )
    if row is None:
        raise Unknown
    return Shown(
        id=row.pk,
        client_id=row.client_id,
        party=row.party,
        expected=row.rsvp.party_size if row.rsvp else None,
        at=row.at,
        is_undone=row.undone_at is not None,
        name=name_of(row.rsvp) if row.rsvp else "",
        needs=[NeedOfThem(**need) for need in row.asked],
    )
