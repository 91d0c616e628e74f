"""The checklist of an event: ticked as a whole without JavaScript and box by box with it; lines added, changed, removed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from engage.database.ids import id_in
from events.event.models import Event
from events.planning.checklist import (
    add_item,
    edit_item,
    item_of,
    items_of,
    remove_item,
    save_ticks,
    start_usual_list,
)
from events.planning.models import ChecklistItem
from web.desk.workspace import checklist_context
from web.events.staff_head import own_event
from web.site.forms.fields import field_of
from web.site.forms.page import form_page, sent
from web.site.forms.refusals import TakesRefusals
from web.site.frames.staff import Desk, desk_page, go_on, show


class ChecklistLine(TakesRefusals):
    title = field_of(ChecklistItem, "title", gettext_lazy("What is to be done"))
    due_on = field_of(ChecklistItem, "due_on", gettext_lazy("By"))
    edit_version = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("title", "due_on")}


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
        return show(request, "desk/_checklist_saved.html", desk, context)
    words = ngettext("%(number)d line is changed.", "%(number)d lines are changed.", changed)
    messages.success(request, words % {"number": changed})
    return _overview(event)


@desk_page("events:write")
def add_to_checklist(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """One more line."""
    event = own_event(desk, event_id)
    form = ChecklistLine(sent(request))
    return form_page(
        request,
        form,
        lambda: add_item(event, actor=desk.person, now=desk.now, **form.values()),
        shown=lambda status: _line(request, desk, form, status, event=event),
        done=lambda _made: go_on(request, desk, _("The line is added."), "workspace", event_id=event.pk),
    )


@desk_page("events:write")
def change_line(request: HttpRequest, desk: Desk, event_id: UUID, item_id: UUID) -> HttpResponse:
    """Other words, or another day."""
    event = own_event(desk, event_id)
    item = item_of(event, item_id)
    first = {"title": item.title, "due_on": item.due_on, "edit_version": item.edit_version}
    form = ChecklistLine(sent(request), initial=first)
    return form_page(
        request,
        form,
        lambda: edit_item(
            item,
            actor=desk.person,
            now=desk.now,
            fields=form.values(),
            if_version=form.cleaned_data["edit_version"],
        ),
        shown=lambda status: _line(request, desk, form, status, event=event, item=item),
        done=lambda _made: go_on(request, desk, _("The line is changed."), "workspace", event_id=event.pk),
    )


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


def _line(request: HttpRequest, desk: Desk, form: ChecklistLine, status: int, **about: Any) -> HttpResponse:
    return show(
        request,
        "desk/checklist_line.html",
        desk,
        {"form": form, "item": None} | about,
        nav="events",
        status=status,
    )


def _ids(request: HttpRequest, name: str) -> list[UUID]:
    """Raises Unknown for what no page of ours sends."""
    return [id_in(value) for value in request.POST.getlist(name)]


def _overview(event: Event) -> HttpResponse:
    return redirect("workspace", slug=event.agency.slug, event_id=event.pk)
