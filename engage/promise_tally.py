"""The promises of an agency in one look: how many stand how, since when, and which has been owed the longest."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from engage.agency_time import local_day
from engage.models import Agency, Commitment, CommitmentStatus

_OWED: Final = Q(status__in=[CommitmentStatus.OPEN, CommitmentStatus.IN_PROGRESS])


@dataclass(frozen=True, slots=True)
class Overdue:
    """days: since it was due. translations: of its title, by language."""

    number: int
    title: str
    translations: dict[str, dict[str, str]]
    days: int


@dataclass(frozen=True, slots=True)
class PromiseTally:
    """total = kept + track + late + failed + stopped. Whether one is at risk is no business of the public's."""

    total: int = 0
    kept: int = 0
    track: int = 0
    late: int = 0
    failed: int = 0
    stopped: int = 0
    since: dt.date | None = None
    longest: Overdue | None = None


def public_tally(agency: Agency, *, today: dt.date) -> PromiseTally:
    """Of the confirmed promises. today: the agency's own. One query."""
    # Both hang on the agency's one row, so that each is worked out once.
    found = (
        Agency.objects.filter(pk=agency.pk)
        .values_list(Subquery(_counts(today)), Subquery(_longest_overdue(today)))
        .first()
    )
    if found is None or found[0] is None:
        return PromiseTally()
    return _tally(*found, agency=agency, today=today)


def _promises() -> QuerySet[Commitment]:
    return Commitment.objects.filter(agency=OuterRef("pk"), draft=False)


def _counts(today: dt.date) -> QuerySet[Commitment, Any]:
    return (
        _promises()
        .order_by()
        .values("agency")
        .values(
            told=JSONObject(
                total=Count("pk"),
                kept=Count("pk", filter=Q(status=CommitmentStatus.KEPT)),
                track=Count("pk", filter=_OWED & Q(due_on__gte=today)),
                late=Count("pk", filter=_OWED & Q(due_on__lt=today)),
                failed=Count("pk", filter=Q(status=CommitmentStatus.NOT_KEPT)),
                stopped=Count("pk", filter=Q(status=CommitmentStatus.WILL_NOT_DO)),
                first=Min("created_at"),
            )
        )
    )


def _longest_overdue(today: dt.date) -> QuerySet[Commitment, Any]:
    late = _promises().filter(_OWED, due_on__lt=today).order_by("due_on", "number")
    told = JSONObject(number="number", title="title", translations="translations", due_on="due_on")
    return late.values(told=told)[:1]


def _tally(
    counts: dict[str, Any], overdue: dict[str, Any] | None, *, agency: Agency, today: dt.date
) -> PromiseTally:
    first = dt.datetime.fromisoformat(counts.pop("first"))
    longest = None
    if overdue:
        days = (today - dt.date.fromisoformat(overdue.pop("due_on"))).days
        longest = Overdue(**overdue, days=days)
    return PromiseTally(**counts, since=local_day(agency.timezone, first), longest=longest)
