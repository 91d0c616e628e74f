"""The door's page: who is here, who is still to come, and the field that lets people in."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from engage.rule_violation import Unknown
from events.arrival_showing import Shown, arrival_shown
from events.attending import attendance
from events.check_in_codes import read_code
from events.door_counting import door_counts, needs_at_the_door
from events.door_list import guests_matching
from events.letting_in import let_in_or_find, look_for
from events.models import EventStatus
from web.dates_in_words import moment_in_words
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
        return arrival_shown(door.event, UUID(request.GET.get("arrival", "")))
    except (ValueError, Unknown):
        return None


def _closed(request: HttpRequest, door: Doorway) -> HttpResponse:
    event = door.event
    context = {
        "door": door,
        "event": event,
        "agency": door.agency,
        "when": door.when,
        "is_draft": event.status == EventStatus.DRAFT,
        "is_cancelled": event.status == EventStatus.CANCELLED,
        "ended": moment_in_words(event.ended_at or event.ends_at, event.timezone),
        "came": attendance(event),
    }
    return render(request, "door/closed.html", context)
