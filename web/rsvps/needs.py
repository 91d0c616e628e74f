"""What people need at one event: by kind, and each request as work with an owner, a day and a result."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engage.people.models import Person
from events.event.models import Event
from events.rsvps.needs.arranging import arrange
from events.rsvps.needs.models import AccessRequest, NeedKind, NeedStatus
from events.rsvps.needs.reading import detail_for, kinds_of_need, list_needs, may_arrange, need_of
from web.events.staff_head import head_of, own_event
from web.rsvps.words import kind_standing, need_in_words, need_standing
from web.site.forms.fields import a_choice, a_day, field_of, offer
from web.site.forms.page import form_page, sent
from web.site.forms.refusals import TakesRefusals
from web.site.frames.staff import Desk, desk_page, go_on, show


class ArrangeNeed(TakesRefusals):
    """Who does it, by when, and what came of it."""

    status = field_of(AccessRequest, "status", gettext_lazy("How it stands"))
    outcome = field_of(
        AccessRequest,
        "outcome",
        gettext_lazy("What the resident reads"),
        widget=forms.Textarea(),
        hint=gettext_lazy("Sent to them when it is arranged or not possible, if they left an address."),
    )
    owner = a_choice(gettext_lazy("Who arranges it"), [], required=False)
    needed_by = a_day(gettext_lazy("Arranged by"), required=False)
    edit_version = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def __init__(self, request: AccessRequest, people: list[Person], data: Any = None) -> None:
        initial = {
            "status": request.status,
            "outcome": request.outcome,
            "owner": str(request.owner_now_id or ""),
            "needed_by": request.needed_by,
            "edit_version": request.edit_version,
        }
        super().__init__(data, initial=initial)
        self.people = {str(person.pk): person for person in people}
        if request.owner_now is not None:
            self.people.setdefault(str(request.owner_id), request.owner_now)
        nobody = [] if request.owner_now_id else [("", _("Nobody yet"))]
        offer(self, "owner", [*nobody, *((key, str(person)) for key, person in self.people.items())])

    def changes(self) -> dict[str, Any]:
        """What ``arrange`` takes."""
        given = self.cleaned_data
        return {
            "status": given["status"],
            "outcome": given["outcome"],
            "owner": self.people.get(given["owner"]),
            "needed_by": given["needed_by"],
            "if_version": given["edit_version"],
        }


@desk_page("rsvps:read")
def event_needs(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """The kinds with their state, then each request: what is needed, not who asked."""
    event = own_event(desk, event_id)
    asked = request.GET.get("kind", "")
    kind = asked if asked in NeedKind.values else ""
    skip = request.GET.get("skip", "0")
    page = list_needs(event, kind=kind, skip=int(skip) if skip.isdecimal() and len(skip) < 7 else 0)
    kinds = kinds_of_need(event)
    context = {
        "head": head_of(desk, event, "needs"),
        "event": event,
        "kinds": [{"name": need_in_words(one), "kind": one, "standing": kind_standing(one)} for one in kinds],
        "rows": [
            {"need": need, "name": need_in_words(need), "standing": need_standing(need)}
            for need in page.requests
        ],
        "kind": kind,
        "next": page.next,
    }
    return show(request, "rsvps/needs.html", desk, context, nav="events")


@desk_page("rsvps:read")
def one_need(request: HttpRequest, desk: Desk, event_id: UUID, request_id: UUID) -> HttpResponse:
    """One request. The resident's words are opened for whoever arranges it."""
    event = own_event(desk, event_id)
    need = need_of(event, request_id)
    if request.method == "HEAD":
        # It shows nothing, so it is no look at the words and leaves no record.
        return HttpResponse()
    if request.method == "POST":
        desk.viewer.must("rsvps:write", desk.agency.pk)
    form = ArrangeNeed(need, list(may_arrange(desk.agency)), sent(request))
    said = _("Saved. The resident is told where there is something to tell.")
    return form_page(
        request,
        form,
        lambda: arrange(need, actor=desk.person, now=desk.now, **form.changes()),
        shown=lambda status: _one(request, desk, event, need, form, status),
        done=lambda _made: go_on(request, desk, said, "event_needs", event_id=event.pk),
    )


@desk_page("rsvps:write")
def take_need(request: HttpRequest, desk: Desk, event_id: UUID, request_id: UUID) -> HttpResponse:
    """ "I arrange it": from then on one sees the resident's words, and the desk sees whose it is."""
    event = own_event(desk, event_id)
    need = need_of(event, request_id)
    if request.method == "POST":
        state = NeedStatus.ARRANGING if need.status == NeedStatus.ASKED else None
        arrange(need, actor=desk.person, owner=desk.person, status=state, now=desk.now)
        messages.success(request, _("You arrange it now."))
    return redirect("one_need", slug=desk.agency.slug, event_id=event.pk, request_id=request_id)


def _one(
    request: HttpRequest, desk: Desk, event: Event, need: AccessRequest, form: ArrangeNeed, status: int
) -> HttpResponse:
    context = {
        "event": event,
        "need": need,
        "name": need_in_words(need),
        "standing": need_standing(need),
        "detail": detail_for(need, desk.person, now=desk.now),
        "mine": need.owner_now_id == desk.person.pk,
        "form": form,
    }
    return show(request, "rsvps/need.html", desk, context, nav="events", status=status)
