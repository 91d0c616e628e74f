"""What the agency keeps about people and for how long, and how everyone can take part: from its settings, and no more
than the software does."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from engage.pledge_reading import pledges_of
from engage.retention import MARKS_KEPT
from events.erasure_dates import NEEDS_KEPT_DAYS
from outreach.subscribing import ENDED_KEPT, UNCONFIRMED_KEPT
from web.public_pages import public_page, show, the_agency


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
    return show(request, "info/privacy.html", agency, context)


@public_page
def accessibility(request: HttpRequest, slug: str) -> HttpResponse:
    return show(request, "info/accessibility.html", the_agency(slug))
