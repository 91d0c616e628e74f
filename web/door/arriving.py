"""Letting people in: from the list, as a walk-in; taking an arrival back, and setting its number right."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from engage.database.ids import id_in
from events.door.arrivals import arrival_shown
from events.door.checking_in import Arrival, check_in, correct_party, undo
from web.door.doorway import Doorway, at_the_door, start_again
from web.door.forms import Correction, WalkIn
from web.door.screen import Screen, answer

_View = Callable[..., HttpResponse]


def is_opened(view: _View) -> _View:
    """Staff who have not opened the list on this screen are asked to, first."""

    @wraps(view)
    def shown(request: HttpRequest, door: Doorway, **kwargs: Any) -> HttpResponse:
        return view(request, door, **kwargs) if door.device else start_again(request, door)

    return shown


def after(request: HttpRequest, door: Doorway, arrival: Arrival, key: str) -> HttpResponse:
    """Welcome them; who was here before this act (``key``) is already here."""
    return _shown(request, door, arrival.id, again=arrival.already_here and arrival.client_id != key)


@require_POST
@at_the_door
@is_opened
def let_in(request: HttpRequest, door: Doorway) -> HttpResponse:
    """The button beside a name."""
    key = request.POST.get("key", "")
    rsvp_id = id_in(request.POST.get("rsvp", ""))
    return after(request, door, check_in(door.event, client_id=key, rsvp_id=rsvp_id, now=door.now), key)


@require_POST
@at_the_door
@is_opened
def walk_in(request: HttpRequest, door: Doorway) -> HttpResponse:
    """People without a place: how many, nothing else."""
    form, key = WalkIn(request.POST), request.POST.get("key", "")
    if form.is_valid():
        party = form.cleaned_data["party"]
        return after(
            request, door, check_in(door.event, client_id=key, walk_in=True, party=party, now=door.now), key
        )
    return answer(request, door, Screen(walk_in=form), status=HTTPStatus.BAD_REQUEST)


@require_POST
@at_the_door
@is_opened
def take_back(request: HttpRequest, door: Doorway) -> HttpResponse:
    """Undo. The arrival's row stays, and says so."""
    arrival_id = id_in(request.POST.get("arrival", ""))
    undo(door.event, request.POST.get("client", ""), now=door.now)
    return _shown(request, door, arrival_id)


@require_POST
@at_the_door
@is_opened
def correct(request: HttpRequest, door: Doorway) -> HttpResponse:
    """More or fewer came than had said so."""
    form, arrival_id = Correction(request.POST), id_in(request.POST.get("arrival", ""))
    if not form.is_valid():
        screen = Screen(shown=arrival_shown(door.event, arrival_id), correction=form)
        return answer(request, door, screen, status=HTTPStatus.BAD_REQUEST)
    client_id = request.POST.get("client", "")
    correct_party(door.event, client_id, party=form.cleaned_data["party"], now=door.now)
    return _shown(request, door, arrival_id)


def _shown(request: HttpRequest, door: Doorway, arrival_id: UUID, *, again: bool = False) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        said = {"arrival": str(arrival_id)} | ({"again": "1"} if again else {})
        return redirect(reverse("door", args=[door.event.pk], query=said))
    response = answer(request, door, Screen(shown=arrival_shown(door.event, arrival_id), again=again))
    # The numbers on top ask for themselves anew: who stands at the door need not wait for them.
    response["HX-Trigger"] = "arrived"
    return response
