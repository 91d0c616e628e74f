"""Every meeting of an agency: what is ahead or what is over, narrowed by a form whose addresses work as links."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from engage.agencies.models import Community
from engage.commitments.models import FocusArea
from engage.database.ids import id_or_none
from events.event.models import EventKind
from events.rsvps.needs.models import NeedKind
from web.events.finding import Search, ahead, how_many, neighborhoods, over
from web.events.words import row_of
from web.site.frames.public import public_page, show, the_agency
from web.site.languages.names import language_name, named

ONLINE = "online"
_LONGEST_WORDS = 100


@public_page
def events(request: HttpRequest, slug: str) -> HttpResponse:
    """GET ``near``, ``language``, ``kind``, ``about``, ``q``, ``when=past``, ``after`` (from a link of ours)."""
    now = timezone.now()
    agency = the_agency(slug)
    search, past = _search(request.GET), request.GET.get("when") == "past"
    found = (over if past else ahead)(agency, search, now=now, after=request.GET.get("after", ""))
    is_all = not found.following and "after" not in request.GET
    near = neighborhoods(agency)
    context = {
        "rows": [row_of(event, now=now) for event in found.rows],
        # Where one page shows them all, nothing has to be counted.
        "many": len(found.rows) if is_all else how_many(agency, search, past=past, now=now),
        "past": past,
        "search": search,
        "chosen": _chosen(request.GET, near),
        "neighborhoods": near,
        "languages": named(_languages(agency.languages, search)),
        "kinds": EventKind.choices,
        "areas": FocusArea.choices,
        "more": _link(request.GET, after=found.following) if found.following else "",
        "first": _link(request.GET, after="") if "after" in request.GET else "",
        "ahead_link": _link(request.GET, when="", after=""),
        "past_link": _link(request.GET, when="past", after=""),
    }
    template = "events/_results.html" if request.headers.get("HX-Request") else "events/list.html"
    answer = show(request, template, agency, context, nav="events")
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def _search(asked: QueryDict) -> Search:
    """What makes no sense is not asked about: an old link still shows the meetings."""
    near = asked.get("near", "")
    kind, area = asked.get("kind", ""), asked.get("about", "")
    language = asked.get("language", "")[:16]
    return Search(
        near=id_or_none(near),
        online=near == ONLINE,
        language="" if "\0" in language else language,
        kind=kind if kind in EventKind.values else "",
        focus_area=area if area in FocusArea.values else "",
        words=asked.get("q", "").replace("\0", "").strip()[:_LONGEST_WORDS],
    )


def _chosen(asked: QueryDict, near: list[Community]) -> dict[str, Any]:
    """What the fields show again, and in words where nothing was found."""
    search = _search(asked)
    neighborhood = next((each.name for each in near if each.pk == search.near), "")
    language = "" if search.language in {"", NeedKind.SIGN_LANGUAGE} else language_name(search.language)
    return {
        "near": ONLINE if search.online else str(search.near or ""),
        "neighborhood": neighborhood,
        "language": search.language,
        "spoken": language,
        "kind": search.kind,
        "about": search.focus_area,
        "q": search.words,
    }


def _languages(spoken: list[str], search: Search) -> list[str]:
    """Those of the agency, and the one that is asked about, which the field must show."""
    asked = [search.language] if search.language not in {"", NeedKind.SIGN_LANGUAGE} else []
    return list(dict.fromkeys([*spoken, *asked]))


def _link(asked: QueryDict, **changes: str) -> str:
    """This page with other values; an empty one leaves its name out."""
    names = ("near", "language", "kind", "about", "q", "when", "after")
    wanted = {name: changes.get(name, asked.get(name, "")) for name in names}
    return f"?{urlencode({name: value for name, value in wanted.items() if value})}"
