"""The checklist of an event: ticked as a whole without JavaScript and box by box with it; lines added, changed, removed."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from engage.rule_violation import Invalid, StaleEdit, Unknown
from events.checklist_keeping import add_item, edit_item, item_of, items_of, remove_item, save_ticks
from events.models import Event
from events.usual_checklist import start_usual_list
from web.desk.event_head import own_event
from web.desk.field_making import a_day, a_text
from web.desk.workspace_page import checklist_context
from web.desk_frame import Desk, desk_page, show
from web.forms.refusals import TakesRefusals


class ChecklistLine(TakesRefusals):
    title = a_text(gettext_lazy("What is to be done"), 200, required=True)
    due_on = a_day(gettext_lazy("By"), required=False)
    edit_version = forms.IntegerField(required=False, widget=forms.HiddenInput())


@desk_page("events:write")
def checklist(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """POST: the boxes as they are ticked now. htmx gets the new count, everybody else the overview."""
    event = own_event(desk, event_id)
    if request.method != "POST":
        return _overview(event)
    changed = save_ticks(
        event,
        shown=_ids(request, "shown"),
        ticked=_ids(request, "done"),
        actor=desk.person,
        now=desk.now,
    )
    if request.headers.get("HX-Request"):
        context = checklist_context(desk, event, items_of(event))
        return show(request, "console/_checklist_saved.html", desk, context)
    words = ngettext("%(number)d line is changed.", "%(number)d lines are changed.", changed)
    messages.success(request, words % {"number": changed})
    return _overview(event)


@desk_page("events:write")
def add_to_checklist(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """One more line."""
    event = own_event(desk, event_id)
    form = ChecklistLine(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_item(
                event,
                actor=desk.person,
                now=desk.now,
                title=form.cleaned_data["title"],
                due_on=form.cleaned_data["due_on"],
            )
        except Invalid as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("The line is added."))
            return _overview(event)
    return _line(request, desk, event, form)


@desk_page("events:write")
def change_line(request: HttpRequest, desk: Desk, event_id: UUID, item_id: UUID) -> HttpResponse:
    """Other words, or another day."""
    event = own_event(desk, event_id)
    item = item_of(event, item_id)
    first = {"title": item.title, "due_on": item.due_on, "edit_version": item.edit_version}
    form = ChecklistLine(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            edit_item(
                item,
                actor=desk.person,
                now=desk.now,
                fields={name: given[name] for name in ("title", "due_on")},
                if_version=given["edit_version"],
            )
        except (Invalid, StaleEdit) as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("The line is changed."))
            return _overview(event)
    return _line(request, desk, event, form, item=item)


@desk_page("events:write")
def remove_line(request: HttpRequest, desk: Desk, event_id: UUID, item_id: UUID) -> HttpResponse:
    """By the button below the line's form."""
    event = own_event(desk, event_id)
    if request.method == "POST":
        remove_item(item_of(event, item_id), actor=desk.person, now=desk.now)
        messages.success(request, _("The line is removed."))
    return _overview(event)


@desk_page("events:write")
def start_checklist(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """The usual lines, for an event that has none."""
    event = own_event(desk, event_id)
    if request.method == "POST":
        start_usual_list(event, actor=desk.person, now=desk.now)
        messages.success(request, _("The usual checklist is here. Change it as you like."))
    return _overview(event)


def _line(request: HttpRequest, desk: Desk, event: Event, form: ChecklistLine, **more: Any) -> HttpResponse:
    status = HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
    context = {"event": event, "form": form} | more
    return show(request, "console/checklist_line.html", desk, context, nav="events", status=status)


def _ids(request: HttpRequest, name: str) -> list[UUID]:
    """Raises Unknown for what no page of ours sends."""
    try:
        return [UUID(value) for value in request.POST.getlist(name)]
    except ValueError:
        raise Unknown from None


def _overview(event: Event) -> HttpResponse:
    return redirect("workspace", slug=event.agency.slug, event_id=event.pk)
