"""Themes: what several people said, under one heading, in a dialogue or in an event that has none."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers

from api import etags
from api.answers import Answer
from api.endpoint import Endpoint, operation
from api.paging import PageQuery
from api.strict_fields import Strict, Translations, of
from engage.listening.dialogues import dialogues_visible_to
from engage.listening.models import Dialogue, Theme
from engage.listening.theming import TRANSLATED, edit_theme, make_theme, remove_theme
from engage.refusals import Unknown
from events.event.models import Event
from events.event.permissions import event_visible_to


class ThemeAnswer(Answer):
    id = serializers.UUIDField()
    dialogue = serializers.UUIDField(source="dialogue_id", allow_null=True)
    event = serializers.UUIDField(source="event_id", allow_null=True)
    title = serializers.CharField()
    text = serializers.CharField()
    translations = serializers.DictField()
    contributions_count = serializers.IntegerField()


class ThemeBody(Strict):
    title = of(Theme, "title")
    text = of(Theme, "text")
    translations = Translations(texts=TRANSLATED, required=False)


def theme_tag(theme: Theme) -> str:
    return etags.tag(theme.edit_version, theme.contributions_count)


class _ThemesOf(Endpoint):
    tag = "What was said"

    def rows(self, target: Any) -> Any:
        name = "dialogue" if isinstance(target, Dialogue) else "event"
        return Theme.objects.filter(**{name: target})

    def said(self, theme: Theme, status: int = 200) -> Any:
        return self.one(theme_tag(theme), lambda: self.shape(ThemeAnswer).say(theme), status=status)

    def made(self, target: Any) -> Any:
        self.viewer.must("dialogue:write", target.agency_id)
        name = "dialogue" if isinstance(target, Dialogue) else "event"
        return self.said(make_theme(actor=self.person, **{name: target}, **self.body), status=201)

    def found(self, target: Any, theme_id: UUID) -> Theme:
        theme = self.rows(target).filter(pk=theme_id).first()
        if theme is None:
            raise Unknown
        return theme

    def changed(self, target: Any, theme_id: UUID) -> Any:
        theme = self.found(target, theme_id)
        self.viewer.must("dialogue:write", theme.agency_id)
        with etags.unchanged(self.request, theme):
            edit_theme(theme, actor=self.person, **self.body)
        return self.said(self.found(target, theme_id))

    def removed(self, target: Any, theme_id: UUID) -> None:
        theme = self.found(target, theme_id)
        self.viewer.must("dialogue:write", theme.agency_id)
        with etags.unchanged(self.request, theme):
            remove_theme(theme, actor=self.person)

    def dialogue(self, pk: UUID) -> Dialogue:
        found = dialogues_visible_to(self.viewer).filter(pk=pk).first()
        if found is None:
            raise Unknown
        return found

    def event(self, pk: UUID) -> Event:
        return event_visible_to(self.viewer, pk)


_LIST = {"answer": ThemeAnswer, "many": True, "query": PageQuery, "sign_in": "welcome"}
_OF_EVENT = {"scope": "events:read"}
_OF_DIALOGUE = {"scope": "dialogue:read|dialogue:write"}
_MAKE = {"body": ThemeBody, "answer": ThemeAnswer, "status": 201, "scope": "dialogue:write"}
_READ = {"answer": ThemeAnswer, "sign_in": "welcome", "tagged": True}
_CHANGE = {"body": ThemeBody, "answer": ThemeAnswer, "scope": "dialogue:write", "tagged": True}
_REMOVE = {"status": 204, "scope": "dialogue:write", "tagged": True}


class DialogueThemes(_ThemesOf):
    @operation("A dialogue's themes", **_LIST, **_OF_DIALOGUE)
    def get(self, request: Any, dialogue_id: UUID) -> Any:
        return self.list_of(self.rows(self.dialogue(dialogue_id)), ThemeAnswer, order=("created_at", "id"))

    @operation("Make a theme in a dialogue", **_MAKE)
    def post(self, request: Any, dialogue_id: UUID) -> Any:
        return self.made(self.dialogue(dialogue_id))


class DialogueTheme(_ThemesOf):
    @operation("One theme of a dialogue", **_READ, **_OF_DIALOGUE)
    def get(self, request: Any, dialogue_id: UUID, theme_id: UUID) -> Any:
        return self.said(self.found(self.dialogue(dialogue_id), theme_id))

    @operation("Change a theme of a dialogue", **_CHANGE)
    def patch(self, request: Any, dialogue_id: UUID, theme_id: UUID) -> Any:
        return self.changed(self.dialogue(dialogue_id), theme_id)

    @operation("Remove a theme of a dialogue", **_REMOVE)
    def delete(self, request: Any, dialogue_id: UUID, theme_id: UUID) -> None:
        self.removed(self.dialogue(dialogue_id), theme_id)


class EventThemes(_ThemesOf):
    @operation("An event's themes", **_LIST, **_OF_EVENT)
    def get(self, request: Any, event_id: UUID) -> Any:
        return self.list_of(self.rows(self.event(event_id)), ThemeAnswer, order=("created_at", "id"))

    @operation("Make a theme in an event", **_MAKE)
    def post(self, request: Any, event_id: UUID) -> Any:
        return self.made(self.event(event_id))


class EventTheme(_ThemesOf):
    @operation("One theme of an event", **_READ, **_OF_EVENT)
    def get(self, request: Any, event_id: UUID, theme_id: UUID) -> Any:
        return self.said(self.found(self.event(event_id), theme_id))

    @operation("Change a theme of an event", **_CHANGE)
    def patch(self, request: Any, event_id: UUID, theme_id: UUID) -> Any:
        return self.changed(self.event(event_id), theme_id)

    @operation("Remove a theme of an event", **_REMOVE)
    def delete(self, request: Any, event_id: UUID, theme_id: UUID) -> None:
        self.removed(self.event(event_id), theme_id)
