"""The promises as staff look through them: by how they stand, by office, by subject, by words; drafts too."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet

from engage.follow_through import standings
from engage.models import Agency, Commitment, CommitmentStatus, Person
from engage.rule_violation import Unknown

PAGE: Final = 50


class Show(StrEnum):
    """Which promises."""

    OWED = "owed"
    LATE = "late"
    AT_RISK = "at_risk"
    MINE = "mine"
    UNOWNED = "unowned"
    DRAFT = "draft"
    ENDED = "ended"
    ALL = "all"


# Ended ones have no next day: the newest promise first.
_NEWEST_FIRST: Final = frozenset({Show.ENDED, Show.ALL})


@dataclass(frozen=True, slots=True)
class Wanted:
    """community: an id, or "none" for promises that name no community. words: all must stand in the title; or ``#12``."""

    show: Show = Show.OWED
    office: str = ""
    focus_area: str = ""
    community: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """after: what to pass to get the next page, empty at the end."""

    promises: list[Commitment]
    after: str


def promises_for_staff(
    agency: Agency, *, wanted: Wanted, person: Person, today: dt.date, after: str = ""
) -> Found:
    """Fifty at a time by one statement, each with its owner. after: from the page before. Raises Unknown for nonsense."""
    rows = _filtered(agency, wanted, person, today)
    by = "created_at" if wanted.show in _NEWEST_FIRST else "due_on"
    down = wanted.show in _NEWEST_FIRST
    if after:
        rows = rows.filter(_beyond(after, by, down=down))
    order = (f"-{by}", "-pk") if down else (by, "pk")
    found = list(rows.select_related("owner").order_by(*order)[: PAGE + 1])
    for each in found:
        each.agency = agency
    more = found[PAGE - 1] if len(found) > PAGE else None
    return Found(found[:PAGE], f"{getattr(more, by).isoformat()}_{more.pk}" if more else "")


def _filtered(agency: Agency, wanted: Wanted, person: Person, today: dt.date) -> QuerySet[Commitment]:
    rows = Commitment.objects.filter(_which(agency, wanted.show, person, today), agency=agency)
    if wanted.office:
        rows = rows.filter(owner_office=wanted.office)
    if wanted.focus_area:
        rows = rows.filter(focus_area=wanted.focus_area)
    if wanted.community == "none":
        rows = rows.filter(communities=None)
    elif wanted.community:
        members = Commitment.communities.through.objects.filter(community_id=_id(wanted.community))
        rows = rows.filter(pk__in=members.values("commitment_id"))
    for word in wanted.words.split()[:8]:
        number = word.removeprefix("#")
        found = Q(title__icontains=word)
        if number.isascii() and number.isdigit() and len(number) < 10:
            found |= Q(number=int(number))
        rows = rows.filter(found)
    return rows


def _which(agency: Agency, show: Show, person: Person, today: dt.date) -> Q:
    states = standings(agency, today)
    owed = Q(draft=False, status__in=[CommitmentStatus.OPEN, CommitmentStatus.IN_PROGRESS])
    return {
        Show.OWED: owed,
        Show.LATE: owed & states["late"],
        Show.AT_RISK: owed & states["at_risk"],
        Show.MINE: owed & Q(owner=person),
        Show.UNOWNED: owed & Q(owner=None),
        Show.DRAFT: Q(draft=True),
        Show.ENDED: Q(draft=False) & ~owed,
        Show.ALL: Q(draft=False),
    }[show]


def _beyond(after: str, by: str, *, down: bool) -> Q:
    at, _, pk = after.partition("_")
    value: Any
    try:
        value = dt.datetime.fromisoformat(at) if by == "created_at" else dt.date.fromisoformat(at)
    except ValueError:
        raise Unknown from None
    if by == "created_at" and value.tzinfo is None:
        raise Unknown
    past = "lt" if down else "gt"
    # The first half says nothing new; it is what an index on the day can use.
    return Q(**{f"{by}__{past}e": value}) & (
        Q(**{f"{by}__{past}": value}) | Q(**{by: value, f"pk__{past}": _id(pk)})
    )


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Unknown from None
