"""/events/{id}/access-requests/: what people need to take part, as work with an owner, a date and a result."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from api import etags
from api.endpoint import operation
from api.v1.events import EventEndpoint
from api.v1.rsvp_shapes import AccessRequestAnswer, AccessRequestBody, AccessRequestQuery
from engage.people.models import Person
from engage.refusals import Invalid, Unknown
from engage.roles.answering import with_owner
from events.rsvps.needs.arranging import arrange
from events.rsvps.needs.models import AccessRequest


class _AccessRequests(EventEndpoint):
    tag = "RSVPs"

    def request_at(self, event_id: UUID, request_id: UUID, scope: str) -> AccessRequest:
        rows = AccessRequest.objects.filter(event=self.own(event_id, scope), pk=request_id)
        found = with_owner(rows).first()
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
        rows = with_owner(AccessRequest.objects.filter(event=self.own(event_id, "rsvps:read")))
        rows = rows.select_related("agency")
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
