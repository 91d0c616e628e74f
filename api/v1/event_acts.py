"""The turns in an event's life, its agenda, and the import of a calendar."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, MultiPartParser

from api import etags
from api.answers import Answer
from api.confirming import ConfirmBody
from api.endpoint import Endpoint, NoBody, operation
from api.paging import PageQuery
from api.strict_fields import Strict, When, of
from api.strict_json import BodyTooLarge
from api.v1.event_shapes import AgendaItemAnswer, AgendaItemBody, EventChanged
from api.v1.events import EventEndpoint
from events.event.models import Event
from events.event.permissions import event_visible_to
from events.imports.importing import import_calendar
from events.planning import lifecycle, ways_back
from events.planning.agenda import add_item, edit_item, item_of, remove_item
from events.planning.models import AgendaItem


class CalendarText(BaseParser):
    """``text/calendar``, left as it is: its own reader decides what it says."""

    media_type = "text/calendar"

    def parse(  # type: ignore[override]
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> bytes:
        # Read from the stream: the body as Django keeps it ends at the size of a form.
        text: bytes = stream.read(settings.LARGEST_BODY + 1)
        if len(text) > settings.LARGEST_BODY:
            raise BodyTooLarge
        return text


def uploaded_calendar(request: Any) -> bytes:
    """The bytes of the calendar. Raises ParseError where there is none, BodyTooLarge."""
    data = request.data
    if isinstance(data, bytes):
        text = data
    else:
        file = data.get("file") if hasattr(data, "get") else None
        if file is None or not hasattr(file, "read"):
            raise ParseError(_("Send the calendar as the body (text/calendar), or as `file` of a form."))
        if set(data) - {"file"}:
            raise ParseError(_("The form has one part, `file`."))
        text = file.read(settings.LARGEST_BODY + 1)
        if len(text) > settings.LARGEST_BODY:
            raise BodyTooLarge
    if not text.strip():
        raise ParseError(_("The calendar is empty."))
    return text


class _Turn(EventEndpoint):
    turn: Callable[..., Any]

    def turned(self, event_id: UUID, **more: Any) -> Any:
        event = self.own(event_id)
        with etags.unchanged(self.request, event):
            changed = type(self).turn(event_id, actor=self.person, now=self.now, **more)
        return self.changed(event_id, changed.warnings)


_TURN = {"body": NoBody, "answer": EventChanged, "scope": "events:write", "tagged": True}


class PublishEvent(_Turn):
    turn = staticmethod(lifecycle.publish)

    @operation("Make a draft known; subscribers are told", **_TURN)
    def post(self, request: Any, event_id: UUID) -> Any:
        return self.turned(event_id)


class StartEvent(_Turn):
    """Free from two hours before the start; earlier it asks (409 `confirm_required`)."""

    turn = staticmethod(lifecycle.start)

    @operation("The meeting begins", **_TURN | {"body": ConfirmBody})
    def post(self, request: Any, event_id: UUID) -> Any:
        return self.turned(event_id, confirm=self.body.get("confirm", ""))


class UndoStart(_Turn):
    turn = staticmethod(ways_back.undo_start)

    @operation("It has not begun: published again, until its planned start", **_TURN)
    def post(self, request: Any, event_id: UUID) -> Any:
        return self.turned(event_id)


class EndEvent(_Turn):
    turn = staticmethod(lifecycle.end)

    @operation("The meeting is over", **_TURN)
    def post(self, request: Any, event_id: UUID) -> Any:
        return self.turned(event_id)


class UndoEndBody(Strict):
    open_until = When(
        required=False,
        allow_null=True,
        help_text="When it ends by itself, at the latest 12 hours after the end. By default its planned end, or an hour "
        "from now where that has passed.",
    )


class UndoEnd(_Turn):
    """Within 12 hours, also where the clock ended it; not once its summary is published or its counts are final."""

    turn = staticmethod(ways_back.undo_end)

    @operation("It is not over: live again", **_TURN | {"body": UndoEndBody})
    def post(self, request: Any, event_id: UUID) -> Any:
        return self.turned(event_id, open_until=self.body.get("open_until"))


class CancelBody(Strict):
    reason = of(
        Event, "cancelled_reason", required=True, allow_blank=False,
        help_text="Public, and told to everyone who holds a place."
    )  # fmt: skip


class CancelEvent(_Turn):
    turn = staticmethod(lifecycle.cancel)

    @operation(
        "Call the meeting off", body=CancelBody, answer=EventChanged, scope="events:write", tagged=True
    )
    def post(self, request: Any, event_id: UUID) -> Any:
        return self.turned(event_id, reason=self.body["reason"])


class ReinstateBody(Strict):
    note = of(Event, "reinstated_note", help_text="Told to everyone who is told that it takes place.")


class ReinstateEvent(_Turn):
    """Until its planned end. Places stand, offers get a new full term, the waitlist goes on."""

    turn = staticmethod(ways_back.reinstate)

    @operation("A cancelled meeting takes place after all", **_TURN | {"body": ReinstateBody})
    def post(self, request: Any, event_id: UUID) -> Any:
        return self.turned(event_id, note=self.body.get("note", ""))


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
