"""Paper for the door of an event: the sign-in sheet, one Letter page."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from events.event.models import VenueFeature
from events.event.when import when_of
from events.rsvps.needs.models import NeedKind
from web.desk.many_tongues import TONGUES
from web.events.staff_head import own_event
from web.site.frames.staff import Desk, desk_page, show

LINES = 14
TICKS = range(4)
_OFFERED = {**dict(NeedKind.choices), **dict(VenueFeature.choices)}
_MOST_OFFERED = 9


@desk_page("events:write")
def sign_in_sheet(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """For people who want to hear what came of it; it says first that nobody has to sign."""
    event = own_event(desk, event_id)
    spoken_now = get_language() or settings.LANGUAGE_CODE
    context = {
        "event": event,
        "back_url": reverse("workspace", kwargs={"slug": desk.agency.slug, "event_id": event.pk}),
        "back": _("Back to the event"),
        "when": when_of(event),
        "lines": range(1, LINES + 1),
        "ticks": TICKS,
        "first": next((one for one in TONGUES if one.code == spoken_now), TONGUES[0]),
        "tongues": [one for one in TONGUES if one.code != spoken_now],
        "second": next(code for code, _name in settings.LANGUAGES if code != spoken_now),
    }
    return show(request, "desk/sign_in_sheet.html", desk, context)
