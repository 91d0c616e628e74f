"""/events/{id}/checklist/: what the staff still have to do for an event, with days that count back from it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers

from api import etags
from api.answers import Answer
from api.endpoint import operation
from api.paging import PageQuery
from api.strict_fields import Strict, YesNo, of
from api.v1.events import EventEndpoint
from events.planning.checklist import add_item, edit_item, item_of, remove_item
from events.planning.models import ChecklistItem


class ChecklistItemAnswer(Answer):
    id = serializers.UUIDField()
    position = serializers.IntegerField()
    title = serializers.CharField()
    due_on = serializers.DateField(allow_null=True, help_text="By the calendar of the event's place.")
    done = serializers.BooleanField()
    done_at = serializers.DateTimeField(allow_null=True)
    done_by = serializers.UUIDField(source="done_by_id", allow_null=True)

    def done_of(self, item: ChecklistItem) -> bool:
        return item.done_at is not None


class ChecklistItemBody(Strict):
    title = of(ChecklistItem, "title")
    due_on = of(ChecklistItem, "due_on")
    position = of(ChecklistItem, "position")
    done = YesNo(required=False)


class _ChecklistEndpoint(EventEndpoint):
    def said(self, item: ChecklistItem) -> Any:
        return self.one(etags.tag(item.edit_version), lambda: self.shape(ChecklistItemAnswer).say(item))


class Checklist(_ChecklistEndpoint):
    @operation(
        "What is still to do for an event",
        answer=ChecklistItemAnswer,
        many=True,
        query=PageQuery,
        scope="events:write",
    )
    def get(self, request: Any, event_id: UUID) -> Any:
        rows = ChecklistItem.objects.filter(event=self.own(event_id))
        return self.list_of(rows, ChecklistItemAnswer, order=("position", "id"))

    @operation(
        "Add a line", body=ChecklistItemBody, answer=ChecklistItemAnswer, status=201, scope="events:write"
    )
    def post(self, request: Any, event_id: UUID) -> Any:
        item = add_item(self.own(event_id), actor=self.person, now=self.now, **self.body)
        return self.shape(ChecklistItemAnswer).say(item)


class OneChecklistItem(_ChecklistEndpoint):
    @operation("One line", answer=ChecklistItemAnswer, scope="events:write", tagged=True)
    def get(self, request: Any, event_id: UUID, item_id: UUID) -> Any:
        return self.said(item_of(self.own(event_id), item_id))

    @operation(
        "Change or tick a line",
        body=ChecklistItemBody,
        answer=ChecklistItemAnswer,
        scope="events:write",
        tagged=True,
    )
    def patch(self, request: Any, event_id: UUID, item_id: UUID) -> Any:
        item = item_of(self.own(event_id), item_id)
        wanted = etags.version_wanted(request)
        return self.said(
            edit_item(item, actor=self.person, now=self.now, fields=self.body, if_version=wanted)
        )

    @operation("Remove a line", status=204, scope="events:write", tagged=True)
    def delete(self, request: Any, event_id: UUID, item_id: UUID) -> None:
        item = item_of(self.own(event_id), item_id)
        etags.must_match(request, etags.tag(item.edit_version))
        remove_item(item, actor=self.person, now=self.now)
