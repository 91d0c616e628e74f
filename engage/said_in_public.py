"""What was said to the agency itself and is shown, with its answers: for everyone to read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q

from engage.models import Agency, Contribution
from engage.rule_violation import Unknown

PAGE: Final = 20


@dataclass(frozen=True, slots=True)
class Said:
    """more: what ``after`` is to be for the next page; empty at the end."""

    rows: Sequence[Contribution]
    more: str


def said_in_public(agency: Agency, *, after: str = "") -> Said:
    """The latest day first; no hour of it is kept. One query. after: ``Said.more``. Raises Unknown for nonsense."""
    rows = Contribution.objects.filter(
        agency=agency, event=None, dialogue=None, moderation=Contribution.Moderation.SHOWN
    )
    if after:
        rows = rows.filter(_beyond(after))
    found = list(rows.order_by("-said_on", "-pk")[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return Said(found[:PAGE], f"{last.said_on.isoformat()}_{last.pk}" if last else "")


def _beyond(after: str) -> Q:
    at, _, pk = after.partition("_")
    try:
        day, row = dt.date.fromisoformat(at), UUID(pk)
    except ValueError:
        raise Unknown from None
    # The first half says nothing new; it is what the index on the day can use.
    return Q(said_on__lte=day) & (Q(said_on__lt=day) | Q(said_on=day, pk__lt=row))
