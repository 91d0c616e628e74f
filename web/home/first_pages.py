"""The first page of an agency: which meetings there are, how the promises stand, and what it says of itself.

What it keeps about people and for how long, and how everyone can take part, come from its settings: no more than the software
does.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from engage.agencies.languages import in_language
from engage.agencies.models import Agency, Community
from engage.agencies.pledges import pledges_of
from engage.commitments.figures import Tally, public_tally
from engage.commitments.models import Commitment
from engage.commitments.standing import Standing, public_day, standing_on
from engage.local_time import local_day
from engage.retention.purge import MARKS_KEPT
from events.event.models import Event
from events.rsvps.needs.asking import NEEDS_KEPT_DAYS
from outreach.subscriptions.subscribing import ENDED_KEPT, UNCONFIRMED_KEPT
from outreach.summaries.models import SummaryVersion
from outreach.summaries.reading import published_versions, words_of
from web.commitments.words import AS_DRAWN, MARKS, counted, legend, marks, word_below
from web.events.finding import Search, ahead, neighborhoods
from web.events.words import row_of
from web.home.cards import card_of, heading_of
from web.site.frames.discretion import title_of
from web.site.frames.public import public_page, show, the_agency
from web.site.languages.names import named
from web.site.pictures import shown_outside

EVENTS_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Front:
    """today: the agency's own. summary: the last one; commitments: its own, for counting how they stand."""

    today: dt.date
    events: Sequence[Event]
    neighborhoods: Sequence[Community]
    tally: Tally
    summary: SummaryVersion | None
    commitments: Sequence[Commitment]


def front_of(agency: Agency, *, now: dt.datetime) -> Front:
    """Five queries, however many meetings and promises there are."""
    today = local_day(agency.timezone, now)
    summary = last_summary(agency)
    commitments = (
        Commitment.objects.filter(agency=agency, pk__in=summary.will_do, draft=False) if summary else ()
    )
    return Front(
        today,
        ahead(agency, Search(), now=now, most=EVENTS_SHOWN).rows,
        neighborhoods(agency),
        public_tally(agency, today=today),
        summary,
        list(commitments),
    )


def last_summary(agency: Agency) -> SummaryVersion | None:
    """The summary published last, in its latest wording, with its public meeting. One query."""
    return published_versions().filter(agency=agency).select_related("summary__event").first()


# One mark is one promise, as long as somebody can still count them.
_MOST_MARKS: Final = 240
# Said on an agency's first page also where there is none.
_ALWAYS_SAID: Final = frozenset({Standing.KEPT, Standing.ON_TRACK, Standing.LATE})
# In the one line that a phone has room for above its first meeting: what was kept, and what was not.
_SAID_FIRST: Final = (Standing.KEPT, Standing.LATE, Standing.NOT_KEPT)


@public_page
def agency_home(request: HttpRequest, slug: str) -> HttpResponse:
    now = timezone.now()
    agency = the_agency(slug)
    front = front_of(agency, now=now)
    context = {
        "heading": heading_of(agency),
        "rows": [row_of(event, now=now) for event in front.events],
        "neighborhoods": front.neighborhoods,
        "languages": named(agency.languages[1:]),
        "tally": _tally(front.tally) if front.tally.total else None,
        "last_summary": _last_summary(front.summary, front) if front.summary else None,
        "language": get_language(),
        "webcal": _webcal(agency),
    } | shown_outside(card_of(agency), "agency_picture", slug=agency.slug)
    return show(request, "home/agency.html", agency, context, nav="events")


def _webcal(agency: Agency) -> str:
    """The feed's address as calendar programs take it: they fetch it anew by themselves."""
    path = reverse("agency_calendar", args=[agency.slug])
    return f"webcal://{urlsplit(settings.PUBLIC_URL).netloc}{path}"


def _tally(tally: Tally) -> dict[str, Any]:
    numbers: dict[Standing, int] = {each: tally.counts[each] for each in AS_DRAWN if each in tally.counts}
    told: list[dict[str, Any]] = [
        {"mark": MARKS[each], "number": many, "word": word_below(each), "sentence": counted(each, many)}
        for each, many in numbers.items()
        if many or each in _ALWAYS_SAID
    ]
    longest = tally.longest
    return {
        "heading": _made(tally),
        "total": ngettext("%(many)d promise", "%(many)d promises", tally.total) % {"many": tally.total},
        "counts": told,
        "told_first": [each for each in told if each["mark"] in {MARKS[one] for one in _SAID_FIRST}],
        "marks": marks(numbers) if tally.total <= _MOST_MARKS else [],
        "words": _("One mark for each promise: {counts}").format(
            counts=", ".join(each["sentence"] for each in told)
        ),
        "longest": longest and {
            "number": longest.number,
            "title": in_language(longest.translations, get_language() or "", "title", longest.title),
            "days": longest.days,
        },
    }  # fmt: skip


def _made(tally: Tally) -> str:
    year = tally.since.year if tally.since else ""
    words = ngettext(
        "%(many)d promise made since %(year)s", "%(many)d promises made since %(year)s", tally.total
    )
    return words % {"many": tally.total, "year": year}


def _last_summary(version: SummaryVersion, front: Front) -> dict[str, Any]:
    """The last summary in short: what was raised most, one quote that may be quoted, how its promises stand."""
    event = version.summary.event
    words = words_of(version, get_language() or "")
    themes = [theme for theme in words.themes if theme.title]
    came = version.attendance.get("total") or 0
    return {
        "event": event,
        "title": title_of(event),
        "came": came,
        "themes": themes[:3],
        "comments": words.comments,
        "quote": next((quote for theme in themes for quote in theme.quotes), ""),
        "commitments": _how_they_stand(front.commitments, front),
    }


def _how_they_stand(commitments: Iterable[Commitment], front: Front) -> list[dict[str, str]]:
    day = public_day(front.today)
    return legend(Counter(standing_on(each, day) for each in commitments))


@public_page
def privacy(request: HttpRequest, slug: str) -> HttpResponse:
    agency = the_agency(slug)
    context = {
        "pledges": pledges_of(agency),
        "needs_days": NEEDS_KEPT_DAYS,
        "marks_days": MARKS_KEPT.days,
        "unconfirmed_days": UNCONFIRMED_KEPT.days,
        "ended_days": ENDED_KEPT.days,
    }
    return show(request, "home/privacy.html", agency, context)


@public_page
def accessibility(request: HttpRequest, slug: str) -> HttpResponse:
    return show(request, "home/accessibility.html", the_agency(slug))
