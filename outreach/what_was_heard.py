"""What came of the meetings, as everyone reads it: the published summaries of public meetings, the newest first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from engage.agency_time import local_day
from engage.models import Agency
from engage.promise_listing import Listed, listed
from engage.rule_violation import Unknown
from events.access import public_events
from outreach.models import SummaryStatus, SummaryVersion

PAGE: Final = 20


@dataclass(frozen=True, slots=True)
class Heard:
    """versions: the latest wording of each summary. more: what ``after`` is to be for the next page; empty at the end."""

    versions: Sequence[SummaryVersion]
    more: str


@dataclass(frozen=True, slots=True)
class ShownSummary:
    """corrections: the published versions after the first, the newest first. today: the agency's own."""

    version: SummaryVersion
    first_published_at: dt.datetime
    corrections: Sequence[SummaryVersion]
    promises: Sequence[Listed]
    today: dt.date


def published_summaries(agency: Agency, *, after: str = "") -> Heard:
    """Twenty at a time, by one query. after: ``Heard.more`` of the page before. Raises Unknown for nonsense."""
    rows = _published().filter(agency=agency)
    if after:
        rows = rows.filter(_beyond(after))
    # One row a summary: of its published versions the last.
    rows = rows.order_by("-summary__first_published_at", "-summary_id", "-number")
    rows = rows.distinct("summary__first_published_at", "summary_id")
    found = list(rows.select_related("summary__event").defer("summary__event__vevent")[: PAGE + 1])
    for each in found:
        each.summary.event.agency = agency
    last = found[PAGE - 1].summary if len(found) > PAGE else None
    return Heard(
        found[:PAGE],
        f"{last.first_published_at.isoformat()}_{last.pk}" if last and last.first_published_at else "",
    )


def summary_of(event_id: UUID, *, now: dt.datetime) -> ShownSummary:
    """In its latest published wording. Two queries. Raises Unknown where nothing is published, or the meeting is not public."""
    versions = list(
        _published()
        .filter(summary__event_id=event_id)
        .select_related("summary__event__agency", "summary__event__venue")
        .order_by("-number")
    )
    if not versions or versions[0].summary.first_published_at is None:
        raise Unknown
    newest, agency = versions[0], versions[0].summary.event.agency
    return ShownSummary(
        version=newest,
        first_published_at=versions[0].summary.first_published_at,
        corrections=[each for each in versions if each.number > 1 and each.correction_note],
        promises=listed(agency, newest.will_do),
        today=local_day(agency.timezone, now),
    )


def _published() -> QuerySet[SummaryVersion]:
    public = public_events().values("pk")
    return SummaryVersion.objects.filter(status=SummaryStatus.PUBLISHED, summary__event__in=public)


def _beyond(after: str) -> Q:
    at, _, pk = after.partition("_")
    try:
        moment, row = dt.datetime.fromisoformat(at), UUID(pk)
    except ValueError:
        raise Unknown from None
    if moment.tzinfo is None:
        raise Unknown
    first = "summary__first_published_at"
    return Q(**{f"{first}__lt": moment}) | Q(**{first: moment, "summary_id__lt": row})
