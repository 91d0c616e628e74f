"""The places of one event: who is coming, a place for a caller, and one name or address where it is needed."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from engage.answer_keeping import KeyInvalid
from engage.contact_reading import SecondPersonNeeded
from engage.rule_violation import RuleViolation, Unknown
from events.changing_a_place import cancel, change
from events.flood_undoing import floods_of
from events.models import Event, Rsvp, RsvpStatus
from events.place_listing import (
    PlacePage,
    Revealed,
    list_places,
    list_places_with_names,
    place_of,
    reveal_place,
)
from events.place_rules import takes_rsvps
from events.responding_for_caller import respond_for_caller
from events.seats import OPEN
from events.waitlisting import accept
from web.dates_in_words import moment_in_words
from web.desk.event_head import head_of, id_in, own_event
from web.desk.flood_page import in_words
from web.desk.more_readings_page import Purpose, ask_a_second_person
from web.desk.place_forms import ChangeForCaller, PlaceForCaller
from web.desk.words import place_standing, seats_in_words
from web.desk_frame import Desk, desk_page, show
from web.forms.refusals import status_of
from web.language_names import language_name


@desk_page("rsvps:read")
def event_rsvps(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """Without names. POST with a purpose: the same page of the list with names, on the record."""
    event = own_event(desk, event_id)
    asked = request.GET.get("status", "")
    status = asked if asked in RsvpStatus.values else ""
    after = id_in(request.GET["after"]) if "after" in request.GET else None
    form = Purpose(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            page = list_places_with_names(
                event,
                reader=desk.person,
                purpose=form.cleaned_data["purpose"],
                status=status,
                after=after,
                now=desk.now,
            )
        except SecondPersonNeeded as refusal:
            return ask_a_second_person(request, desk, refusal)
    else:
        page = list_places(event, status=status, after=after)
    return _list(request, desk, event, page, form, status=status)


@desk_page("rsvps:write")
def place_for_caller(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """Somebody is on the telephone and wants to come."""
    event = own_event(desk, event_id)
    form = PlaceForCaller(event, request.POST or None)
    key = request.POST.get("key") or secrets.token_urlsafe(24)
    status: int = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.BAD_REQUEST
        if form.is_valid():
            try:
                place_id = respond_for_caller(
                    event, actor=desk.person, key=key, now=desk.now, **form.wishes()
                )
            except KeyInvalid:
                raise Unknown from None
            except RuleViolation as refusal:
                form.take(refusal)
                status = status_of(refusal)
            else:
                messages.success(request, _said_to_the_caller(place_id))
                return _to_place(desk, event, place_id)
    context = {"event": event, "form": form, "key": key, "open": takes_rsvps(event, desk.now)}
    return show(request, "console/place_for_caller.html", desk, context, nav="events", status=status)


def _said_to_the_caller(place_id: UUID) -> str:
    waits = Rsvp.objects.filter(pk=place_id, status=RsvpStatus.WAITLISTED).exists()
    if waits:
        return _("It is full: they are on the waitlist now. Tell them so, and read them their code.")
    return _("The place is saved. Read them their code.")


@desk_page("rsvps:read")
def one_place(request: HttpRequest, desk: Desk, event_id: UUID, place_id: UUID) -> HttpResponse:
    """One place without its people; what can be done for them at the telephone."""
    event = own_event(desk, event_id)
    place = place_of(event, place_id)
    return _place(request, desk, event, place, ChangeForCaller(place), Purpose())


@desk_page("rsvps:write")
def change_place(request: HttpRequest, desk: Desk, event_id: UUID, place_id: UUID) -> HttpResponse:
    """What a caller wants to be different."""
    event = own_event(desk, event_id)
    place = place_of(event, place_id)
    if request.method != "POST":
        return _to_place(desk, event, place_id)
    form = ChangeForCaller(place, request.POST)
    status: int = HTTPStatus.BAD_REQUEST
    if form.is_valid():
        try:
            change(place.pk, actor=desk.person, now=desk.now, **form.changes())
        except RuleViolation as refusal:
            form.take(refusal)
            status = status_of(refusal)
        else:
            messages.success(request, _("The place is changed."))
            return _to_place(desk, event, place_id)
    return _place(request, desk, event, place, form, Purpose(), status=status)


@desk_page("rsvps:write")
def cancel_for_caller(request: HttpRequest, desk: Desk, event_id: UUID, place_id: UUID) -> HttpResponse:
    """A page that asks once more, then the place goes back."""
    event = own_event(desk, event_id)
    place = place_of(event, place_id)
    if request.method == "POST":
        cancel(place.pk, by="staff", actor=desk.person, now=desk.now)
        messages.success(request, _("The place is cancelled, and goes to whoever waits longest."))
        return _to_place(desk, event, place_id)
    context = {"event": event, "place": place}
    return show(request, "console/cancel_place.html", desk, context, nav="events")


@desk_page("rsvps:write")
def accept_for_caller(request: HttpRequest, desk: Desk, event_id: UUID, place_id: UUID) -> HttpResponse:
    """Somebody takes the place that was offered to them, by telephone."""
    event = own_event(desk, event_id)
    place = place_of(event, place_id)
    if request.method == "POST":
        accept(place.pk, actor=desk.person, now=desk.now)
        messages.success(request, _("The offered place is theirs now."))
    return _to_place(desk, event, place_id)


@desk_page("rsvps:read")
def reveal(request: HttpRequest, desk: Desk, event_id: UUID, place_id: UUID) -> HttpResponse:
    """One name and its addresses, shown this once and kept on the record with the purpose."""
    event = own_event(desk, event_id)
    place = place_of(event, place_id)
    if request.method != "POST":
        return _to_place(desk, event, place_id)
    form = Purpose(request.POST)
    if form.is_valid():
        try:
            shown = reveal_place(
                place, reader=desk.person, purpose=form.cleaned_data["purpose"], now=desk.now
            )
        except SecondPersonNeeded as refusal:
            return ask_a_second_person(request, desk, refusal)
        return _place(request, desk, event, place, ChangeForCaller(place), Purpose(), shown=shown)
    return _place(request, desk, event, place, ChangeForCaller(place), form, status=HTTPStatus.BAD_REQUEST)


def _list(
    request: HttpRequest, desk: Desk, event: Event, page: PlacePage, form: Purpose, *, status: str
) -> HttpResponse:
    rows = [
        {
            "place": place,
            "standing": place_standing(place.status),
            "code": place.checkin_code[:4],
            "language": language_name(place.language),
            "name": page.names.get(place.pk),
        }
        for place in page.places
    ]
    context = {
        "head": head_of(desk, event, "rsvps"),
        "event": event,
        "rows": rows,
        "named": form.is_bound and not form.errors,
        "next": page.next,
        "status": status,
        "statuses": [("", _("All")), *((value, label) for value, label in RsvpStatus.choices)],
        "seats": seats_in_words(event),
        "form": form,
        "open": takes_rsvps(event, desk.now),
        "floods": [in_words(flood, event) for flood in floods_of(event, now=desk.now)]
        if desk.may("rsvps:write")
        else [],
    }
    answer = HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
    return show(request, "console/rsvps.html", desk, context, nav="events", status=answer)


def _place(
    request: HttpRequest,
    desk: Desk,
    event: Event,
    place: Rsvp,
    form: ChangeForCaller,
    purpose: Purpose,
    *,
    shown: Revealed | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    context: dict[str, Any] = {
        "event": event,
        "place": place,
        "standing": place_standing(place.status),
        "language": language_name(place.language),
        "form": form,
        "purpose": purpose,
        "shown": shown,
        "until": moment_in_words(place.offer_expires_at, event.timezone),
        "open": event.status in OPEN and place.status != RsvpStatus.CANCELLED and desk.may("rsvps:write"),
        "code": f"{place.checkin_code[:5]} {place.checkin_code[5:]}",
        "erring": form if form.errors else purpose,
    }
    return show(request, "console/place.html", desk, context, nav="events", status=status)


def _to_place(desk: Desk, event: Event, place_id: UUID) -> HttpResponse:
    return redirect("event_place", slug=desk.agency.slug, event_id=event.pk, place_id=place_id)
