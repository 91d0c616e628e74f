"""What we heard: every published summary of an agency, and one of them with its promises as they stand today."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language

from engage.agencies.models import Agency
from engage.commitments.listing import Listed, listed
from engage.commitments.standing import Standing
from engage.local_time import local_day
from engage.paging import Slice, slice_of
from engage.refusals import Unknown
from outreach.summaries.models import SummaryVersion
from outreach.summaries.reading import published_versions, words_of
from web.commitments.rows import late_first, row_of
from web.commitments.rows import title_of as commitment_title
from web.commitments.words import legend
from web.events.words import outside_name_of
from web.site.frames.discretion import title_of
from web.site.frames.public import public_page, show, the_agency

PAGE: Final = 20


@dataclass(frozen=True, slots=True)
class ShownSummary:
    """corrections: the published versions after the first, the newest first. today: the agency's own."""

    version: SummaryVersion
    first_published_at: dt.datetime
    corrections: Sequence[SummaryVersion]
    commitments: Sequence[Listed]
    today: dt.date


def published_summaries(agency: Agency, *, after: str = "") -> Slice[SummaryVersion]:
    """The latest wording of each, twenty at a time, by one query. Raises Unknown for an ``after`` that nobody gave out."""
    # One row a summary: of its published versions the last.
    rows = published_versions().filter(agency=agency).distinct("summary__first_published_at", "summary_id")
    found = slice_of(
        rows.select_related("summary__event").defer("summary__event__vevent"),
        ("-summary__first_published_at", "-summary_id"),
        within=("-number",),
        size=PAGE,
        after=after,
        refused=Unknown,
    )
    for each in found.rows:
        each.summary.event.agency = agency
    return found


def summary_of(event_id: UUID, *, now: dt.datetime) -> ShownSummary:
    """In its latest published wording. Two queries. Raises Unknown where nothing is published, or the meeting is not public."""
    versions = list(
        published_versions()
        .filter(summary__event_id=event_id)
        .select_related("summary__event__agency", "summary__event__venue")
    )
    if not versions or versions[0].summary.first_published_at is None:
        raise Unknown
    newest, agency = versions[0], versions[0].summary.event.agency
    return ShownSummary(
        version=newest,
        first_published_at=versions[0].summary.first_published_at,
        corrections=[each for each in versions if each.number > 1 and each.correction_note],
        commitments=listed(agency, newest.will_do),
        today=local_day(agency.timezone, now),
    )


_NEXT_DAYS: Final = 6
_AHEAD: Final = frozenset({Standing.ON_TRACK, Standing.MOVED})


@public_page
def summaries(request: HttpRequest, slug: str) -> HttpResponse:
    """GET ``after`` (from a link of ours)."""
    agency = the_agency(slug)
    try:
        found = published_summaries(agency, after=request.GET.get("after", ""))
    except Unknown:
        raise Http404 from None
    context = {
        "rows": [_row(version) for version in found.rows],
        "more": found.following,
        "first": "after" in request.GET,
    }
    return show(request, "summaries/list.html", agency, context, nav="summaries")


@public_page
def summary(request: HttpRequest, event_id: UUID) -> HttpResponse:
    try:
        shown = summary_of(event_id, now=timezone.now())
    except Unknown:
        raise Http404 from None
    return show(
        request, "summaries/detail.html", shown.version.summary.event.agency, _context(shown), nav="summaries"
    )


def _row(version: SummaryVersion) -> dict[str, Any]:
    words = words_of(version, get_language() or "")
    return {
        "event": version.summary.event,
        "title": title_of(version.summary.event),
        "published_on": _day(version, version.summary.first_published_at),
        "themes": sorted(words.themes, key=lambda theme: -theme.count)[:3],
        "comments": words.comments,
        "commitments": len(version.will_do),
        "corrected": version.number > 1,
    }


def _context(shown: ShownSummary) -> dict[str, Any]:
    version, event = shown.version, shown.version.summary.event
    rows = [row_of(each.commitment, shown.today, each.words) for each in shown.commitments]
    words = words_of(version, get_language() or "")
    return {
        "event": event,
        "title": title_of(event),
        "outside": outside_name_of(event),
        "words": words,
        "approved_on": _day(version, version.approved_at),
        "published_on": _day(version, shown.first_published_at),
        "corrections": [(_day(each, each.published_at), each.correction_note) for each in shown.corrections],
        "came": version.attendance.get("total") or 0,
        "rows": sorted(rows, key=late_first),
        "counts": legend(Counter(row.stands for row in rows)),
        "due": [
            (each.commitment.due_on, commitment_title(each.commitment), each.commitment.number)
            for each, row in zip(shown.commitments, rows, strict=True)
            if row.stands in _AHEAD
        ][:_NEXT_DAYS],
    }


def _day(version: SummaryVersion, moment: dt.datetime | None) -> dt.date | None:
    """The agency's own day."""
    return local_day(version.summary.event.agency.timezone, moment) if moment else None
