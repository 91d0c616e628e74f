"""The first page of a deployment, and of an agency: which meetings there are, and how the promises stand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from engage.models import Agency, Commitment
from engage.promise_tally import PromiseTally
from outreach.agency_front import Front, front_of
from outreach.letter_languages import in_language
from outreach.models import SummaryVersion
from web.language_names import named
from web.languages import address_of, same_page
from web.meetings.meeting_words import row_of, title_of
from web.promise_words import standing_of
from web.public_pages import public_page, show, the_agency

# One mark is one promise, as long as somebody can still count them.
_MOST_MARKS: Final = 240
_ORDER: Final = ("kept", "track", "late", "failed", "stopped")


@public_page
def home(request: HttpRequest) -> HttpResponse:
    """One agency: its own page. Several: which. None: how to begin."""
    agencies = list(Agency.objects.order_by("name"))
    if len(agencies) == 1:
        return HttpResponseRedirect(address_of("agency_home", slug=agencies[0].slug))
    context = {"agencies": agencies, "tongues": same_page(request)}
    return render(request, "events/agencies.html", context)


@public_page
def agency_home(request: HttpRequest, slug: str) -> HttpResponse:
    now = timezone.now()
    agency = the_agency(slug)
    front = front_of(agency, now=now)
    context = {
        "heading": _heading(agency),
        "rows": [row_of(event, now=now) for event in front.meetings.meetings],
        "neighborhoods": front.neighborhoods,
        "languages": named(agency.languages[1:]),
        "tally": _tally(front.tally) if front.tally.total else None,
        "heard": _heard(front.heard, front) if front.heard else None,
        "language": get_language(),
        "webcal": _webcal(agency),
    }
    return show(request, "events/index.html", agency, context, nav="meetings")


def _heading(agency: Agency) -> str:
    words = {
        Agency.Kind.POLICE_DEPARTMENT: _("Meet your police department, and check what came of it"),
        Agency.Kind.SHERIFF: _("Meet your sheriff’s office, and check what came of it"),
        Agency.Kind.CITY_HALL: _("Meet your city hall, and check what came of it"),
    }
    return words.get(
        Agency.Kind(agency.kind), _("Meet the people who work for you, and check what came of it")
    )


def _webcal(agency: Agency) -> str:
    """The feed's address as calendar programs take it: they fetch it anew by themselves."""
    path = reverse("agency_calendar", args=[agency.slug])
    return f"webcal://{urlsplit(settings.PUBLIC_URL).netloc}{path}"


def _tally(tally: PromiseTally) -> dict[str, Any]:
    numbers = {name: getattr(tally, name) for name in _ORDER}
    counted = [
        {"mark": name, "number": number, "word": _word(name, number), "sentence": _sentence(name, number)}
        for name, number in numbers.items()
        if number or name in {"kept", "track", "late"}
    ]
    longest = tally.longest
    return {
        "heading": _made(tally),
        "total": ngettext("%(many)d promise", "%(many)d promises", tally.total) % {"many": tally.total},
        "counts": counted,
        "marks": [name for name in _ORDER for _each in range(numbers[name])] if tally.total <= _MOST_MARKS else [],
        "words": _("One mark for each promise: {counts}").format(
            counts=", ".join(each["sentence"] for each in counted)
        ),
        "longest": longest and {
            "number": longest.number,
            "title": in_language(longest.translations, get_language() or "", "title", longest.title),
            "days": longest.days,
        },
    }  # fmt: skip


def _made(tally: PromiseTally) -> str:
    year = tally.since.year if tally.since else ""
    words = ngettext(
        "%(many)d promise made since %(year)s", "%(many)d promises made since %(year)s", tally.total
    )
    return words % {"many": tally.total, "year": year}


def _word(mark: str, number: int) -> str:
    """The word under a large number."""
    words = {"kept": _("kept"), "track": _("on track"), "late": _("late"), "failed": _("not kept")}
    return words.get(mark, _("stopped"))


def _sentence(mark: str, number: int) -> str:
    words = {
        "kept": _("{number} kept"),
        "track": _("{number} on track"),
        "late": _("{number} late"),
        "failed": _("{number} not kept"),
    }
    return words.get(mark, _("{number} stopped")).format(number=number)


def _heard(version: SummaryVersion, front: Front) -> dict[str, Any]:
    """The last summary in short: what was raised most, one quote that may be quoted, how its promises stand."""
    event = version.summary.event
    themes = [part for part in _parts(version) if part["title"]]
    most = max((part["count"] for part in themes), default=0)
    came = version.attendance.get("total") or 0
    return {
        "event": event,
        "title": title_of(event),
        "came": came,
        "themes": themes[:3],
        "most": most,
        "quote": next((quote for part in themes for quote in part["quotes"]), ""),
        "promised": _promised(front.promised, front),
    }


def _parts(version: SummaryVersion) -> list[dict[str, Any]]:
    """What was heard, in the language of the page where it was translated: the same parts in the same order."""
    said = (version.translations.get(get_language() or "") or {}).get("heard") or []
    parts = []
    for number, part in enumerate(version.heard):
        translated = said[number] if number < len(said) and isinstance(said[number], dict) else {}
        parts.append(
            {
                "title": translated.get("title") or part.get("title", ""),
                "count": part.get("count", 0),
                "quotes": translated.get("quotes") or part.get("quotes", []),
            }
        )
    return parts


def _promised(promises: Iterable[Commitment], front: Front) -> list[dict[str, str]]:
    marks = [standing_of(promised, front.today).mark for promised in promises]
    return [
        {"mark": name, "sentence": _sentence(name, marks.count(name))} for name in _ORDER if name in marks
    ]
