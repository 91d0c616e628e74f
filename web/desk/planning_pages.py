"""Planning an event, copying a past one, and changing one that stands: told first where people would hear of it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from engage.rule_violation import RuleViolation, StaleEdit, Unknown
from events.models import Event
from events.planning_with_place import change_plan, plan
from outreach.change_foreseeing import Foreseen, foresee
from web.desk.event_as_form import as_it_stands, copied
from web.desk.event_form import EventForm
from web.desk.event_head import own_event
from web.desk_frame import Desk, desk_page, show
from web.forms.refusals import status_of


@desk_page("events:write")
def plan_event(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A new event, perhaps with the texts of a past one (``?copy=``)."""
    if request.method == "POST":
        form = EventForm(desk.agency, request.POST)
        if not form.is_valid():
            return _form(request, desk, form, HTTPStatus.BAD_REQUEST)
        try:
            made = plan(
                agency=desk.agency,
                actor=desk.person,
                now=desk.now,
                fields=form.values(),
                new_place=form.new_place,
            )
        except RuleViolation as refusal:
            form.take(refusal)
            return _form(request, desk, form, status_of(refusal))
        messages.success(request, _("The event is saved as a draft. Nobody sees it until you publish it."))
        return redirect("workspace", slug=desk.agency.slug, event_id=made.event.pk)
    return _form(request, desk, EventForm(desk.agency, initial=_first_values(request, desk)))


@desk_page("events:write")
def edit_event(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """Change an event. What people would be told of is said before it is done."""
    event = own_event(desk, event_id)
    if request.method != "POST":
        form = EventForm(desk.agency, event=event, initial=as_it_stands(event))
        return _form(request, desk, form)
    form = EventForm(desk.agency, request.POST, event=event)
    if not form.is_valid():
        return _form(request, desk, form, HTTPStatus.BAD_REQUEST)
    try:
        ahead = None if "confirmed" in request.POST else _foreseen(desk, form, event_id)
        if ahead is not None:
            return _ask(request, desk, event, form, ahead)
        change_plan(
            event_id,
            agency=desk.agency,
            actor=desk.person,
            now=desk.now,
            fields=form.values(),
            new_place=form.new_place,
            if_version=form.cleaned_data["edit_version"],
        )
    except StaleEdit as refusal:
        return _stale(request, desk, form, event, refusal)
    except RuleViolation as refusal:
        form.take(refusal)
        return _form(request, desk, form, status_of(refusal))
    messages.success(request, _("Your changes are saved."))
    return redirect("workspace", slug=desk.agency.slug, event_id=event_id)


def _foreseen(desk: Desk, form: EventForm, event_id: UUID) -> Foreseen | None:
    event = own_event(desk, event_id)
    if form.cleaned_data["edit_version"] not in {None, event.edit_version}:
        raise StaleEdit
    return foresee(event, form.values(), new_place=form.new_place is not None)


def _first_values(request: HttpRequest, desk: Desk) -> dict[str, Any]:
    try:
        past = own_event(desk, UUID(request.GET["copy"])) if "copy" in request.GET else None
    except ValueError:
        raise Unknown from None
    if past is not None:
        return copied(past)
    return {
        "timezone": desk.agency.timezone,
        "languages": ["en"],
        "run_by": desk.agency.contact_office,
        "discreet": "",
    }


def _form(
    request: HttpRequest, desk: Desk, form: EventForm, status: int = HTTPStatus.OK, **more: Any
) -> HttpResponse:
    context = {"form": form, "event": form.event} | more
    return show(request, "console/event_form.html", desk, context, nav="events", status=status)


def _ask(request: HttpRequest, desk: Desk, event: Event, form: EventForm, ahead: Foreseen) -> HttpResponse:
    """The same values again in hidden fields, and one button that says what happens."""
    sent = [(name, value) for name in request.POST for value in request.POST.getlist(name)]
    context = {
        "event": event,
        "ahead": ahead,
        "sent": [row for row in sent if row[0] != "csrfmiddlewaretoken"],
    }
    return show(request, "console/move.html", desk, context, nav="events")


def _stale(
    request: HttpRequest, desk: Desk, form: EventForm, event: Event, refusal: StaleEdit
) -> HttpResponse:
    """What was typed stays; beside it stands what somebody else has saved since."""
    form.take(refusal)
    stands = EventForm(desk.agency, event=event, initial=as_it_stands(event))
    differences = [
        {"label": form[name].label, "saved": _readable(stands, name), "typed": _readable(form, name)}
        for name in form.fields
        if name != "edit_version" and _readable(stands, name) != _readable(form, name)
    ]
    # Saving again is then a choice made in sight of both.
    again = request.POST.copy()
    again["edit_version"] = str(event.edit_version)
    form.data = again
    return _form(request, desk, form, HTTPStatus.CONFLICT, differences=differences)


def _readable(form: EventForm, name: str) -> str:
    """A field's value in the words of its choices."""
    bound = form[name]
    value = bound.value()
    if value is None or value == "":
        return ""
    named = dict(getattr(bound.field, "choices", ()))
    if isinstance(value, list):
        return ", ".join(sorted(str(named.get(each, each)) for each in value))
    if named:
        return str(named.get(value, value))
    shown = bound.field.widget.format_value(bound.field.prepare_value(value))
    return str(shown or "").replace("\r\n", "\n").strip()
