"""Many places from one connection at once: how many, of when, and all of them given back by one button."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import ngettext

from engage.rule_violation import Unknown
from events.flood_undoing import Flood, floods_of, give_back
from events.models import Event
from web.dates_in_words import moment_in_words
from web.desk.event_head import id_in, own_event
from web.desk_frame import Desk, desk_page, show


@desk_page("rsvps:write")
def flood(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """GET ``first``: asks, with the numbers. POST ``first``, ``until``: gives back what was shown, and no later ones.

    Raises WrongState, FloodGone.
    """
    event = own_event(desk, event_id)
    if request.method == "POST":
        until = parse_datetime(request.POST.get("until", ""))
        if until is None or until.tzinfo is None:
            raise Unknown
        gone = give_back(
            event.pk, id_in(request.POST.get("first", "")), until=until, actor=desk.person, now=desk.now
        )
        words = ngettext(
            "%(places)d place is cancelled. Its seats go to those who have waited longest.",
            "%(places)d places are cancelled. Their seats go to those who have waited longest.",
            len(gone.places),
        )
        messages.success(request, words % {"places": len(gone.places)})
        return redirect("event_rsvps", slug=desk.agency.slug, event_id=event.pk)
    first = id_in(request.GET.get("first", ""))
    found = next((each for each in floods_of(event, now=desk.now) if each.first == first), None)
    if found is None:
        return redirect("event_rsvps", slug=desk.agency.slug, event_id=event.pk)
    context = {
        "event": event,
        "flood": found,
        "words": in_words(found, event)["words"],
        "began": moment_in_words(found.began_at, event.timezone),
        "until": found.ended_at.isoformat(),
    }
    return show(request, "console/flood.html", desk, context, nav="events")


def in_words(found: Flood, event: Event) -> dict[str, Any]:
    """One sentence with its numbers, and where to go on."""
    words = ngettext(
        "%(places)d places for %(people)d people were saved within %(minutes)d minute from one internet connection, all without an address.",
        "%(places)d places for %(people)d people were saved within %(minutes)d minutes from one internet connection, all without an address.",
        found.minutes,
    )
    address = reverse("undo_flood", kwargs={"slug": event.agency.slug, "event_id": event.pk})
    numbers = {"places": len(found.places), "people": found.people, "minutes": found.minutes}
    return {"words": words % numbers, "address": f"{address}?{urlencode({'first': str(found.first)})}"}
