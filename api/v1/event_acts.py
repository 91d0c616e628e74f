"""The turns in an event's life, its agenda, and the import of a calendar."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.parsers import MultiPartParser

from api import etags
from api.answers import Answer
from api.calendar_upload import CalendarText, uploaded_calendar
from api.endpoint import Endpoint, NoBody, operation
from api.paging import PageQuery
from api.strict_fields import Strict, Text
from api.v1.event_shapes import AgendaItemAnswer, AgendaItemBody, EventChanged
from api.v1.events import EventEndpoint
from events import event_lifecycle
from events.access import event_visible_to
from events.agenda_keeping import add_item, edit_item, item_of, remove_item
from events.meeting_import import import_calendar
from events.models import AgendaItem


class _Turn(EventEndpoint):
    turn: Callable[..., Any]

    def turned(self, event_id: UUID, **more: Any) -> Any:
        event = self.own(event_id)
        with etags.unchanged(self.request, event):
            changed = type(self).turn(event_id, actor=self.person, now=self.now, **more)
        return self.changed(event_id, changed.warnings)


_TURN = {"body": NoBody, "answer": EventChanged, "scope": "events:write", "tagged": True}


class PublishEvent(_Turn):
    turn = staticmethod(event_lifecycle.publish)

    @operation("Make a draft known; subscribers are told", **_TURN)
    def post(self, request: Any, event_id: UUID) -> Any:
        return self.turned(event_id)


class StartEvent(_Turn):
    turn = staticmethod(event_lifecycle.start)

    @operation("The meeting begins", **_TURN)
    def post(self, request: Any, event_id: UUID) -> Any:
        return self.turned(event_id)


class EndEvent(_Turn):
    turn = staticmethod(event_lifecycle.end)

    @operation("The meeting is over", **_TURN)
    def post(self, request: Any, event_id: UUID) -> Any:
        return self.turned(event_id)


class CancelBody(Strict):
    reason = Text(max_length=500, help_text="Public, and told to everyone who holds a place.")


class CancelEvent(_Turn):
    turn = staticmethod(event_lifecycle.cancel)

    @operation(
        "Call the meeting off", body=CancelBody, answer=EventChanged, scope="events:write", tagged=True
    )
    def post(self, request: Any, event_id: UUID) -> Any:
        return self.turned(event_id, reason=self.body["reason"])


class _AgendaEndpoint(EventEndpoint):
    def item(self, event_id: UUID, item_id: UUID) -> AgendaItem:
        return item_of(self.own(event_id), item_id)


class Agenda(_AgendaEndpoint):
    @operation(
        "The order of the evening",
        answer=AgendaItemAnswer,
        many=True,
        query=PageQuery,
        sign_in="welcome",
        scope="events:read",
    )
    def get(self, request: Any, event_id: UUID) -> Any:
        rows = AgendaItem.objects.filter(event=event_visible_to(self.viewer, event_id))
        return self.list_of(rows, AgendaItemAnswer, order=("position", "id"))

    @operation("Add a point", body=AgendaItemBody, answer=AgendaItemAnswer, status=201, scope="events:write")
    def post(self, request: Any, event_id: UUID) -> Any:
        item = add_item(self.own(event_id), actor=self.person, now=self.now, **self.body)
        return self.shape(AgendaItemAnswer).say(item)


class OneAgendaItem(_AgendaEndpoint):
    @operation("One point", answer=AgendaItemAnswer, sign_in="welcome", tagged=True, scope="events:read")
    def get(self, request: Any, event_id: UUID, item_id: UUID) -> Any:
        return self._said(item_of(event_visible_to(self.viewer, event_id), item_id))

    @operation(
        "Change a point", body=AgendaItemBody, answer=AgendaItemAnswer, scope="events:write", tagged=True
    )
    def patch(self, request: Any, event_id: UUID, item_id: UUID) -> Any:
        item = self._unchanged(event_id, item_id)
        return self._said(edit_item(item, actor=self.person, now=self.now, fields=self.body))

    @operation("Remove a point", status=204, scope="events:write", tagged=True)
    def delete(self, request: Any, event_id: UUID, item_id: UUID) -> None:
        remove_item(self._unchanged(event_id, item_id), actor=self.person, now=self.now)

    def _said(self, item: AgendaItem) -> Any:
        said = self.shape(AgendaItemAnswer).say(item)
        return self.one(etags.tag_of_content(said), lambda: said)

    def _unchanged(self, event_id: UUID, item_id: UUID) -> AgendaItem:
        item = self.item(event_id, item_id)
        etags.must_match(self.request, etags.tag_of_content(self.shape(AgendaItemAnswer).say(item)))
        return item


class ImportQuery(Strict):
    dry_run = serializers.BooleanField(required=False, default=False, allow_null=False)


class ImportedComponent(Answer):
    component = serializers.IntegerField(help_text="Its number in the file, from 1.")
    outcome = serializers.CharField(help_text="created, updated, unchanged, copy or faulty")
    uid = serializers.CharField()
    title = serializers.CharField()
    event = serializers.UUIDField(allow_null=True)
    code = serializers.CharField()
    notes = serializers.ListField(child=serializers.CharField())


class ImportReport(Answer):
    dry_run = serializers.BooleanField()
    counts = serializers.DictField(child=serializers.IntegerField())
    results = ImportedComponent(many=True)


class ImportEvents(Endpoint):
    """A calendar (RFC 5545) as the body, or as `file` of a form. The same source UID updates, never doubles."""

    tag = "Events"
    parser_classes = [CalendarText, MultiPartParser]

    @operation("Import meetings from a calendar", answer=ImportReport, query=ImportQuery, scope="events:write",
               keeps_answer="", media=("text/calendar", "multipart/form-data"))  # fmt: skip
    def post(self, request: Any) -> Any:
        agency = self.own_agency("events:write", "")
        text = uploaded_calendar(request)
        return import_calendar(agency, text, actor=self.person, now=self.now, dry_run=self.query["dry_run"])
