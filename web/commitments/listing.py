"""Every commitment of an agency: the late ones first, narrowed by a form whose addresses work as links; and as a table."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engage.agencies.models import Agency
from engage.commitments.listing import Found, Group, PublicSearch, confirmed, search
from engage.commitments.models import Commitment, FocusArea
from engage.commitments.standing import PUBLIC, days_late, public_day, standing_on
from engage.database.ids import id_or_none
from engage.local_time import local_day
from engage.refusals import Unknown
from web.commitments.rows import row_of
from web.commitments.words import MARKS, legend, marks, more, names
from web.site.frames.public import public_page, show, the_agency

CITYWIDE: Final = "citywide"
_LONGEST_WORDS: Final = 100
# So many marks are a picture; more are a wall, and a heavy page.
_MOST_MARKS: Final = 150
_OF_MARK: Final = {MARKS[each]: each for each in PUBLIC}


@public_page
def commitments(request: HttpRequest, slug: str) -> HttpResponse:
    """GET ``q``, ``status`` and ``about`` (each may come again), ``near``, ``office``, ``after`` (from a link of ours)."""
    agency = the_agency(slug)
    wanted, today = _wanted(request.GET), local_day(agency.timezone, timezone.now())
    try:
        found = search(agency, wanted, today=today, after=request.GET.get("after", ""))
    except Unknown:
        raise Http404 from None
    csv = reverse("commitments_csv", kwargs={"slug": slug})
    context = {
        "tally": _tally(found),
        "found": _found(found, wanted),
        "groups": [_group(group, request.GET, wanted, today) for group in found.groups],
        "filters": _filters(found, wanted),
        "wanted": wanted,
        "pledges": found.pledges,
        "csv": csv + _query(request.GET, after=""),
        "first": _query(request.GET, after="") or "?" if "after" in request.GET else "",
    }
    part = bool(request.headers.get("HX-Request"))
    template = "commitments/_results.html" if part else "commitments/list.html"
    answer = show(request, template, agency, context | {"part": part}, nav="commitments")
    patch_vary_headers(answer, ["HX-Request"])
    return answer


@public_page
def commitments_csv(request: HttpRequest, slug: str) -> Any:
    """The same choice as a table. Its columns and words are those of the API, in no language of the page."""
    agency = the_agency(slug)
    today = local_day(agency.timezone, timezone.now())
    lines = written(COLUMNS, exported(agency, _wanted(request.GET), today=today))
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="promises-{agency.slug}-{today.isoformat()}.csv"'
    return answer


def _wanted(asked: QueryDict) -> PublicSearch:
    """What makes no sense is not asked about: an old link still shows the commitments."""
    near = asked.get("near", "")
    return PublicSearch(
        standings=frozenset(_OF_MARK[each] for each in asked.getlist("status") if each in _OF_MARK),
        focus_areas=frozenset(each for each in asked.getlist("about") if each in FocusArea.values),
        near=id_or_none(near),
        citywide=near == CITYWIDE,
        office=asked.get("office", "").replace("\0", "")[:120],
        words=asked.get("q", "").replace("\0", "")[:_LONGEST_WORDS].strip(),
    )


def _query(asked: QueryDict, **changed: str) -> str:
    """The address's question with some of it changed; empty values are left out."""
    query = asked.copy()
    query.pop("lang", None)
    for name, value in changed.items():
        query.pop(name, None)
        if value:
            query[name] = value
    for name in list(query):
        query.setlist(name, [value for value in query.getlist(name) if value])
    return f"?{query.urlencode()}" if query.urlencode() else ""


def _tally(found: Found) -> dict[str, Any]:
    total = sum(found.all.values())
    few = total <= _MOST_MARKS
    return {
        "total": total,
        "since": date_format(found.since, "YEAR_MONTH_FORMAT") if found.since else "",
        "marks": marks(found.all) if few else [],
        "words": ngettext(
            "%(many)d mark, one for each promise", "%(many)d marks, one for each promise", total
        )
        % {"many": total},
        "counts": legend(found.all),
        "kept_late": found.kept_late,
    }


def _found(found: Found, wanted: PublicSearch) -> dict[str, str]:
    many = ngettext("%(many)d promise.", "%(many)d promises.", found.found) % {"many": found.found}
    late_first = _("Late ones first, the longest overdue at the top.")
    return {"many": many, "order": late_first if len(wanted.standings) != 1 else ""}


def _group(group: Group, asked: QueryDict, wanted: PublicSearch, today: dt.date) -> dict[str, Any]:
    alone = len(wanted.standings) == 1
    left = group.number - len(group.commitments)
    return {
        "mark": MARKS[group.standing],
        "name": names()[group.standing],
        "number": group.number,
        "rows": [row_of(each.commitment, today, each.words) for each in group.commitments],
        "more": _query(asked, status=MARKS[group.standing], after="") if left and not alone else "",
        "more_words": more(group.standing, left),
        "next": _query(asked, after=group.more) if group.more else "",
    }


def _filters(found: Found, wanted: PublicSearch) -> Mapping[str, Any]:
    called = names()
    return {
        "standings": [
            (MARKS[each], called[each], found.all[each], each in wanted.standings) for each in PUBLIC
        ],
        "areas": [
            (each.value, each.label, found.by_focus_area.get(each.value, 0), each.value in wanted.focus_areas)
            for each in FocusArea
        ],
        "neighborhoods": found.neighborhoods,
        "offices": found.offices,
    }


COLUMNS: Final = (
    "number", "title", "done_means", "status", "standing", "is_late", "days_late", "owner_office", "focus_area", "communities",
    "due_on", "first_due_on", "closed_on", "last_updated_on", "updates_count",
)  # fmt: skip
_AT_ONCE: Final = 500
# What makes a spreadsheet take a text for a formula, in its ASCII and its full-width form.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def exported(agency: Agency, wanted: PublicSearch, *, today: dt.date) -> Iterator[tuple[Any, ...]]:
    """One row of COLUMNS a commitment, by number. Two queries a piece; nothing is held open in between.

    today: the agency's own. The words are as they were written first: translations are on the pages.
    """
    rows = confirmed(agency, wanted, today).prefetch_related("communities").order_by("number")
    last = 0
    while piece := list(rows.filter(number__gt=last)[:_AT_ONCE]):
        for commitment in piece:
            yield _row(commitment, today)
        last = piece[-1].number or last


def _row(commitment: Commitment, today: dt.date) -> tuple[Any, ...]:
    late = days_late(commitment, today)
    return (
        commitment.number,
        commitment.title,
        commitment.done_means,
        commitment.status,
        standing_on(commitment, public_day(today)).value,
        "yes" if late else "no",
        late,
        commitment.owner_office,
        commitment.focus_area,
        "; ".join(sorted(each.name for each in commitment.communities.all())),
        commitment.due_on,
        commitment.first_due_on,
        commitment.closed_on or "",
        commitment.last_updated_on or "",
        commitment.updates_count,
    )


class _Line:
    """What the csv module writes to: the line is handed on, nothing is kept."""

    def write(self, text: str) -> str:
        return text


def written(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The table line by line (RFC 4180), with a byte-order mark, by which spreadsheets know that it is UTF-8."""
    writer = csv.writer(_Line())
    yield "\ufeff" + str(writer.writerow(columns))
    for row in rows:
        yield str(writer.writerow([harmless(cell) for cell in row]))


def harmless(cell: Any) -> Any:
    """A text that would be a formula gets an apostrophe in front; numbers and dates stay as they are."""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(_FORMULA):
        return f"'{cell}"
    return cell
