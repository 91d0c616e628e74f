"""The turns in an event's life: publish, start, end, cancel, delete a draft."""

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

from engage.rule_violation import Invalid, ReasonRequired, WrongState
from events import event_lifecycle
from events.event_warnings import warnings_about
from events.models import Event, EventStatus
from events.scheduling import OPEN, delete_draft
from outreach.change_foreseeing import people_told
from web.desk.event_head import own_event
from web.desk_frame import Desk, desk_page, show
from web.forms.refusals import TakesRefusals


class WhyCancelled(TakesRefusals):
    reason = forms.CharField(
        label=gettext_lazy("Why is it cancelled?"),
        help_text=gettext_lazy(
            "Everyone can read this. Say what happened, and whether there will be a new day."
        ),
        max_length=500,
        widget=forms.Textarea({"rows": "4"}),
    )


@desk_page("events:write")
def publish_event(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """What publishing does and what is still missing; then it is done."""
    event = own_event(desk, event_id)
    if request.method == "POST":
        event_lifecycle.publish(event, actor=desk.person, now=desk.now)
        messages.success(request, _("The event is published."))
        return _back(event)
    if event.status != EventStatus.DRAFT:
        return _back(event)
    context = {"event": event, "remarks": warnings_about(event, now=desk.now)}
    return show(request, "console/publish.html", desk, context, nav="events")


@desk_page("events:write")
def start_event(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """By a button of the workspace; looked at, it leads back there."""
    event = own_event(desk, event_id)
    if request.method == "POST":
        event_lifecycle.start(event, actor=desk.person, now=desk.now)
        messages.success(request, _("The event has started."))
    return _back(event)


@desk_page("events:write")
def end_event(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """By a button of the workspace; looked at, it leads back there."""
    event = own_event(desk, event_id)
    if request.method == "POST":
        event_lifecycle.end(event, actor=desk.person, now=desk.now)
        messages.success(request, _("The event has ended. The door stays open 12 hours for late entries."))
    return _back(event)


@desk_page("events:write")
def cancel_event(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """Who is told, and the reason that everyone can read."""
    event = own_event(desk, event_id)
    if event.status not in OPEN:
        raise WrongState
    form = WhyCancelled(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            event_lifecycle.cancel(event, reason=form.cleaned_data["reason"], actor=desk.person, now=desk.now)
        except (ReasonRequired, Invalid) as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("The event is cancelled. Everyone who holds a place is told."))
            return _back(event)
    context: dict[str, Any] = {"event": event, "form": form, "told": people_told(event)}
    status = HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
    return show(request, "console/cancel.html", desk, context, nav="events", status=status)


@desk_page("events:write")
def delete_event(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """Only a draft can go; anything that was ever known is cancelled instead."""
    event = own_event(desk, event_id)
    if request.method == "POST":
        delete_draft(event, actor=desk.person, now=desk.now)
        messages.success(request, _("The draft is deleted."))
        return redirect("board", slug=desk.agency.slug)
    if event.status != EventStatus.DRAFT:
        raise WrongState(_("Only a draft can be deleted. Cancel the event instead."))
    return show(request, "console/delete.html", desk, {"event": event}, nav="events")


def _back(event: Event) -> HttpResponse:
    return redirect("workspace", slug=event.agency.slug, event_id=event.pk)
