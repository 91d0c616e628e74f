"""What leadership has to decide today: what is late, at risk, moved and silent again, or nobody's, and drafts that wait."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Count, F, Max, Q, QuerySet, Value

from engage.agencies.models import Agency
from engage.commitments.models import Commitment
from engage.commitments.standing import OWED, Standing, due_soon_and_silent, staff_day, standings
from engage.roles.answering import is_nobodys, owner_read

# So many of each kind are shown; the counts say how many there are.
SHOWN: Final = {"late": 8, "at_risk": 4, "moved": 4, "unowned": 4, "draft": 4}


@dataclass(frozen=True, slots=True)
class DecisionsDue:
    """Each list in the order of urgency, at most ``SHOWN`` of it; ``counts`` by the same names counts them all.

    A commitment stands in one list only, the first that fits. last_risk_on: the last day on which one at risk is due.
    """

    late: list[Commitment] = field(default_factory=list)
    at_risk: list[Commitment] = field(default_factory=list)
    # Moved, and due soon again without a word.
    moved: list[Commitment] = field(default_factory=list)
    unowned: list[Commitment] = field(default_factory=list)
    draft: list[Commitment] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    last_risk_on: dt.date | None = None


def decisions_due(agency: Agency, *, today: dt.date) -> DecisionsDue:
    """Two statements, whatever the number. today: the agency's own; each commitment comes with its owner."""
    of = _kinds(agency, today)
    open_ones = Commitment.objects.filter(Q(draft=True) | OWED, agency=agency)
    counted = open_ones.aggregate(
        **{f"n_{name}": Count("pk", filter=kind) for name, kind in of.items()},
        last_risk_on=Max("due_on", filter=of["at_risk"]),
    )
    parts = [_first(agency, name, kind) for name, kind in of.items()]
    lists: dict[str, list[Commitment]] = {name: [] for name in of}
    for row in parts[0].union(*parts[1:], all=True).order_by("due_on", "pk"):
        row.agency = agency
        lists[row.decision].append(row)
    counts = {name: counted[f"n_{name}"] for name in of}
    return DecisionsDue(**lists, counts=counts, last_risk_on=counted["last_risk_on"])


def _kinds(agency: Agency, today: dt.date) -> dict[str, Q]:
    day = staff_day(agency, today)
    ways, worry = standings(day), due_soon_and_silent(day)
    return {
        "late": ways[Standing.LATE],
        "at_risk": ways[Standing.AT_RISK],
        "moved": ways[Standing.MOVED] & worry,
        "unowned": ((ways[Standing.MOVED] & ~worry) | ways[Standing.ON_TRACK]) & is_nobodys(),
        "draft": ways[Standing.DRAFT],
    }


def _first(agency: Agency, name: str, kind: Q) -> QuerySet[Commitment, Any]:
    rows = Commitment.objects.filter(kind, agency=agency).order_by("due_on", "pk")
    named = rows.annotate(decision=Value(name), owner_name=F("owner__name"), **owner_read())
    return named[: SHOWN[name]]
