"""The places where an agency meets: listed, added, corrected, and removed while nothing was held there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from uuid import UUID

from django import forms
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engage.agencies.models import Agency
from engage.database.ids import id_or_none
from engage.paging import beyond
from engage.refusals import Unknown
from events.event.models import STANDING, Venue, VenueFeature
from events.planning.venues import TRANSLATED, add_venue, edit_venue, remove_venue
from web.site.forms.fields import boxes, field_of
from web.site.forms.page import form_page, sent
from web.site.forms.refusals import TakesRefusals
from web.site.forms.translated import add_further_languages, further_given, in_further_languages
from web.site.frames.staff import Desk, desk_page, go_on, show

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class VenuePage:
    """One page, by name. Each venue with ``ahead``: how many meetings are planned there. next: None at the end."""

    venues: Sequence[Venue]
    next: UUID | None


def list_venues(agency: Agency, *, words: str = "", after: Venue | None = None) -> VenuePage:
    """words: of the name or address. One query."""
    found = Venue.objects.filter(agency=agency).annotate(ahead=_ahead())
    if words:
        found = found.filter(Q(name__icontains=words) | Q(address__icontains=words))
    if after is not None:
        found = found.filter(beyond((after.name, after.pk), ("name", "pk")))
    rows = list(found.order_by("name", "pk")[: PAGE + 1])
    return VenuePage(rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None)


def venue_of(agency: Agency, venue_id: UUID) -> Venue:
    """With ``ahead``. Raises Unknown."""
    found = Venue.objects.filter(agency=agency, pk=venue_id).annotate(ahead=_ahead()).first()
    if found is None:
        raise Unknown
    return found


def _ahead() -> Count:
    return Count("events", filter=Q(events__status__in=STANDING))


_NAMES = ("name", "room", "address", "capacity", "access_features", "getting_there", "latitude", "longitude")


class VenueForm(TakesRefusals):
    name = field_of(Venue, "name", gettext_lazy("Name"))
    room = field_of(Venue, "room", gettext_lazy("Room"))
    address = field_of(Venue, "address", gettext_lazy("Address"))
    capacity = field_of(Venue, "capacity", gettext_lazy("How many people it holds"))
    access_features = boxes(gettext_lazy("What is there"), VenueFeature.choices)
    getting_there = field_of(
        Venue,
        "getting_there",
        gettext_lazy("Getting there"),
        hint=gettext_lazy("Buses, parking, which door."),
    )
    latitude = field_of(
        Venue,
        "latitude",
        gettext_lazy("Latitude"),
        hint=gettext_lazy("Both or neither. For maps of other programs."),
    )
    longitude = field_of(Venue, "longitude", gettext_lazy("Longitude"))
    edit_version = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def __init__(self, agency: Agency, data: Any = None, *, venue: Venue | None = None) -> None:
        names = (*_NAMES, "edit_version")
        super().__init__(data, initial={name: getattr(venue, name) for name in names} if venue else None)
        self.agency, self.kept = agency, venue.translations if venue else {}
        add_further_languages(self, agency, TRANSLATED, self.kept)

    @property
    def translated(self) -> list[forms.BoundField]:
        return in_further_languages(self, self.agency, TRANSLATED)

    def values(self) -> dict[str, Any]:
        given = {name: self.cleaned_data[name] for name in _NAMES}
        return given | {"translations": further_given(self, self.agency, TRANSLATED, self.kept)}


@desk_page("events:write")
def venues(request: HttpRequest, desk: Desk) -> HttpResponse:
    """By name, a page at a time."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    page = list_venues(desk.agency, words=words, after=_after(desk.agency, request.GET.get("after", "")))
    context = {"venues": page.venues, "next": page.next, "words": words}
    return show(request, "desk/venues.html", desk, context, nav="events")


@desk_page("events:write")
def new_venue(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One more place."""
    form = VenueForm(desk.agency, sent(request))
    context = {"form": form, "venue": None, "ahead": 0}
    return form_page(
        request,
        form,
        lambda: add_venue(agency=desk.agency, actor=desk.person, now=desk.now, **form.values()),
        shown=partial(show, request, "desk/venue.html", desk, context, nav="events"),
        done=lambda _made: go_on(request, desk, _("The place is added."), "venues"),
    )


@desk_page("events:write")
def one_venue(request: HttpRequest, desk: Desk, venue_id: UUID) -> HttpResponse:
    """Correct a place. A new name or address is told to everyone who was to go there: said before it is saved."""
    venue = venue_of(desk.agency, venue_id)
    form = VenueForm(desk.agency, sent(request), venue=venue)
    context = {"form": form, "venue": venue, "ahead": venue.ahead}  # type: ignore[attr-defined]
    return form_page(
        request,
        form,
        lambda: edit_venue(
            venue,
            actor=desk.person,
            now=desk.now,
            fields=form.values(),
            if_version=form.cleaned_data["edit_version"],
        ),
        shown=partial(show, request, "desk/venue.html", desk, context, nav="events"),
        done=lambda _made: go_on(request, desk, _("The place is saved."), "venues"),
    )


@desk_page("events:write")
def delete_venue(request: HttpRequest, desk: Desk, venue_id: UUID) -> HttpResponse:
    """By the button below its form. A place that meetings point at stays."""
    venue = venue_of(desk.agency, venue_id)
    if request.method != "POST":
        return redirect("one_venue", slug=desk.agency.slug, venue_id=venue_id)
    remove_venue(venue, actor=desk.person, now=desk.now)
    return go_on(request, desk, _("The place is removed."), "venues")


def _after(agency: Agency, given: str) -> Venue | None:
    """The last one of the page before; what leads nowhere is the beginning."""
    key = id_or_none(given)
    return Venue.objects.filter(agency=agency, pk=key).first() if key else None
