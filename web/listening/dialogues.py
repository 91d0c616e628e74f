"""Dialogues: ongoing conversations on which meetings hang; planned, open, closed, and reported back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engage.agencies.models import Agency, Community
from engage.database.ids import id_in
from engage.listening.dialogues import (
    close_dialogue,
    edit_dialogue,
    open_dialogue,
    report_dialogue,
    start_dialogue,
)
from engage.listening.dialogues import (
    delete_dialogue as delete_planned,
)
from engage.listening.models import Dialogue, ParticipationLevel, Theme
from engage.paging import Slice, slice_of
from engage.refusals import Unknown
from events.event.models import Event
from web.site.forms.fields import field_of, offer
from web.site.forms.page import form_page, sent
from web.site.forms.refusals import TakesRefusals
from web.site.frames.staff import Desk, desk_page, go_on, show

_OFFERED = 200
PAGE: Final = 25
_TURNS: Final[Mapping[str, Callable[..., Dialogue]]] = {
    "open": open_dialogue,
    "close": close_dialogue,
    "report": report_dialogue,
}


class DialogueForm(TakesRefusals):
    """A new dialogue, or (edit_version) one that is there."""

    edit_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = field_of(
        Dialogue, "title", gettext_lazy("Title"), error_messages={"required": gettext_lazy("Write a title.")}
    )
    purpose = field_of(
        Dialogue,
        "purpose",
        gettext_lazy("What it is for"),
        widget=forms.Textarea({"rows": 4}),
        hint=gettext_lazy("What you want to find out or decide together, in plain words."),
    )
    focus_area = field_of(Dialogue, "focus_area", gettext_lazy("Focus area"))
    participation_level = field_of(
        Dialogue,
        "participation_level",
        gettext_lazy("How much residents’ words decide"),
        initial=ParticipationLevel.CONSULT,
        widget=forms.RadioSelect,
    )
    communities = forms.MultipleChoiceField(
        label=gettext_lazy("Neighborhoods and groups it is for"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    partners = forms.MultipleChoiceField(
        label=gettext_lazy("Other agencies that take part"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, agency: Agency, data: Any = None, *, dialogue: Dialogue | None = None) -> None:
        initial: dict[str, Any] = {}
        if dialogue is not None:
            names = ("edit_version", "title", "purpose", "focus_area", "participation_level")
            initial = {name: getattr(dialogue, name) for name in names} | {
                "communities": [str(one.pk) for one in dialogue.communities.all()],
                "partners": [one.slug for one in dialogue.partners.all()],
            }
        super().__init__(data, initial=initial)
        groups = Community.objects.filter(agency=agency).order_by("name").values_list("pk", "name")[:_OFFERED]
        others = Agency.objects.exclude(pk=agency.pk).order_by("name").values_list("slug", "name")[:_OFFERED]
        offer(self, "communities", [(str(pk), name) for pk, name in groups])
        offer(self, "partners", list(others))

    def fields_given(self) -> dict[str, Any]:
        """What ``start_dialogue`` and ``edit_dialogue`` take."""
        given = dict(self.cleaned_data)
        given.pop("edit_version")
        return given | {"communities": [id_in(one) for one in given["communities"]]}


@dataclass(frozen=True, slots=True)
class DialogueRow:
    """One dialogue. events, themes: how many."""

    dialogue: Dialogue
    events: int
    themes: int


def dialogues_of(agency: Agency, *, before: str = "") -> Slice[DialogueRow]:
    """The latest first. One query. before: the id that the page before ended with. Raises NoSuchPage."""
    rows: QuerySet[Any] = Dialogue.objects.filter(agency=agency).annotate(
        events_held=_many(Event), themes_made=_many(Theme)
    )
    # Ids are made in the order of time.
    found = slice_of(rows, ("-pk",), size=PAGE, after=before)
    return Slice([DialogueRow(one, one.events_held, one.themes_made) for one in found.rows], found.following)


def _many(model: type[Event | Theme]) -> Coalesce:
    rows = model._base_manager.filter(dialogue=OuterRef("pk")).order_by().values("dialogue")
    counted = rows.annotate(n=Count(F("pk"))).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


@desk_page("dialogue:write")
def dialogues(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The agency's, the latest first."""
    found = dialogues_of(desk.agency, before=request.GET.get("before", ""))
    context = {"rows": found.rows, "following": found.following, "is_later": bool(request.GET.get("before"))}
    return show(request, "listening/dialogues/list.html", desk, context, nav="contributions")


@desk_page("dialogue:write")
def new_dialogue(request: HttpRequest, desk: Desk) -> HttpResponse:
    """GET shows the form, POST starts it in planning."""
    form = DialogueForm(desk.agency, sent(request))
    said = _("The dialogue is saved. Only staff see it until you open it.")
    return form_page(
        request,
        form,
        lambda: start_dialogue(agency=desk.agency, actor=desk.person, **form.fields_given()),
        shown=lambda status: _form(request, desk, form, None, status),
        done=lambda made: go_on(request, desk, said, "dialogue", dialogue_id=made.pk),
    )


@desk_page("dialogue:write")
def dialogue(request: HttpRequest, desk: Desk, dialogue_id: UUID) -> HttpResponse:
    """One dialogue: what it is about, and its next step; POST changes it."""
    found = _own(desk, dialogue_id)
    form = DialogueForm(desk.agency, sent(request), dialogue=found)
    return form_page(
        request,
        form,
        lambda: edit_dialogue(
            found, actor=desk.person, fields=form.fields_given(), if_version=form.cleaned_data["edit_version"]
        ),
        shown=lambda status: _form(request, desk, form, found, status),
        done=lambda _made: go_on(
            request, desk, _("The dialogue is changed."), "dialogue", dialogue_id=found.pk
        ),
    )


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
    found, form = _own(desk, dialogue_id), TakesRefusals(sent(request))
    context = {"dialogue": found, "form": form}
    return form_page(
        request,
        form,
        lambda: delete_planned(found, actor=desk.person),
        shown=partial(show, request, "listening/dialogues/delete.html", desk, context, nav="contributions"),
        done=lambda _made: go_on(request, desk, _("The dialogue is deleted."), "dialogues"),
    )


def _form(
    request: HttpRequest, desk: Desk, form: DialogueForm, found: Dialogue | None, status: int
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "dialogue": found}
    template = "listening/dialogues/one.html" if found else "listening/dialogues/new.html"
    return show(request, template, desk, context, nav="contributions", status=status)


def _own(desk: Desk, dialogue_id: UUID) -> Dialogue:
    found = Dialogue.objects.filter(agency=desk.agency, pk=dialogue_id).first()
    if found is None:
        raise Unknown
    return found


def _at(desk: Desk, found: Dialogue) -> str:
    return reverse("dialogue", kwargs={"slug": desk.agency.slug, "dialogue_id": found.pk})
