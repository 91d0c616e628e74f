"""What we heard: every published summary of an agency, and one of them with its promises as they stand today."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from engage.agency_time import local_day
from engage.models import ENDED
from engage.rule_violation import Unknown
from outreach.models import SummaryVersion
from outreach.what_was_heard import ShownSummary, published_summaries, summary_of
from web.meetings.meeting_words import outside_name_of, title_of
from web.promises.promise_rows import Row, counted, row_of
from web.promises.promise_rows import title_of as promise_title
from web.promises.summary_words import words_of
from web.public_pages import public_page, show, the_agency

_ORDER: Final = ("kept", "track", "late", "failed", "stopped")
_NEXT_DAYS: Final = 6


@public_page
def heard(request: HttpRequest, slug: str) -> HttpResponse:
    """GET ``after`` (from a link of ours)."""
    agency = the_agency(slug)
    try:
        found = published_summaries(agency, after=request.GET.get("after", ""))
    except Unknown:
        raise Http404 from None
    context = {
        "rows": [_row(version) for version in found.versions],
        "more": found.more,
        "first": "after" in request.GET,
    }
    return show(request, "outcomes/list.html", agency, context, nav="heard")


@public_page
def summary(request: HttpRequest, event_id: UUID) -> HttpResponse:
    try:
        shown = summary_of(event_id, now=timezone.now())
    except Unknown:
        raise Http404 from None
    return show(
        request, "outcomes/detail.html", shown.version.summary.event.agency, _context(shown), nav="heard"
    )


def _row(version: SummaryVersion) -> dict[str, Any]:
    words = words_of(version)
    return {
        "event": version.summary.event,
        "title": title_of(version.summary.event),
        "published_on": _day(version, version.summary.first_published_at),
        "themes": sorted(words.themes, key=lambda theme: -theme.count)[:3],
        "comments": words.comments,
        "promises": len(version.will_do),
        "corrected": version.number > 1,
    }


def _context(shown: ShownSummary) -> dict[str, Any]:
    version, event = shown.version, shown.version.summary.event
    rows = [row_of(each.promise, shown.today, each.words) for each in shown.promises]
    words = words_of(version)
    return {
        "event": event,
        "title": title_of(event),
        "outside": outside_name_of(event),
        "words": words,
        "approved_on": _day(version, version.approved_at),
        "published_on": _day(version, shown.first_published_at),
        "corrections": [(_day(each, each.published_at), each.correction_note) for each in shown.corrections],
        "came": version.attendance.get("total") or 0,
        "rows": sorted(rows, key=_late_first),
        "counts": _counts(rows),
        "due": [
            (each.promise.due_on, promise_title(each.promise), each.promise.number)
            for each in shown.promises
            if each.promise.status not in ENDED and each.promise.due_on >= shown.today
        ][:_NEXT_DAYS],
    }


def _day(version: SummaryVersion, moment: dt.datetime | None) -> dt.date | None:
    """The agency's own day."""
    return local_day(version.summary.event.agency.timezone, moment) if moment else None


def _late_first(row: Row) -> bool:
    """The longest overdue on top; the others follow by their due dates."""
    return row.standing.mark != "late"


def _counts(rows: Sequence[Row]) -> list[dict[str, str]]:
    many = Counter(row.standing.mark for row in rows)
    return [{"mark": mark, "words": counted(mark, many[mark])} for mark in _ORDER if many[mark]]
