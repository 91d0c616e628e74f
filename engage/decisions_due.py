"""What leadership has to decide today: late promises, those at risk, those that nobody owns, and drafts that wait."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Count, F, Max, Q, QuerySet, Value

from engage.follow_through import standings
from engage.models import Agency, Commitment, CommitmentStatus

# So many of each kind are shown; the counts say how many there are.
SHOWN: Final = {"late": 8, "at_risk": 4, "unowned": 4, "draft": 4}


@dataclass(frozen=True, slots=True)
class DecisionsDue:
    """Each list in the order of urgency, at most ``SHOWN`` of it; ``counts`` by the same names counts them all.

    A promise stands in one list only, the first that fits. last_risk_on: the last day on which one at risk is due.
    """

    late: list[Commitment] = field(default_factory=list)
    at_risk: list[Commitment] = field(default_factory=list)
    unowned: list[Commitment] = field(default_factory=list)
    draft: list[Commitment] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    last_risk_on: dt.date | None = None


def decisions_due(agency: Agency, *, today: dt.date) -> DecisionsDue:
    """Two statements, whatever the number. today: the agency's own; each promise comes with its owner."""
    of = _kinds(agency, today)
    open_ones = Commitment.objects.filter(Q(draft=True) | _owed(), agency=agency)
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
    states = standings(agency, today)
    late, at_risk = states["late"], states["at_risk"]
    return {
        "late": Q(draft=False) & late,
        "at_risk": Q(draft=False) & at_risk,
        "unowned": Q(draft=False, owner=None) & states["on_track"],
        "draft": Q(draft=True),
    }


def _owed() -> Q:
    return Q(status__in=[CommitmentStatus.OPEN, CommitmentStatus.IN_PROGRESS], draft=False)


def _first(agency: Agency, name: str, kind: Q) -> QuerySet[Commitment, Any]:
    rows = Commitment.objects.filter(kind, agency=agency).order_by("due_on", "pk")
    named = rows.annotate(decision=Value(name), owner_name=F("owner__name"))
    return named[: SHOWN[name]]
