"""How the commitments stand, in numbers: for leadership and, without what is only a worry, for everyone.

A commitment of two communities counts in both their rows and once in the total. Nothing here is about residents' traits,
so no row is joined or hidden, however small.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from engage.agencies.models import Agency
from engage.commitments.models import Commitment
from engage.commitments.standing import (
    KEPT_ON_TIME,
    PUBLIC,
    Day,
    Standing,
    as_column,
    public_day,
    staff_day,
    standings,
)
from engage.local_time import local_day

COUNTED: Final = (
    "total", "on_track", "moved", "at_risk", "late", "kept", "kept_on_time", "kept_in_part", "not_kept", "will_not_do",
)  # fmt: skip
type Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Row:
    """``key``: a focus area's code, an office, a community's id; ``next_due_on``: what is owed next."""

    key: Any
    name: str
    counts: Counts
    kind: str = ""
    next_due_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """total = on_track + moved + at_risk + late + kept + kept_in_part + not_kept + will_not_do; each list the focus areas by their codes, the communities by name."""

    counts: Counts
    by_focus_area: list[Row] = field(default_factory=list)
    # What is due first on top.
    by_office: list[Row] = field(default_factory=list)
    # Those that name no community at all come first, under an empty key.
    by_community: list[Row] = field(default_factory=list)


def figures_of(
    agency: Agency, day: Day, *, start: dt.date | None = None, end: dt.date | None = None
) -> Figures:
    """Of the commitments made from ``start`` until before ``end``: two statements, whatever their number.

    On time is by the first date given, however often it was moved since.
    """
    made = _made_between(agency, start, end).annotate(standing=as_column(day)).order_by()
    numbers = {
        "n": Count("pk"),
        "on_time": Count("pk", filter=KEPT_ON_TIME),
        "next_due_on": Min("due_on"),
    }
    # Each has one focus area and one office: one pass serves both, and adds up to the total.
    cells = list(made.values("focus_area", "owner_office", "standing").annotate(**numbers))
    community = {
        "community": F("communities"),
        "name": F("communities__name"),
        "kind": F("communities__kind"),
    }
    named = list(made.values("standing", **community).annotate(**numbers))
    return Figures(
        counts=_counts(cells),
        by_focus_area=_rows(cells, "focus_area"),
        by_office=sorted(_rows(cells, "owner_office"), key=_most_pressing),
        by_community=sorted(_rows(named, "community"), key=_citywide_first),
    )


def follow_through(
    *,
    agency: Agency,
    today: dt.date,
    start: dt.date | None = None,
    end: dt.date | None = None,
    public: bool,
) -> dict[str, Any]:
    """The figures of ``/insights/follow-through/``: three statements.

    today: the agency's own. public: ``at_risk`` is None, and such commitments are on track. ageing: the late ones, the
    oldest first.
    """
    day = public_day(today) if public else staff_day(agency, today)
    found = figures_of(agency, day, start=start, end=end)
    late = _made_between(agency, start, end).filter(standings(day)[Standing.LATE])
    ageing = late.order_by("due_on", "number").values_list("pk", "due_on")

    by_name = sorted(found.by_office, key=lambda row: row.name)

    def told(counts: Counts) -> dict[str, int | None]:
        return {**counts, "at_risk": None if public else counts["at_risk"]}

    return {
        "counts": told(found.counts),
        "ageing": [{"commitment": pk, "days": (today - due_on).days} for pk, due_on in ageing],
        "by_focus_area": [{"focus_area": row.key, **told(row.counts)} for row in found.by_focus_area],
        "by_community": [
            {"community": row.key, "name": row.name, **told(row.counts)}
            for row in found.by_community
            if row.key is not None
        ],
        "by_owner_office": [{"owner_office": row.key, **told(row.counts)} for row in by_name],
    }


def _made_between(agency: Agency, start: dt.date | None, end: dt.date | None) -> QuerySet[Commitment]:
    """The agency's, drafts left out, made from ``start`` until before ``end`` by its own clock."""
    made = Commitment.objects.filter(agency=agency, draft=False)
    zone = ZoneInfo(agency.timezone)
    if start is not None:
        made = made.filter(created_at__gte=dt.datetime.combine(start, dt.time(), tzinfo=zone))
    if end is not None:
        made = made.filter(created_at__lt=dt.datetime.combine(end, dt.time(), tzinfo=zone))
    return made


def _rows(cells: Iterable[Mapping[str, Any]], by: str) -> list[Row]:
    groups: dict[Any, list[Mapping[str, Any]]] = {}
    for cell in cells:
        groups.setdefault(cell[by], []).append(cell)
    return [_row(key, groups[key]) for key in sorted(groups, key=str)]


def _row(key: Any, cells: list[Mapping[str, Any]]) -> Row:
    due = [cell["next_due_on"] for cell in cells if Standing(cell["standing"]).is_owed]
    name, kind = cells[0].get("name", key) or "", cells[0].get("kind") or ""
    return Row(key, str(name), _counts(cells), kind, min(due, default=None))


def _citywide_first(row: Row) -> tuple[bool, str, str]:
    return row.key is not None, row.name, str(row.key)


def _most_pressing(row: Row) -> tuple[bool, dt.date, str]:
    """What is due first on top; offices that owe nothing at the end."""
    return row.next_due_on is None, row.next_due_on or dt.date.max, row.name


def _counts(cells: Iterable[Mapping[str, Any]]) -> Counts:
    total: Counter[str] = Counter()
    for cell in cells:
        total[cell["standing"]] += cell["n"]
        total["total"] += cell["n"]
        total["kept_on_time"] += cell["on_time"]
    return {name: total[name] for name in COUNTED}


@dataclass(frozen=True, slots=True)
class Overdue:
    """days: since it was due. translations: of its title, by language."""

    number: int
    title: str
    translations: dict[str, dict[str, str]]
    days: int


@dataclass(frozen=True, slots=True)
class Tally:
    """Of the confirmed ones, as everyone is told. longest: which has been owed the longest of those that are late."""

    counts: Mapping[Standing, int] = field(default_factory=dict)
    since: dt.date | None = None
    longest: Overdue | None = None

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def public_tally(agency: Agency, *, today: dt.date) -> Tally:
    """today: the agency's own. One query."""
    # Both hang on the agency's one row, so that each is worked out once.
    counts, overdue = (
        Agency.objects.filter(pk=agency.pk)
        .values_list(Subquery(_standing_counts(today)), Subquery(_longest_overdue(today)))
        .first()
    ) or (None, None)
    if counts is None:
        return Tally()
    longest = None
    if overdue:
        days = (today - dt.date.fromisoformat(overdue.pop("due_on"))).days
        longest = Overdue(**overdue, days=days)
    first = dt.datetime.fromisoformat(counts["first"])
    return Tally({each: counts[each] for each in PUBLIC}, local_day(agency.timezone, first), longest)


def _commitments() -> QuerySet[Commitment]:
    return Commitment.objects.filter(agency=OuterRef("pk"), draft=False)


def _standing_counts(today: dt.date) -> QuerySet[Commitment, Any]:
    ways = standings(public_day(today))
    counts = {each.value: Count("pk", filter=ways[each]) for each in PUBLIC}
    rows = _commitments().order_by().values("agency")
    return rows.values(told=JSONObject(first=Min("created_at"), **counts))


def _longest_overdue(today: dt.date) -> QuerySet[Commitment, Any]:
    late = _commitments().filter(standings(public_day(today))[Standing.LATE]).order_by("due_on", "number")
    told = JSONObject(number="number", title="title", translations="translations", due_on="due_on")
    return late.values(told=told)[:1]
