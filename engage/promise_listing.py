"""The promises as everyone looks through them: the late ones first, by how they stand, subject, place, office and words."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.db.models import Case, CharField, Count, F, Min, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import JSONObject

from engage.agency_time import local_day
from engage.models import Agency, Commitment, CommitmentStatus, CommitmentUpdate, Community, Pledge
from engage.promise_wording import hidden_in, shown_words
from engage.rule_violation import Unknown

PAGE: Final = 50
A_FEW: Final = 5
MOST_NEIGHBORHOODS: Final = 300
_WORDS_AT_MOST: Final = 8


class Standing(StrEnum):
    """How a promise stands for everyone, in the order in which the list shows it."""

    LATE = "late"
    TRACK = "track"
    FAILED = "failed"
    STOPPED = "stopped"
    KEPT = "kept"


_STANDING_AT_THE_END: Final = {
    CommitmentStatus.KEPT: Standing.KEPT,
    CommitmentStatus.NOT_KEPT: Standing.FAILED,
    CommitmentStatus.WILL_NOT_DO: Standing.STOPPED,
}
_ENDED: Final = frozenset(_STANDING_AT_THE_END.values())


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; what is empty is not asked about. near: a community; citywide: those that name none.

    words: all must stand in the title; ``#12`` or ``12`` is also that promise's number.
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
    """One promise with what was said of it last; ``words`` are empty where nothing was said or it is hidden."""

    promise: Commitment
    words: str


@dataclass(frozen=True, slots=True)
class Group:
    """number: how many there are in all. more: what ``after`` is to be for the next page; empty at the end."""

    standing: Standing
    number: int
    promises: Sequence[Listed]
    more: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """all, kept_late, since, by_focus_area and offices are of every promise; found and groups of the wanted ones."""

    all: Mapping[Standing, int]
    kept_late: int
    since: dt.date | None
    by_focus_area: Mapping[str, int]
    offices: Sequence[str]
    neighborhoods: Sequence[Community]
    pledges: Sequence[Pledge]
    found: int
    groups: Sequence[Group] = field(default_factory=list)


def look_through(agency: Agency, wanted: Wanted, *, today: dt.date, after: str = "") -> Looked:
    """The first few of each standing, or a page of fifty where one standing is wanted. Four queries, however many rows.

    today: the agency's own. after: ``Group.more`` of the page before; only with one standing. Raises Unknown for nonsense.
    """
    cells = _cells(agency, wanted, today)
    everything, matching = _sum(cells, "n"), _sum(cells, "wanted" if wanted.narrows else "n")
    chosen = [each for each in Standing if each in wanted.standings or not wanted.standings]
    if after and len(chosen) != 1:
        raise Unknown
    areas: Counter[str] = Counter()
    for cell in cells:
        areas[cell["focus_area"]] += cell["n"]
    return Looked(
        all=everything,
        kept_late=sum(cell["kept_late"] for cell in cells),
        since=local_day(agency.timezone, min(cell["first"] for cell in cells)) if cells else None,
        by_focus_area=areas,
        offices=sorted({cell["owner_office"] for cell in cells}),
        neighborhoods=list(_neighborhoods(agency)),
        pledges=list(Pledge.objects.filter(agency=agency, withdrawn_on=None).order_by("signed_on", "pk")),
        found=sum(matching[each] for each in chosen),
        groups=_groups(agency, wanted, today, [each for each in chosen if matching[each]], matching, after),
    )


def listed(agency: Agency, ids: Collection[UUID]) -> list[Listed]:
    """These promises of the agency, drafts left out, the one due first on top. One query."""
    rows = Commitment.objects.filter(agency=agency, draft=False, pk__in=ids).annotate(said=_last_said())
    return [_listed(agency, row) for row in rows.order_by("due_on", "number")]


def standing_filter(standing: Standing, today: dt.date) -> Q:
    """today: the agency's own."""
    owed = Q(status__in=[CommitmentStatus.OPEN, CommitmentStatus.IN_PROGRESS])
    return {
        Standing.LATE: owed & Q(due_on__lt=today),
        Standing.TRACK: owed & Q(due_on__gte=today),
        Standing.FAILED: Q(status=CommitmentStatus.NOT_KEPT),
        Standing.STOPPED: Q(status=CommitmentStatus.WILL_NOT_DO),
        Standing.KEPT: Q(status=CommitmentStatus.KEPT),
    }[standing]


def confirmed(agency: Agency, wanted: Wanted, today: dt.date) -> QuerySet[Commitment]:
    """Every promise of the agency that is wanted, drafts left out; in no order."""
    rows = Commitment.objects.filter(_narrowed(wanted), agency=agency, draft=False)
    if wanted.standings:
        states = Q()
        for each in wanted.standings:
            states |= standing_filter(each, today)
        rows = rows.filter(states)
    return rows


def _narrowed(wanted: Wanted) -> Q:
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


def _cells(agency: Agency, wanted: Wanted, today: dt.date) -> list[dict[str, Any]]:
    """By subject, office and standing, how many there are: every number beside a filter comes from these.

    How one stands is asked once a promise; a count for each standing would ask it as often.
    """
    after_its_day = Q(status=CommitmentStatus.KEPT, closed_on__gt=F("first_due_on"))
    figures = {"n": Count("pk"), "kept_late": Count("pk", filter=after_its_day), "first": Min("created_at")}
    if wanted.narrows:
        figures["wanted"] = Count("pk", filter=_narrowed(wanted))
    # The most promises have ended, most of them well: asked in this order, one question is enough for nearly all.
    states = Case(
        *(When(status=status, then=Value(each.value)) for status, each in _STANDING_AT_THE_END.items()),
        When(due_on__lt=today, then=Value(Standing.LATE.value)),
        default=Value(Standing.TRACK.value),
        output_field=CharField(),
    )
    rows = Commitment.objects.filter(agency=agency, draft=False).order_by().annotate(standing=states)
    return [dict(cell) for cell in rows.values("focus_area", "owner_office", "standing").annotate(**figures)]


def _sum(cells: Iterable[Mapping[str, Any]], of: str) -> Mapping[Standing, int]:
    total: Counter[str] = Counter()
    for cell in cells:
        total[cell["standing"]] += cell[of]
    return {each: total[each] for each in Standing}


def _groups(
    agency: Agency,
    wanted: Wanted,
    today: dt.date,
    chosen: Sequence[Standing],
    matching: Mapping[Standing, int],
    after: str,
) -> list[Group]:
    """One statement for all of them: the index gives the first few of each."""
    alone = len(wanted.standings) == 1
    size = PAGE if alone else A_FEW
    parts = [_part(agency, wanted, today, each, after)[: size + 1] for each in chosen]
    rows = list(_with_what_was_said(parts)) if parts else []
    groups = []
    for each in chosen:
        mine = [row for row in rows if _standing(row, today) is each]
        # They come in no order; each part was cut in its own.
        mine.sort(key=_place, reverse=each in _ENDED)
        shown = mine[:size]
        more = _edge(shown[-1]) if alone and len(mine) > size else ""
        groups.append(Group(each, matching[each], [_listed(agency, row) for row in shown], more))
    return groups


def _part(agency: Agency, wanted: Wanted, today: dt.date, standing: Standing, after: str) -> QuerySet[Any]:
    by, down = ("closed_on", True) if standing in _ENDED else ("due_on", False)
    rows = Commitment.objects.filter(
        standing_filter(standing, today), _narrowed(wanted), agency=agency, draft=False
    )
    if standing in _ENDED:
        # Says nothing new; it is what the index on the day of the end can use.
        rows = rows.filter(closed_on__isnull=False)
    if after:
        rows = rows.filter(_beyond(after, by, down=down))
    sign = "-" if down else ""
    return rows.order_by(f"{sign}{by}", f"{sign}number")


def _with_what_was_said(parts: Sequence[QuerySet[Any]]) -> QuerySet[Any]:
    """The rows of all parts, each with its last words: these are looked for once it is known which rows are shown."""
    if len(parts) == 1:
        return parts[0].annotate(said=_last_said())
    keys = [part.values("pk") for part in parts]
    return Commitment.objects.filter(pk__in=keys[0].union(*keys[1:], all=True)).annotate(said=_last_said())


def _standing(promise: Commitment, today: dt.date) -> Standing:
    """The same as ``standing_filter``, for one that is at hand."""
    owed = Standing.LATE if promise.due_on < today else Standing.TRACK
    return _STANDING_AT_THE_END.get(CommitmentStatus(promise.status), owed)


def _last_said() -> Subquery:
    """The newest line of a promise that says something, with the names of its fields that are hidden."""
    lines = CommitmentUpdate.objects.filter(commitment=OuterRef("pk")).exclude(note="", reason="")
    told = JSONObject(note="note", reason="reason", hidden=hidden_in())
    return Subquery(lines.order_by("-number").values(told=told)[:1])


def _listed(agency: Agency, row: Any) -> Listed:
    row.agency = agency
    said = row.said or {}
    words = shown_words(said, set(said.get("hidden") or ())) if said else ""
    return Listed(row, words)


def _place(row: Commitment) -> tuple[dt.date, int]:
    return row.closed_on or row.due_on, row.number or 0


def _edge(last: Commitment) -> str:
    day, number = _place(last)
    return f"{day.isoformat()}_{number}"


def _beyond(after: str, by: str, *, down: bool) -> Q:
    at, _, number = after.partition("_")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise Unknown
    try:
        day = dt.date.fromisoformat(at)
    except ValueError:
        raise Unknown from None
    past = "lt" if down else "gt"
    # The first half says nothing new; it is what an index on the day can use.
    return Q(**{f"{by}__{past}e": day}) & (
        Q(**{f"{by}__{past}": day}) | Q(**{by: day, f"number__{past}": int(number)})
    )


def _neighborhoods(agency: Agency) -> Iterable[Community]:
    named = Community.objects.filter(agency=agency, kind=Community.Kind.NEIGHBORHOOD)
    return named.order_by("name", "pk")[:MOST_NEIGHBORHOODS]
