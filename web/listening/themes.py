"""Themes: the headings under which what several people said stands."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from engage.listening import theming
from engage.listening.listing import themes_with_numbers
from engage.listening.models import Dialogue, Theme
from engage.refusals import Unknown
from events.event.models import Event
from web.events.staff_head import head_of, own_event
from web.listening.contribution_forms import EditThemeForm, ThemeTextForm
from web.site.forms.page import form_page, sent
from web.site.forms.refusals import TakesRefusals
from web.site.frames.staff import Desk, desk_page, show


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
    form = EditThemeForm(desk.agency, sent(request), kept=theme.translations, initial=initial)
    context = {"theme": theme, "form": form, "themes_url": _home_url(desk, theme)}

    def change() -> None:
        version = form.cleaned_data["edit_version"]
        theming.edit_theme(theme, actor=desk.person, if_version=version, **form.values())

    return form_page(
        request,
        form,
        change,
        shown=partial(show, request, "listening/themes/one.html", desk, context, nav="contributions"),
        done=lambda _made: _to_themes(request, desk, theme, _("The theme is changed.")),
    )


@desk_page("dialogue:write")
def remove_theme(request: HttpRequest, desk: Desk, theme_id: UUID) -> HttpResponse:
    """GET asks, POST takes the heading away."""
    theme, form = _own(desk, theme_id), TakesRefusals(sent(request))
    context = {"theme": theme, "themes_url": _home_url(desk, theme), "form": form}
    said = _("The theme is gone. What was said under it stays.")
    return form_page(
        request,
        form,
        lambda: theming.remove_theme(theme, actor=desk.person),
        shown=partial(show, request, "listening/themes/remove.html", desk, context, nav="contributions"),
        done=lambda _made: _to_themes(request, desk, theme, said),
    )


def _themes(request: HttpRequest, desk: Desk, dialogue: Dialogue | None, event: Event | None) -> HttpResponse:
    form = ThemeTextForm(desk.agency, sent(request))
    home: dict[str, Any] = {"dialogue": dialogue} if dialogue else {"event": event}

    def shown(status: int) -> HttpResponse:
        context = {
            "event": event,
            "head": head_of(desk, event, "contributions") if event else None,
            "home_title": event.title if event else dialogue.title if dialogue else "",
            "of_dialogue": dialogue.title if dialogue and event else "",
            "list_url": reverse("dialogues", kwargs={"slug": desk.agency.slug}),
            "themes": themes_with_numbers(dialogue_id=dialogue.pk if dialogue else None, event=event),
            "form": form,
        }
        nav = "events" if event else "contributions"
        return show(request, "listening/themes/list.html", desk, context, nav=nav, status=status)

    return form_page(
        request,
        form,
        lambda: theming.make_theme(actor=desk.person, **home, **form.values()),
        shown=shown,
        done=lambda made: _to_themes(request, desk, made, _("The theme is made.")),
    )


def _own(desk: Desk, theme_id: UUID) -> Theme:
    theme = Theme.objects.filter(agency=desk.agency, pk=theme_id).select_related("event", "dialogue").first()
    if theme is None:
        raise Unknown
    return theme


def _to_themes(request: HttpRequest, desk: Desk, theme: Theme, done: str) -> HttpResponse:
    messages.success(request, done)
    return HttpResponseRedirect(_home_url(desk, theme))


def _home_url(desk: Desk, theme: Theme) -> str:
    at = {"slug": desk.agency.slug}
    if theme.event_id is not None:
        return reverse("event_themes", kwargs=at | {"event_id": theme.event_id})
    return reverse("dialogue_themes", kwargs=at | {"dialogue_id": theme.dialogue_id})
