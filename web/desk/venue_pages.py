"""The places where an agency meets: listed, added, corrected, and removed while nothing was held there."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engage.models import Agency
from engage.rule_violation import RuleViolation
from events.models import AccessFeature, Venue
from events.venue_keeping import add_venue, edit_venue, remove_venue
from events.venue_listing import list_venues, venue_of
from web.desk.field_making import a_text, boxes
from web.desk_frame import Desk, desk_page, show
from web.forms.refusals import TakesRefusals, status_of

_NAMES = ("name", "room", "address", "capacity", "access_features", "getting_there", "latitude", "longitude")


class VenueForm(TakesRefusals):
    name = a_text(gettext_lazy("Name"), 300, required=True)
    room = a_text(gettext_lazy("Room"), 120)
    address = a_text(gettext_lazy("Address"), 400)
    capacity = forms.IntegerField(
        label=gettext_lazy("How many people it holds"), required=False, min_value=1, max_value=1_000_000
    )
    access_features = boxes(gettext_lazy("What is there"), AccessFeature.choices)
    getting_there = a_text(
        gettext_lazy("Getting there"), 2000, lines=True, hint=gettext_lazy("Buses, parking, which door.")
    )
    latitude = forms.DecimalField(
        label=gettext_lazy("Latitude"), required=False, max_digits=9, decimal_places=6,
        help_text=gettext_lazy("Both or neither. For maps of other programs."),
    )  # fmt: skip
    longitude = forms.DecimalField(
        label=gettext_lazy("Longitude"), required=False, max_digits=9, decimal_places=6
    )
    edit_version = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in _NAMES}


@desk_page("events:write")
def venues(request: HttpRequest, desk: Desk) -> HttpResponse:
    """By name, a page at a time."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    page = list_venues(desk.agency, words=words, after=_after(desk.agency, request.GET.get("after", "")))
    context = {"venues": page.venues, "next": page.next, "words": words}
    return show(request, "console/venues.html", desk, context, nav="events")


@desk_page("events:write")
def new_venue(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One more place."""
    form = VenueForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_venue(agency=desk.agency, actor=desk.person, now=desk.now, **form.values())
        except RuleViolation as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("The place is added."))
            return redirect("venues", slug=desk.agency.slug)
    status = HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
    return show(request, "console/venue.html", desk, {"form": form}, nav="events", status=status)


@desk_page("events:write")
def one_venue(request: HttpRequest, desk: Desk, venue_id: UUID) -> HttpResponse:
    """Correct a place. A new name or address is told to everyone who was to go there: said before it is saved."""
    venue = venue_of(desk.agency, venue_id)
    first = {name: getattr(venue, name) for name in (*_NAMES, "edit_version")}
    form = VenueForm(request.POST or None, initial=first)
    status: int = HTTPStatus.BAD_REQUEST if request.method == "POST" else HTTPStatus.OK
    if request.method == "POST" and form.is_valid():
        try:
            edit_venue(
                venue,
                actor=desk.person,
                now=desk.now,
                fields=form.values(),
                if_version=form.cleaned_data["edit_version"],
            )
        except RuleViolation as refusal:
            form.take(refusal)
            status = status_of(refusal)
        else:
            messages.success(request, _("The place is saved."))
            return redirect("venues", slug=desk.agency.slug)
    context = {"form": form, "venue": venue, "ahead": venue.ahead}  # type: ignore[attr-defined]
    return show(request, "console/venue.html", desk, context, nav="events", status=status)


@desk_page("events:write")
def delete_venue(request: HttpRequest, desk: Desk, venue_id: UUID) -> HttpResponse:
    """By the button below its form. A place that meetings point at stays."""
    venue = venue_of(desk.agency, venue_id)
    if request.method != "POST":
        return redirect("one_venue", slug=desk.agency.slug, venue_id=venue_id)
    remove_venue(venue, actor=desk.person, now=desk.now)
    messages.success(request, _("The place is removed."))
    return redirect("venues", slug=desk.agency.slug)


def _after(agency: Agency, given: str) -> Venue | None:
    """The last one of the page before; what leads nowhere is the beginning."""
    try:
        key = UUID(given)
    except ValueError:
        return None
    return Venue.objects.filter(agency=agency, pk=key).first()
