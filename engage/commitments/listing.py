"""The commitments as everyone looks through them: the late ones first, by how they stand, subject, place, office and words."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from engage.agencies.models import Agency, Community, Pledge
from engage.agencies.pledges import pledges_of
from engage.commitments.models import Commitment, CommitmentUpdate
from engage.commitments.reading import hidden_in, shown_words
from engage.commitments.standing import (
    KEPT_LATE,
    PUBLIC,
    Standing,
    as_column,
    public_day,
    standing_on,
    standings,
)
from engage.local_time import local_day
from engage.paging import NoSuchPage, beyond, edge_in, edge_of
from engage.refusals import Unknown

PAGE: Final = 50
A_FEW: Final = 5
MOST_NEIGHBORHOODS: Final = 300
_WORDS_AT_MOST: Final = 8


@dataclass(frozen=True, slots=True)
class PublicSearch:
    """What is looked for; what is empty is not asked about. near: a community; citywide: those that name none.

    words: all must stand in the title; ``#12`` or ``12`` is also that commitment's number.
    """

    standings: frozenset[Standing] = frozenset()
    focus_areas: frozenset[str] = frozenset()
    near: UUID | None = None
    citywide: bool = False
    office: str = ""
    words: str = ""

    def __bool__(self) -> bool:
        return bool(self.standings) or self.narrows

    @property
    def narrows(self) -> bool:
        """Whether anything but how they stand is asked about."""
        return bool(self.focus_areas or self.near or self.citywide or self.office or self.words)


@dataclass(frozen=True, slots=True)
class Listed:
    """One commitment with what was said of it last; ``words`` are empty where nothing was said or it is hidden."""

    commitment: Commitment
    words: str


@dataclass(frozen=True, slots=True)
class Group:
    """number: how many there are in all. more: what ``after`` is to be for the next page; empty at the end."""

    standing: Standing
    number: int
    commitments: Sequence[Listed]
    more: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """all, kept_late, since, by_focus_area and offices are of every commitment; pledges: that the software holds; found and groups of the wanted ones."""

    all: Mapping[Standing, int]
    kept_late: int
    since: dt.date | None
    by_focus_area: Mapping[str, int]
    offices: Sequence[str]
    neighborhoods: Sequence[Community]
    pledges: Sequence[Pledge]
    found: int
    groups: Sequence[Group] = field(default_factory=list)


def search(agency: Agency, wanted: PublicSearch, *, today: dt.date, after: str = "") -> Found:
    """The first few of each standing, or a page of fifty where one standing is wanted. Four queries, however many rows.

    today: the agency's own. after: ``Group.more`` of the page before; only with one standing. Raises Unknown for nonsense.
    """
    cells = _cells(agency, wanted, today)
    everything, matching = _sum(cells, "n"), _sum(cells, "wanted" if wanted.narrows else "n")
    chosen = [each for each in PUBLIC if each in wanted.standings or not wanted.standings]
    if after and len(chosen) != 1:
        raise Unknown
    areas: Counter[str] = Counter()
    for cell in cells:
        areas[cell["focus_area"]] += cell["n"]
    return Found(
        all=everything,
        kept_late=sum(cell["kept_late"] for cell in cells),
        since=local_day(agency.timezone, min(cell["first"] for cell in cells)) if cells else None,
        by_focus_area=areas,
        offices=sorted({cell["owner_office"] for cell in cells}),
        neighborhoods=list(_neighborhoods(agency)),
        pledges=pledges_of(agency).enforced,
        found=sum(matching[each] for each in chosen),
        groups=_groups(agency, wanted, today, [each for each in chosen if matching[each]], matching, after),
    )


def listed(agency: Agency, ids: Collection[UUID]) -> list[Listed]:
    """These commitments of the agency, drafts left out, the one due first on top. One query."""
    rows = Commitment.objects.filter(agency=agency, draft=False, pk__in=ids).annotate(said=_last_words())
    return [_listed(agency, row) for row in rows.order_by("due_on", "number")]


def confirmed(agency: Agency, wanted: PublicSearch, today: dt.date) -> QuerySet[Commitment]:
    """Every commitment of the agency that is wanted, drafts left out; in no order."""
    rows = Commitment.objects.filter(_narrowed(wanted), agency=agency, draft=False)
    if wanted.standings:
        ways = standings(public_day(today))
        rows = rows.filter(reduce(or_, (ways[each] for each in wanted.standings)))
    return rows


def _narrowed(wanted: PublicSearch) -> Q:
    """All but how they stand."""
    rows = Q()
    if wanted.focus_areas:
        rows &= Q(focus_area__in=wanted.focus_areas)
    if wanted.office:
        rows &= Q(owner_office=wanted.office)
    members = Commitment.communities.through.objects
    if wanted.citywide:
        rows &= ~Q(pk__in=members.values("commitment_id"))
    elif wanted.near:
        rows &= Q(pk__in=members.filter(community_id=wanted.near).values("commitment_id"))
    for word in wanted.words.split()[:_WORDS_AT_MOST]:
        found, number = Q(title__icontains=word), word.removeprefix("#")
        if number.isascii() and number.isdigit() and len(number) < 10:
            found |= Q(number=int(number))
        rows &= found
    return rows


def _cells(agency: Agency, wanted: PublicSearch, today: dt.date) -> list[dict[str, Any]]:
    """By subject, office and standing, how many there are: every number beside a filter comes from these.

    How one stands is asked once a commitment; a count for each standing would ask it as often.
    """
    numbers = {"n": Count("pk"), "kept_late": Count("pk", filter=KEPT_LATE), "first": Min("created_at")}
    if wanted.narrows:
        numbers["wanted"] = Count("pk", filter=_narrowed(wanted))
    rows = Commitment.objects.filter(agency=agency, draft=False).order_by()
    rows = rows.annotate(standing=as_column(public_day(today)))
    return [dict(cell) for cell in rows.values("focus_area", "owner_office", "standing").annotate(**numbers)]


def _sum(cells: Iterable[Mapping[str, Any]], of: str) -> Mapping[Standing, int]:
    total: Counter[str] = Counter()
    for cell in cells:
        total[cell["standing"]] += cell[of]
    return {each: total[each] for each in PUBLIC}


def _groups(
    agency: Agency,
    wanted: PublicSearch,
    today: dt.date,
    chosen: Sequence[Standing],
    matching: Mapping[Standing, int],
    after: str,
) -> list[Group]:
    """One statement for all of them: the index gives the first few of each."""
    alone = len(wanted.standings) == 1
    size = PAGE if alone else A_FEW
    parts = [_part(agency, wanted, today, each, after)[: size + 1] for each in chosen]
    rows = list(_with_last_words(parts)) if parts else []
    day, groups = public_day(today), []
    for each in chosen:
        mine = [row for row in rows if standing_on(row, day) is each]
        # They come in no order; each part was cut in its own.
        mine.sort(key=_at, reverse=each.has_ended)
        shown = mine[:size]
        more = edge_of(shown[-1], _order(each)) if alone and len(mine) > size else ""
        groups.append(Group(each, matching[each], [_listed(agency, row) for row in shown], more))
    return groups


def _part(
    agency: Agency, wanted: PublicSearch, today: dt.date, standing: Standing, after: str
) -> QuerySet[Any]:
    order = _order(standing)
    rows = Commitment.objects.filter(
        standings(public_day(today))[standing], _narrowed(wanted), agency=agency, draft=False
    )
    if standing.has_ended:
        # Says nothing new; it is what the index on the day of the end can use.
        rows = rows.filter(closed_on__isnull=False)
    if after:
        rows = rows.filter(_beyond(after, order))
    return rows.order_by(*order)


def _order(standing: Standing) -> tuple[str, str]:
    """What ended last on top; of what is owed, what is due first."""
    return ("-closed_on", "-number") if standing.has_ended else ("due_on", "number")


def _with_last_words(parts: Sequence[QuerySet[Any]]) -> QuerySet[Any]:
    """The rows of all parts, each with its last words: these are looked for once it is known which rows are shown."""
    if len(parts) == 1:
        return parts[0].annotate(said=_last_words())
    keys = [part.values("pk") for part in parts]
    return Commitment.objects.filter(pk__in=keys[0].union(*keys[1:], all=True)).annotate(said=_last_words())


def _last_words() -> Subquery:
    """The newest line of a commitment that says something, with the names of its fields that are hidden."""
    lines = CommitmentUpdate.objects.filter(commitment=OuterRef("pk")).exclude(note="", reason="")
    told = JSONObject(note="note", reason="reason", hidden=hidden_in())
    return Subquery(lines.order_by("-number").values(told=told)[:1])


def _listed(agency: Agency, row: Any) -> Listed:
    row.agency = agency
    said = row.said or {}
    words = shown_words(said, set(said.get("hidden") or ())) if said else ""
    return Listed(row, words)


def _at(row: Commitment) -> tuple[dt.date, int]:
    return row.closed_on or row.due_on, row.number or 0


def _beyond(after: str, order: tuple[str, str]) -> Q:
    try:
        return beyond(edge_in(after, Commitment, order), order)
    except NoSuchPage:
        raise Unknown from None


def _neighborhoods(agency: Agency) -> Iterable[Community]:
    named = Community.objects.filter(agency=agency, kind=Community.Kind.NEIGHBORHOOD)
    return named.order_by("name", "pk")[:MOST_NEIGHBORHOODS]
