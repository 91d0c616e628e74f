"""The messages of one event as staff see them: how many of each kind, up to yesterday."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Max, Sum

from events.event.models import Event
from outreach.ledger.counts import delivery_counts
from outreach.ledger.kinds import kind_named


@dataclass(frozen=True, slots=True)
class KindOfMessage:
    """All messages of one kind up to yesterday. number: of places that they were written for; last: the last such day."""

    name: str
    number: int
    last: dt.date


def kinds_of_message(event: Event, *, now: dt.datetime) -> list[KindOfMessage]:
    """Named as staff speak of them. One query."""
    rows = delivery_counts([event.agency], now=now).filter(event=event).values("kind").order_by("kind")
    counted = rows.annotate(counted=Sum("number"), last=Max("day"))
    return [
        KindOfMessage(str(kind_named(row["kind"]).called), row["counted"], row["last"]) for row in counted
    ]
