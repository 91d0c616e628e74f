"""/events/{id}/access-requests/: what people need to take part, as work with an owner, a date and a result."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from api import etags
from api.endpoint import operation
from api.v1.events import EventEndpoint
from api.v1.rsvp_shapes import AccessRequestAnswer, AccessRequestBody, AccessRequestQuery
from engage.models import Person
from engage.rule_violation import Invalid, Unknown
from events.access_arranging import arrange
from events.models import AccessRequest


class _AccessRequests(EventEndpoint):
    tag = "RSVPs"

    def request_at(self, event_id: UUID, request_id: UUID, scope: str) -> AccessRequest:
        found = AccessRequest.objects.filter(event=self.own(event_id, scope), pk=request_id).first()
        if found is None:
            raise Unknown
        return found

    def said(self, found: AccessRequest) -> Any:
        return self.one(etags.tag(found.edit_version), lambda: self.shape(AccessRequestAnswer).say(found))


class AccessRequests(_AccessRequests):
    @operation(
        "What people need",
        answer=AccessRequestAnswer,
        many=True,
        query=AccessRequestQuery,
        scope="rsvps:read",
    )
    def get(self, request: Any, event_id: UUID) -> Any:
        rows = AccessRequest.objects.filter(event=self.own(event_id, "rsvps:read")).select_related("agency")
        rows = rows.filter(**{name: self.query[name] for name in ("status", "kind") if name in self.query})
        return self.list_of(rows, AccessRequestAnswer, order=("id",))


class OneAccessRequest(_AccessRequests):
    @operation("One need", answer=AccessRequestAnswer, scope="rsvps:read", tagged=True)
    def get(self, request: Any, event_id: UUID, request_id: UUID) -> Any:
        return self.said(self.request_at(event_id, request_id, "rsvps:read"))

    @operation("Arrange it, or say why it is not possible; the resident is told", body=AccessRequestBody,
               answer=AccessRequestAnswer, scope="rsvps:write", tagged=True)  # fmt: skip
    def patch(self, request: Any, event_id: UUID, request_id: UUID) -> Any:
        found = self.request_at(event_id, request_id, "rsvps:write")
        fields = dict(self.body)
        if fields.get("owner") is not None:
            fields["owner"] = Person.objects.filter(pk=fields["owner"]).first()
            if fields["owner"] is None:
                raise Invalid(field="owner")
        wanted = etags.version_wanted(request)
        return self.said(arrange(found, actor=self.person, if_version=wanted, now=self.now, **fields))
