"""Themes: the headings under which what several people said stands."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from engage import theming
from engage.models import Dialogue, Theme
from engage.rule_violation import RuleViolation, StaleEdit, Unknown
from engage.said_listing import themes_with_numbers
from events.models import Event
from web.desk.event_head import head_of, own_event
from web.desk_frame import Desk, desk_page, show
from web.listening.question_forms import EditThemeForm, ThemeTextForm


@desk_page("dialogue:write")
def event_themes(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """Of one meeting: its own, or those of the dialogue it belongs to."""
    event = own_event(desk, event_id)
    return _themes(request, desk, event.dialogue, event)


@desk_page("dialogue:write")
def dialogue_themes(request: HttpRequest, desk: Desk, dialogue_id: UUID) -> HttpResponse:
    dialogue = Dialogue.objects.filter(agency=desk.agency, pk=dialogue_id).first()
    if dialogue is None:
        raise Unknown
    return _themes(request, desk, dialogue, None)


@desk_page("dialogue:write")
def edit_theme(request: HttpRequest, desk: Desk, theme_id: UUID) -> HttpResponse:
    """GET shows the form, POST changes title and text."""
    theme = _own(desk, theme_id)
    initial = {"title": theme.title, "text": theme.text, "edit_version": theme.edit_version}
    form = EditThemeForm(request.POST if request.method == "POST" else None, initial=initial)
    status = 400 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            theming.edit_theme(theme, actor=desk.person, if_version=given.pop("edit_version"), **given)
        except StaleEdit as refusal:
            form.take(refusal)
            status = 409
        else:
            messages.success(request, _("The theme is changed."))
            return HttpResponseRedirect(_home_url(desk, theme))
    context = {"theme": theme, "form": form, "themes_url": _home_url(desk, theme)}
    return show(request, "console/questions/theme.html", desk, context, nav="questions", status=status)


@desk_page("dialogue:write")
def remove_theme(request: HttpRequest, desk: Desk, theme_id: UUID) -> HttpResponse:
    """GET asks, POST takes the heading away."""
    theme, status, refused = _own(desk, theme_id), 200, ""
    themes_url = _home_url(desk, theme)
    if request.method == "POST":
        try:
            theming.remove_theme(theme, actor=desk.person)
        except RuleViolation as refusal:
            refused, status = str(refusal.detail), 409
        else:
            messages.success(request, _("The theme is gone. What was said under it stays."))
            return HttpResponseRedirect(themes_url)
    context = {"theme": theme, "themes_url": themes_url, "refusal": refused}
    return show(request, "console/questions/remove_theme.html", desk, context, nav="questions", status=status)


def _themes(request: HttpRequest, desk: Desk, dialogue: Dialogue | None, event: Event | None) -> HttpResponse:
    form = ThemeTextForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        home: dict[str, Any] = {"dialogue": dialogue} if dialogue else {"event": event}
        theming.make_theme(actor=desk.person, **home, **form.cleaned_data)
        messages.success(request, _("The theme is made."))
        return HttpResponseRedirect(request.path)
    context = {
        "event": event,
        "head": head_of(desk, event, "questions") if event else None,
        "home_title": event.title if event else dialogue.title if dialogue else "",
        "of_dialogue": dialogue.title if dialogue and event else "",
        "list_url": reverse("dialogues", kwargs={"slug": desk.agency.slug}),
        "themes": themes_with_numbers(dialogue_id=dialogue.pk if dialogue else None, event=event),
        "form": form,
    }
    nav = "events" if event else "questions"
    status = 400 if form.is_bound else 200
    return show(request, "console/questions/themes.html", desk, context, nav=nav, status=status)


def _own(desk: Desk, theme_id: UUID) -> Theme:
    theme = Theme.objects.filter(agency=desk.agency, pk=theme_id).select_related("event", "dialogue").first()
    if theme is None:
        raise Unknown
    return theme


def _home_url(desk: Desk, theme: Theme) -> str:
    at = {"slug": desk.agency.slug}
    if theme.event_id is not None:
        return reverse("event_themes", kwargs=at | {"event_id": theme.event_id})
    return reverse("dialogue_themes", kwargs=at | {"dialogue_id": theme.dialogue_id})
