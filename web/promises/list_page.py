"""Every promise of an agency: the late ones first, narrowed by a form whose addresses work as links; and as a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engage.agency_time import local_day
from engage.models import FocusArea
from engage.promise_export import COLUMNS, exported
from engage.promise_listing import Group, Looked, Standing, Wanted, look_through
from engage.rule_violation import Unknown
from web.csv_cells import written
from web.promise_words import mark_names
from web.promises.promise_rows import counted, row_of
from web.public_pages import public_page, show, the_agency

CITYWIDE: Final = "citywide"
_LONGEST_WORDS: Final = 100
# So many marks are a picture; more are a wall, and a heavy page.
_MOST_MARKS: Final = 150
_TALLY_ORDER: Final = (Standing.KEPT, Standing.TRACK, Standing.LATE, Standing.FAILED, Standing.STOPPED)


@public_page
def promises(request: HttpRequest, slug: str) -> HttpResponse:
    """GET ``q``, ``status`` and ``about`` (each may come again), ``near``, ``office``, ``after`` (from a link of ours)."""
    agency = the_agency(slug)
    wanted, today = _wanted(request.GET), local_day(agency.timezone, timezone.now())
    try:
        found = look_through(agency, wanted, today=today, after=request.GET.get("after", ""))
    except Unknown:
        raise Http404 from None
    csv = reverse("promises_csv", kwargs={"slug": slug})
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
    template = "promises/_results.html" if part else "promises/list.html"
    answer = show(request, template, agency, context | {"part": part}, nav="promises")
    patch_vary_headers(answer, ["HX-Request"])
    return answer


@public_page
def promises_csv(request: HttpRequest, slug: str) -> Any:
    """The same choice as a table. Its columns and words are those of the API, in no language of the page."""
    agency = the_agency(slug)
    today = local_day(agency.timezone, timezone.now())
    lines = written(COLUMNS, exported(agency, _wanted(request.GET), today=today))
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="promises-{agency.slug}-{today.isoformat()}.csv"'
    return answer


def _wanted(asked: QueryDict) -> Wanted:
    """What makes no sense is not asked about: an old link still shows the promises."""
    near = asked.get("near", "")
    return Wanted(
        standings=frozenset(Standing(each) for each in asked.getlist("status") if each in set(Standing)),
        focus_areas=frozenset(each for each in asked.getlist("about") if each in FocusArea.values),
        near=_uuid(near),
        citywide=near == CITYWIDE,
        office=asked.get("office", "").replace("\0", "")[:120],
        words=asked.get("q", "").replace("\0", "")[:_LONGEST_WORDS].strip(),
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


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


def _tally(found: Looked) -> dict[str, Any]:
    total = sum(found.all.values())
    few = total <= _MOST_MARKS
    return {
        "total": total,
        "since": date_format(found.since, "YEAR_MONTH_FORMAT") if found.since else "",
        "marks": [str(each) for each in _TALLY_ORDER for _n in range(found.all[each])] if few else [],
        "words": ngettext(
            "%(many)d mark, one for each promise", "%(many)d marks, one for each promise", total
        )
        % {"many": total},
        "counts": [
            {"mark": str(each), "words": counted(each, found.all[each])}
            for each in _TALLY_ORDER
            if found.all[each]
        ],
        "kept_late": found.kept_late,
    }


def _found(found: Looked, wanted: Wanted) -> dict[str, str]:
    many = ngettext("%(many)d promise.", "%(many)d promises.", found.found) % {"many": found.found}
    late_first = _("Late ones first, the longest overdue at the top.")
    return {"many": many, "order": late_first if len(wanted.standings) != 1 else ""}


def _group(group: Group, asked: QueryDict, wanted: Wanted, today: dt.date) -> dict[str, Any]:
    alone = len(wanted.standings) == 1
    left = group.number - len(group.promises)
    return {
        "mark": str(group.standing),
        "name": mark_names()[group.standing],
        "number": group.number,
        "rows": [row_of(each.promise, today, each.words) for each in group.promises],
        "more": _query(asked, status=str(group.standing), after="") if left and not alone else "",
        "more_words": _more(group.standing, left),
        "next": _query(asked, after=group.more) if group.more else "",
    }


def _more(standing: Standing, left: int) -> str:
    words = {
        Standing.KEPT: ngettext("%(many)d more that was kept", "%(many)d more that were kept", left),
        Standing.TRACK: ngettext("%(many)d more on track", "%(many)d more on track", left),
        Standing.LATE: ngettext("%(many)d more that is late", "%(many)d more that are late", left),
        Standing.FAILED: ngettext(
            "%(many)d more that was not kept", "%(many)d more that were not kept", left
        ),
        Standing.STOPPED: ngettext("%(many)d more that was stopped", "%(many)d more that were stopped", left),
    }
    return words[standing] % {"many": left}


def _filters(found: Looked, wanted: Wanted) -> Mapping[str, Any]:
    names = mark_names()
    return {
        "standings": [
            (str(each), names[each], found.all[each], each in wanted.standings) for each in Standing
        ],
        "areas": [
            (each.value, each.label, found.by_focus_area.get(each.value, 0), each.value in wanted.focus_areas)
            for each in FocusArea
        ],
        "neighborhoods": found.neighborhoods,
        "offices": found.offices,
    }
