"""Dialogues: ongoing conversations on which meetings hang; planned, open, closed, and reported back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from engage import dialogue_lifecycle
from engage.models import Dialogue
from engage.rule_violation import RuleViolation, StaleEdit, Unknown
from events.dialogue_listing import dialogues_of
from web.desk_frame import Desk, desk_page, show
from web.listening.dialogue_forms import DialogueForm

_TURNS: Final[Mapping[str, Callable[..., Dialogue]]] = {
    "open": dialogue_lifecycle.open_dialogue,
    "close": dialogue_lifecycle.close_dialogue,
    "report": dialogue_lifecycle.report_dialogue,
}


@desk_page("dialogue:write")
def dialogues(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The agency's, the latest first."""
    found = dialogues_of(desk.agency, before=request.GET.get("before", ""))
    context = {"rows": found.rows, "following": found.following, "is_later": bool(request.GET.get("before"))}
    return show(request, "console/dialogues/list.html", desk, context, nav="questions")


@desk_page("dialogue:write")
def new_dialogue(request: HttpRequest, desk: Desk) -> HttpResponse:
    """GET shows the form, POST starts it in planning."""
    form = DialogueForm(desk.agency, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = dialogue_lifecycle.start_dialogue(
                agency=desk.agency, actor=desk.person, **form.fields_given()
            )
        except RuleViolation as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("The dialogue is saved. Only staff see it until you open it."))
            return HttpResponseRedirect(_at(desk, made))
    return _form(request, desk, form, None, 400 if form.is_bound else 200)


@desk_page("dialogue:write")
def dialogue(request: HttpRequest, desk: Desk, dialogue_id: UUID) -> HttpResponse:
    """One dialogue: what it is about, and its next step; POST changes it."""
    found = _own(desk, dialogue_id)
    form = DialogueForm(desk.agency, request.POST if request.method == "POST" else None, dialogue=found)
    status = 400 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            dialogue_lifecycle.edit_dialogue(
                found,
                actor=desk.person,
                fields=form.fields_given(),
                if_version=form.cleaned_data["edit_version"],
            )
        except StaleEdit as refusal:
            form.take(refusal)
            status = 409
        except RuleViolation as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("The dialogue is changed."))
            return HttpResponseRedirect(_at(desk, found))
    return _form(request, desk, form, found, status)


@desk_page("dialogue:write")
def turn_dialogue(request: HttpRequest, desk: Desk, dialogue_id: UUID, turn: str) -> HttpResponse:
    """POST: its next stage. A stage that does not follow is refused with a page that says so."""
    found = _own(desk, dialogue_id)
    if request.method == "POST":
        _TURNS[turn](found, actor=desk.person)
        messages.success(request, _("The dialogue is now: {stage}.").format(stage=found.get_stage_display()))
    return HttpResponseRedirect(_at(desk, found))


@desk_page("dialogue:write")
def delete_dialogue(request: HttpRequest, desk: Desk, dialogue_id: UUID) -> HttpResponse:
    """GET asks, POST deletes one that is planned and empty."""
    found, refused = _own(desk, dialogue_id), ""
    if request.method == "POST":
        try:
            dialogue_lifecycle.delete_dialogue(found, actor=desk.person)
        except RuleViolation as refusal:
            refused = str(refusal.detail)
        else:
            messages.success(request, _("The dialogue is deleted."))
            return HttpResponseRedirect(reverse("dialogues", kwargs={"slug": desk.agency.slug}))
    context = {"dialogue": found, "refusal": refused}
    status = 409 if refused else 200
    return show(request, "console/dialogues/delete.html", desk, context, nav="questions", status=status)


def _form(
    request: HttpRequest, desk: Desk, form: DialogueForm, found: Dialogue | None, status: int
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "dialogue": found}
    template = "console/dialogues/one.html" if found else "console/dialogues/new.html"
    return show(request, template, desk, context, nav="questions", status=status)


def _own(desk: Desk, dialogue_id: UUID) -> Dialogue:
    found = Dialogue.objects.filter(agency=desk.agency, pk=dialogue_id).first()
    if found is None:
        raise Unknown
    return found


def _at(desk: Desk, found: Dialogue) -> str:
    return reverse("dialogue", kwargs={"slug": desk.agency.slug, "dialogue_id": found.pk})
