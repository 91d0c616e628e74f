"""Every meeting of an agency: what is ahead or what is over, narrowed by a form whose addresses work as links."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from engage.local_time import local_day
from engage.paging import Slice
from events.event.models import Event
from events.rsvps.needs.models import NeedKind
from web.events.find_form import ASKED, DaysForm, fields_of, in_words, search_of, spoken_in
from web.events.finding import ahead, communities, how_many, over
from web.events.words import Row, row_of
from web.site.frames.public import public_page, show, the_agency


@public_page
def events(request: HttpRequest, slug: str) -> HttpResponse:
    """GET ``near``, ``language``, ``kind``, ``about``, ``q``, ``from``, ``to``, ``when=past``, ``after`` (from a link of ours).

    400 for days that are none, which says what to mend.
    """
    now, asked = timezone.now(), request.GET
    agency = the_agency(slug)
    days = DaysForm(asked)
    search, past = search_of(asked, days), asked.get("when") == "past"
    found: Slice[Event] = Slice([], "")
    if days.make_sense:
        found = (over if past else ahead)(agency, search, now=now, after=asked.get("after", ""))
    rows = [row_of(event, now=now) for event in found.rows]
    is_all = not found.following and "after" not in asked
    near = communities(agency)
    context = fields_of(agency, search, days, near) | {
        "rows": rows,
        "months": _by_month(rows),
        # Where one page shows them all, nothing has to be counted.
        "many": len(rows) if is_all else how_many(agency, search, past=past, now=now),
        "past": past,
        "search": search,
        "looked_for": in_words(search, near),
        "neighborhood": next((each.name for each in near if each.pk == search.near), ""),
        "spoken": "" if search.language == NeedKind.SIGN_LANGUAGE else spoken_in(search),
        "more": _link(asked, after=found.following) if found.following else "",
        "more_words": _more(found.first_after, past=past, this_year=local_day(agency.timezone, now).year),
        "first": _link(asked, after="") if "after" in asked else "",
        "ahead_link": _link(asked, when="", after=""),
        "past_link": _link(asked, when="past", after=""),
        "is_part": bool(request.headers.get("HX-Request")),
    }
    template = "events/_results.html" if context["is_part"] else "events/list.html"
    status = 200 if days.make_sense else 400
    answer = show(request, template, agency, context, nav="events", status=status)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def _by_month(rows: Iterable[Row]) -> list[tuple[str, list[Row]]]:
    """By the month in which each begins, as they stand in the list."""

    def month(row: Row) -> str:
        return date_format(row.event.local_starts_at, "YEAR_MONTH_FORMAT")

    return [(name, list(some)) for name, some in groupby(rows, month)]


def _more(event: Event | None, *, past: bool, this_year: int) -> str:
    """Where the next page begins; empty where there is none."""
    if event is None:
        return ""
    day = event.local_starts_at.date()
    said = date_format(day, "MONTH_DAY_FORMAT" if day.year == this_year else "DATE_FORMAT")
    if past:
        return _("Meetings on {day} and earlier").format(day=said)
    return _("Meetings from {day}").format(day=said)


def _link(asked: QueryDict, **changes: str) -> str:
    """This page with other values; an empty one leaves its name out."""
    wanted = {name: changes.get(name, asked.get(name, "")) for name in ASKED}
    return f"?{urlencode({name: value for name, value in wanted.items() if value})}"
