"""The commitments as staff look through them: by how they stand, by office, by subject, by words; drafts too."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.db.models import Q, QuerySet

from engage.agencies.models import Agency
from engage.commitments.models import Commitment
from engage.commitments.standing import OWED, Standing, staff_day, standings
from engage.database.ids import id_in
from engage.paging import slice_of
from engage.people.models import Person
from engage.refusals import Unknown
from engage.roles.answering import is_nobodys, is_of, with_owner

PAGE: Final = 50


class Show(StrEnum):
    """Which commitments."""

    OWED = "owed"
    LATE = "late"
    MOVED = "moved"
    AT_RISK = "at_risk"
    MINE = "mine"
    UNOWNED = "unowned"
    DRAFT = "draft"
    ENDED = "ended"
    ALL = "all"


# Ended ones have no next day: the newest commitment first.
_NEWEST_FIRST: Final = frozenset({Show.ENDED, Show.ALL})


@dataclass(frozen=True, slots=True)
class StaffSearch:
    """community: an id, or "none" for commitments that name no community. words: all must stand in the title; or ``#12``."""

    show: Show = Show.OWED
    office: str = ""
    focus_area: str = ""
    community: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """after: what to pass to get the next page, empty at the end."""

    commitments: list[Commitment]
    after: str


def commitments_for_staff(
    agency: Agency, *, wanted: StaffSearch, person: Person, today: dt.date, after: str = ""
) -> Found:
    """Fifty at a time by one statement, each with its owner. after: from the page before. Raises Unknown for nonsense."""
    rows = _filtered(agency, wanted, person, today)
    by = "created_at" if wanted.show in _NEWEST_FIRST else "due_on"
    down = wanted.show in _NEWEST_FIRST
    order = (f"-{by}", "-pk") if down else (by, "pk")
    page = slice_of(with_owner(rows), order, size=PAGE, after=after, refused=Unknown)
    for each in page.rows:
        each.agency = agency
    return Found(page.rows, page.following)


def _filtered(agency: Agency, wanted: StaffSearch, person: Person, today: dt.date) -> QuerySet[Commitment]:
    rows = Commitment.objects.filter(_which(agency, wanted.show, person, today), agency=agency)
    if wanted.office:
        rows = rows.filter(owner_office=wanted.office)
    if wanted.focus_area:
        rows = rows.filter(focus_area=wanted.focus_area)
    if wanted.community == "none":
        rows = rows.filter(communities=None)
    elif wanted.community:
        members = Commitment.communities.through.objects.filter(community_id=id_in(wanted.community))
        rows = rows.filter(pk__in=members.values("commitment_id"))
    for word in wanted.words.split()[:8]:
        number = word.removeprefix("#")
        found = Q(title__icontains=word)
        if number.isascii() and number.isdigit() and len(number) < 10:
            found |= Q(number=int(number))
        rows = rows.filter(found)
    return rows


def _which(agency: Agency, show: Show, person: Person, today: dt.date) -> Q:
    ways = standings(staff_day(agency, today))
    return {
        Show.OWED: OWED,
        Show.LATE: ways[Standing.LATE],
        Show.MOVED: ways[Standing.MOVED],
        Show.AT_RISK: ways[Standing.AT_RISK],
        Show.MINE: OWED & is_of(person.pk),
        Show.UNOWNED: OWED & is_nobodys(),
        Show.DRAFT: ways[Standing.DRAFT],
        Show.ENDED: Q(draft=False) & ~OWED,
        Show.ALL: Q(draft=False),
    }[show]
