"""Many places from one connection at once: about how many, and asking a second person whether all of them are given back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from engage.readings.granting import requests_of
from engage.readings.models import ReadingRequest
from engage.readings.recording import SecondPersonNeeded
from events.event.models import Event
from events.event.when import moment_of
from events.rsvps.floods import Flood, ask_about, look_at_floods
from web.events.staff_head import own_event
from web.rsvps.flood_words import how_many
from web.rsvps.more_readings import ask_a_second_person
from web.site.frames.staff import Desk, desk_page, show


@desk_page("rsvps:write")
def flood(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """GET shows about how many, once an hour on record. POST ``flood``, a handle: asks a second person for these, no others.

    HEAD shows nothing, so it is no look and leaves no record. Raises WrongState, FloodGone.
    """
    event = own_event(desk, event_id)
    if request.method == "HEAD":
        return HttpResponse()
    if request.method == "POST":
        ask_about(event, request.POST.get("flood", ""), viewer=desk.person, now=desk.now)
        messages.success(request, _("Asked. Tell a leader or an administrator, who says yes on this page."))
        return redirect("more_readings", slug=desk.agency.slug)
    try:
        found = look_at_floods(event, viewer=desk.person, now=desk.now)
    except SecondPersonNeeded as refusal:
        return ask_a_second_person(request, desk, refusal)
    if not found:
        return redirect("event_rsvps", slug=desk.agency.slug, event_id=event.pk)
    asked = {
        one.flood: one for one in requests_of(desk.agency, now=desk.now) if one.reader_id == desk.person.pk
    }
    context = {
        "event": event,
        "floods": [_in_words(one, asked.get(one.handle), event) for one in found],
    }
    return show(request, "rsvps/flood.html", desk, context, nav="events")


def _in_words(found: Flood, asked: ReadingRequest | None, event: Event) -> dict[str, Any]:
    return {
        "handle": found.handle,
        "words": how_many(found),
        "asked": moment_of(event, asked.asked_at) if asked else "",
    }
