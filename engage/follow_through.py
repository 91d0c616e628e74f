"""How the promises stand: figures for leadership and, without what is only a worry, for everyone.

A promise of two communities counts in both their rows and once in the total. Nothing here is about residents' traits,
so no row is joined or hidden, however small.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, QuerySet

from engage.models import Agency, Commitment, CommitmentStatus
from engage.promise_changes import silent_since

COUNTED: Final = ("total", "kept", "kept_on_time", "on_track", "at_risk", "late", "not_kept", "will_not_do")


def follow_through(
    *,
    agency: Agency,
    today: dt.date,
    start: dt.date | None = None,
    end: dt.date | None = None,
    public: bool,
) -> dict[str, Any]:
    """The figures of ``/insights/follow-through/`` over the promises made from ``start`` until before ``end``.

    today: the agency's own. On time is by the first date given, however often it was moved since. total = kept +
    on_track + at_risk + late + not_kept + will_not_do. public: ``at_risk`` is None, and such promises are on track.
    ageing: the late ones, the oldest first. Three queries, whatever the number of promises.
    """
    promises = made_between(agency, start, end)
    states = standings(agency, today)
    # Each promise has one focus area and one office: one pass serves both, and adds up to the total.
    cells = _rows(promises.values("focus_area", "owner_office"), states, public=public)
    by_focus_area, by_owner_office = (_joined(cells, by, public) for by in ("focus_area", "owner_office"))
    of_communities = promises.filter(communities__isnull=False)
    by_community = _rows(
        of_communities.values(community=F("communities"), name=F("communities__name")), states, public=public
    )
    late = promises.filter(states["late"]).order_by("due_on", "number").values_list("pk", "due_on")
    return {
        "counts": _sum(cells, public=public),
        "ageing": [{"commitment": pk, "days": (today - due_on).days} for pk, due_on in late],
        "by_focus_area": by_focus_area,
        "by_community": sorted(by_community, key=lambda row: (str(row["name"]), row["community"])),
        "by_owner_office": by_owner_office,
    }


def made_between(agency: Agency, start: dt.date | None, end: dt.date | None) -> QuerySet[Commitment]:
    """The agency's promises, drafts left out, made from ``start`` until before ``end`` by its own clock."""
    promises = Commitment.objects.filter(agency=agency, draft=False)
    zone = ZoneInfo(agency.timezone)
    if start is not None:
        promises = promises.filter(created_at__gte=dt.datetime.combine(start, dt.time(), tzinfo=zone))
    if end is not None:
        promises = promises.filter(created_at__lt=dt.datetime.combine(end, dt.time(), tzinfo=zone))
    return promises


def standings(agency: Agency, today: dt.date) -> dict[str, Q]:
    """How a promise may stand on ``today`` (the agency's own), each as a filter. The names are ``COUNTED``'s."""
    owed = Q(status__in=[CommitmentStatus.OPEN, CommitmentStatus.IN_PROGRESS])
    kept = Q(status=CommitmentStatus.KEPT)
    due_soon = Q(due_on__gte=today, due_on__lte=today + dt.timedelta(days=agency.at_risk_due_days))
    at_risk = owed & due_soon & silent_since(today - dt.timedelta(days=agency.at_risk_silent_days))
    return {
        "total": Q(pk__isnull=False),
        "kept": kept,
        "kept_on_time": kept & Q(closed_on__lte=F("first_due_on")),
        "on_track": owed & Q(due_on__gte=today) & ~at_risk,
        "at_risk": at_risk,
        "late": owed & Q(due_on__lt=today),
        "not_kept": Q(status=CommitmentStatus.NOT_KEPT),
        "will_not_do": Q(status=CommitmentStatus.WILL_NOT_DO),
    }


def counted(groups: Any, states: Mapping[str, Q]) -> Any:
    """Each group with how many of its promises stand how, as ``n_<name>``; in no order."""
    return groups.order_by().annotate(
        **{f"n_{name}": Count("pk", filter=state) for name, state in states.items()}
    )


def _rows(groups: Any, states: Mapping[str, Q], *, public: bool) -> list[dict[str, Any]]:
    return [_row(dict(row), public=public) for row in counted(groups, states)]


def _row(row: dict[str, Any], *, public: bool) -> dict[str, Any]:
    counts: dict[str, Any] = {name: row.pop(f"n_{name}") for name in COUNTED}
    if public:
        counts["on_track"] += counts["at_risk"]
        counts["at_risk"] = None
    return row | counts


def _joined(cells: list[dict[str, Any]], by: str, public: bool) -> list[dict[str, Any]]:
    """One row a value of ``by``, in their order."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for cell in cells:
        groups.setdefault(str(cell[by]), []).append(cell)
    return [{by: value, **_sum(groups[value], public=public)} for value in sorted(groups)]


def _sum(rows: Iterable[Mapping[str, Any]], *, public: bool) -> dict[str, int | None]:
    total: Counter[str] = Counter()
    for row in rows:
        total.update({name: row[name] or 0 for name in COUNTED})
    return {name: None if public and name == "at_risk" else total[name] for name in COUNTED}
