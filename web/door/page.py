"""The door's page: who is here, who is still to come, and the field that lets people in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from engage.database.ids import id_in
from engage.refusals import Unknown
from events.door.arrivals import Shown, arrival_shown
from events.door.attendance import attendance
from events.door.counts import door_counts, needs_at_the_door
from events.door.guests import guests_matching, let_in_or_find, look_for
from events.event.standing import EventStanding, standing_of
from events.event.when import moment_of
from events.rsvps.tickets import read_code
from web.door.arriving import after, is_opened
from web.door.doorway import Doorway, at_the_door, start_again
from web.door.heads import told
from web.door.need_words import line_for_the_door
from web.door.screen import Screen, answer, counted, matches, whole_page

LONGEST = 200


@require_safe
@at_the_door
def door(request: HttpRequest, door: Doorway) -> HttpResponse:
    """Before the list is opened, a page that says what that is; after the door has closed, what it came to."""
    if not door.takes_arrivals:
        return _closed(request, door)
    if not door.device:
        context = {
            "door": door,
            "event": door.event,
            "agency": door.agency,
            "when": door.when,
        }
        return render(request, "door/begin.html", context | {"code": read_code(request.GET.get("code", ""))})
    shown = _arrival_named(request, door)
    code = read_code(request.GET.get("code", ""))[:LONGEST]
    found = guests_matching(door.event, code) if code and shown is None else None
    screen = Screen(
        typed=code,
        found=found,
        shown=shown,
        again="again" in request.GET,
        heads=told(request.GET.get("heads", "")),
    )
    return whole_page(request, door, screen)


@require_POST
@at_the_door
@is_opened
def find(request: HttpRequest, door: Doorway) -> HttpResponse:
    """The field is sent: a whole code lets in, anything else finds. By POST, so that no name stands in an address."""
    typed, key = request.POST.get("q", "")[:LONGEST], request.POST.get("key", "")
    outcome = let_in_or_find(door.event, typed, client_id=key, now=door.now)
    if outcome.arrival is not None:
        return after(request, door, outcome.arrival, key)
    return answer(request, door, Screen(typed=typed, found=outcome.found, elsewhere=outcome.elsewhere))


@require_POST
@at_the_door
@is_opened
def matching(request: HttpRequest, door: Doorway) -> HttpResponse:
    """While somebody types. It changes nothing; it is a POST for the same reason as ``find``."""
    typed = request.POST.get("q", "")[:LONGEST]
    outcome = look_for(door.event, typed, now=door.now)
    return matches(request, door, Screen(typed=typed, found=outcome.found, elsewhere=outcome.elsewhere))


@require_safe
@at_the_door
def numbers(request: HttpRequest, door: Doorway) -> HttpResponse:
    """The numbers and the needs, which every screen asks for each 15 seconds."""
    if not request.headers.get("HX-Request") or not door.device or not door.takes_arrivals:
        return start_again(request, door)
    counts = door_counts(door.event, door.device)
    needs = [line_for_the_door(need) for need in needs_at_the_door(door.event)]
    return render(
        request, "door/_numbers.html", counted(door, counts) | {"needs": needs, "event": door.event}
    )


def _arrival_named(request: HttpRequest, door: Doorway) -> Shown | None:
    try:
        return arrival_shown(door.event, id_in(request.GET.get("arrival", "")))
    except Unknown:
        return None


def _closed(request: HttpRequest, door: Doorway) -> HttpResponse:
    event = door.event
    stands = standing_of(event, door.now)
    context = {
        "door": door,
        "event": event,
        "agency": door.agency,
        "when": door.when,
        "is_draft": stands is EventStanding.DRAFT,
        "is_cancelled": stands is EventStanding.CANCELLED,
        "ended": moment_of(event, event.ended_at or event.ends_at),
        "came": attendance(event),
    }
    return render(request, "door/closed.html", context)
