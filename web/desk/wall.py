"""What is thrown at the wall of the hall: the way to the meeting's page, and the code that lets a full hall send at once."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from engage.refusals import WrongState
from events.event.models import Audience
from events.event.short_addresses import short_address
from events.event.standing import EventStanding, standing_of, takes_people, takes_rsvps
from events.planning.room_codes import LENGTH, give_code
from web.events.staff_head import own_event
from web.site.counting import ROOM_IN_ADDRESS
from web.site.frames.discretion import title_of
from web.site.frames.staff import Desk, desk_page, show
from web.site.languages.addresses import address_of


@desk_page("events:read")
def wall(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """For everybody to read, in both languages, on paper too. POST: a code for a meeting that was planned without one.

    Raises WrongState for one that is over, called off, or not for everyone.
    """
    event = own_event(desk, event_id)
    if not takes_people(event, desk.now) or event.audience != Audience.PUBLIC:
        raise WrongState
    if request.method == "POST":
        desk.viewer.must("events:write", desk.agency.pk)
        give_code(event.pk)
        return redirect("wall", slug=desk.agency.slug, event_id=event.pk)
    spoken = get_language() or settings.LANGUAGE_CODE
    # Once it is on, straight to what the hall is here for.
    is_on = standing_of(event, desk.now) is EventStanding.LIVE
    path = address_of("ask_event" if is_on else "event", language=settings.LANGUAGE_CODE, event_id=event.pk)
    context = {
        "event": event,
        "title": _("Meeting") if event.discreet else title_of(event),
        "back_url": reverse("workspace", kwargs={"slug": desk.agency.slug, "event_id": event.pk}),
        "back": _("Back to the event"),
        "code": event.room_code,
        "in_two": f"{event.room_code[: LENGTH // 2]} {event.room_code[LENGTH // 2 :]}",
        "leads_to": f"{settings.PUBLIC_URL}{path}?{ROOM_IN_ADDRESS}={event.room_code}",
        "typed": (short_address(event) or settings.PUBLIC_URL).split("://", 1)[1],
        "is_on": is_on,
        "tongues": sorted(dict(settings.LANGUAGES), key=lambda code: code != spoken),
        "takes_rsvps": takes_rsvps(event, desk.now),
    }
    return show(request, "desk/wall.html", desk, context)
