"""Planning an event, copying a past one, and changing one that stands: told first where people would hear of it, and of a day off."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from engage.confirming import ConfirmRequired
from engage.database.ids import id_in
from engage.refusals import RuleViolation, StaleEdit
from events.event.models import Event
from events.planning.scheduling import Changed
from events.planning.venues import change_plan, plan
from web.desk.event_form import EventForm, as_it_stands, copied
from web.events.staff_head import own_event
from web.site.forms.page import sent
from web.site.frames.asking import asking_form_page, asks_page
from web.site.frames.staff import Desk, desk_page, go_on, show


@desk_page("events:write")
def plan_event(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A new event, perhaps with the texts of a past one (``?copy=``)."""
    data = sent(request)
    form = EventForm(desk.agency, data, initial=_first_values(request, desk) if data is None else None)
    said = _("The event is saved as a draft. Nobody sees it until you publish it.")

    def asks(refusal: ConfirmRequired, status: int) -> HttpResponse:
        return asks_page(
            request, desk, refusal.question, heading=_("Meet on this day?"), button=_("Save as a draft"),
            back=reverse("board", kwargs={"slug": desk.agency.slug}), back_words=_("Events"),
            leave=_("Leave without saving"), status=status,
        )  # fmt: skip

    return asking_form_page(
        request,
        form,
        lambda confirm: plan(
            agency=desk.agency,
            actor=desk.person,
            now=desk.now,
            fields=form.values(),
            new_venue=form.new_venue,
            confirm=confirm,
        ),
        shown=lambda status: _form(request, desk, form, status),
        asks=asks,
        done=lambda made: go_on(request, desk, said, "workspace", event_id=made.event.pk),
    )


@desk_page("events:write")
def edit_event(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """Change an event. What people would be told of is said before it is done."""
    event, data = own_event(desk, event_id), sent(request)
    form = EventForm(desk.agency, data, event=event, initial=as_it_stands(event) if data is None else None)

    def changed(confirm: str) -> Changed:
        return change_plan(
            event_id,
            agency=desk.agency,
            actor=desk.person,
            now=desk.now,
            fields=form.values(),
            new_venue=form.new_venue,
            if_version=form.cleaned_data["edit_version"],
            confirm=confirm,
        )

    def asks(refusal: ConfirmRequired, status: int) -> HttpResponse:
        only_the_day = all(one.code == "day_off" for one in refusal.question.consequences)
        return asks_page(
            request, desk, refusal.question,
            heading=_("Meet on this day?") if only_the_day else _("Change the time or the place?"),
            button=_("Save changes") if only_the_day else _("Save and tell them"),
            back=reverse("workspace", kwargs={"slug": desk.agency.slug, "event_id": event_id}),
            back_words=event.title, leave=_("Leave it as it is"), status=status,
        )  # fmt: skip

    def refused(refusal: RuleViolation) -> HttpResponse | None:
        return _stale(request, desk, form, event) if isinstance(refusal, StaleEdit) else None

    return asking_form_page(
        request,
        form,
        changed,
        shown=lambda status: _form(request, desk, form, status),
        asks=asks,
        done=lambda _made: go_on(request, desk, _("Your changes are saved."), "workspace", event_id=event_id),
        refused=refused,
    )


def _first_values(request: HttpRequest, desk: Desk) -> dict[str, Any]:
    past = own_event(desk, id_in(request.GET["copy"])) if "copy" in request.GET else None
    if past is not None:
        return copied(past)
    return {
        "timezone": desk.agency.timezone,
        "languages": ["en"],
        "run_by": desk.agency.contact_office,
        "discreet": "",
    }


def _form(request: HttpRequest, desk: Desk, form: EventForm, status: int, **more: Any) -> HttpResponse:
    context = {"form": form, "event": form.event, "differences": ()} | more
    return show(request, "desk/event_form.html", desk, context, nav="events", status=status)


def _stale(request: HttpRequest, desk: Desk, form: EventForm, event: Event) -> HttpResponse:
    """What was typed stays; beside it stands what somebody else has saved since."""
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
