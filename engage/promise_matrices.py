"""The leaders' figures of the promises, by focus area, community and office: three statements, whatever the number."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Case, CharField, Count, F, Min, Value, When

from engage.follow_through import COUNTED, made_between, standings
from engage.models import Agency, CommitmentStatus, Community

type Counts = Mapping[str, int]
_OWED: Final = ("on_track", "at_risk", "late")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a matrix. ``key``: a focus area's code, a community's id, an office; ``next_due_on``: what is owed next."""

    key: Any
    name: str
    counts: Counts
    kind: str = ""
    next_due_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Matrices:
    """total = kept + on_track + at_risk + late + not_kept + will_not_do. A promise of two communities is in both rows."""

    counts: Counts
    by_focus_area: list[Row] = field(default_factory=list)
    by_office: list[Row] = field(default_factory=list)
    # The promises that name no community at all come first, under an empty key.
    by_community: list[Row] = field(default_factory=list)


def matrices(
    agency: Agency, *, today: dt.date, start: dt.date | None = None, end: dt.date | None = None
) -> Matrices:
    """The promises made from ``start`` until before ``end``. today: the agency's own."""
    promises = made_between(agency, start, end).annotate(standing=_standing(agency, today)).order_by()
    on_time = Count("pk", filter=standings(agency, today)["kept_on_time"])
    figures = {"n": Count("pk"), "on_time": on_time, "next_due_on": Min("due_on")}
    # Each promise has one focus area and one office: one pass serves both, and adds up to the total.
    cells = list(promises.values("focus_area", "owner_office", "standing").annotate(**figures))
    named = list(promises.values("standing", community=F("communities")).annotate(**figures))
    communities = Community.objects.filter(agency=agency).in_bulk()
    return Matrices(
        counts=_counts(cells),
        by_focus_area=_rows(cells, "focus_area"),
        by_office=sorted(_rows(cells, "owner_office"), key=_most_pressing),
        by_community=sorted(_named(_rows(named, "community"), communities), key=_citywide_first),
    )


def _standing(agency: Agency, today: dt.date) -> Case:
    """How a promise stands, asked once a promise and not once a count."""
    ended = (CommitmentStatus.KEPT, CommitmentStatus.NOT_KEPT, CommitmentStatus.WILL_NOT_DO)
    return Case(
        *(When(status=status, then=Value(status.value)) for status in ended),
        When(due_on__lt=today, then=Value("late")),
        When(standings(agency, today)["at_risk"], then=Value("at_risk")),
        default=Value("on_track"),
        output_field=CharField(),
    )


def _rows(cells: Iterable[Mapping[str, Any]], by: str) -> list[Row]:
    groups: dict[Any, list[Mapping[str, Any]]] = {}
    for cell in cells:
        groups.setdefault(cell[by], []).append(cell)
    return [_row(key, groups[key]) for key in sorted(groups, key=str)]


def _row(key: Any, cells: list[Mapping[str, Any]]) -> Row:
    due = [cell["next_due_on"] for cell in cells if cell["standing"] in _OWED]
    return Row(key, str(key or ""), _counts(cells), next_due_on=min(due, default=None))


def _named(rows: Iterable[Row], communities: Mapping[Any, Community]) -> list[Row]:
    found = []
    for row in rows:
        community = communities.get(row.key)
        name, kind = (community.name, community.kind) if community else ("", "")
        found.append(Row(row.key, name, row.counts, kind, row.next_due_on))
    return found


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
