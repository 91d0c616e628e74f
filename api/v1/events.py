"""/events/: meetings. Everyone reads what was ever published; liaisons plan."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from api import etags
from api.endpoint import Endpoint, operation
from api.v1.event_shapes import EventAnswer, EventBody, EventChanged, EventQuery, event_tag, with_everything
from engage.agencies.finding import id_of_agency
from engage.refusals import Forbidden, Unknown
from events.event.models import Event
from events.event.permissions import event_visible_to, events_visible_to
from events.planning.fields import warnings_about
from events.planning.scheduling import delete_draft, edit, schedule


class EventEndpoint(Endpoint):
    tag = "Events"

    def rows(self) -> QuerySet[Event]:
        return with_everything(events_visible_to(self.viewer))

    def own(self, event_id: UUID, scope: str = "events:write") -> Event:
        """An event of the viewer's agency that may be changed. Raises Unknown, Forbidden."""
        return self.mine(events_visible_to(self.viewer).select_related("agency"), event_id, scope)

    def read_by_staff(self, what: str, event_id: UUID) -> Event:
        """what: of ``SHOWN_BY``. Raises Unknown for another agency's event, Forbidden without role or scope."""
        event = event_visible_to(self.viewer, event_id)
        self.viewer.must_read(what, event.agency_id)
        return event

    def changed(self, event_id: UUID, warnings: Any, status: int = 200) -> Any:
        """The event as it stands now, with remarks."""
        event = self.rows().get(pk=event_id)
        shape = self.shape(EventChanged, warnings=warnings)
        return self.one(event_tag(event, self.viewer, self.now), lambda: shape.say(event), status=status)


class Events(EventEndpoint):
    @operation("The meetings", answer=EventAnswer, many=True, query=EventQuery, sign_in="welcome",
               scope="events:read")  # fmt: skip
    def get(self, request: Any) -> Any:
        by = self.query["ordering"]
        rows = _filtered(self.rows(), self.query)
        return self.list_of(rows, EventAnswer, order=(by, "-id" if by.startswith("-") else "id"))

    @operation("Draft a meeting", body=EventBody, answer=EventChanged, status=201, scope="events:write")
    def post(self, request: Any) -> Any:
        agency = self.own_agency("events:write")
        event = schedule(agency=agency, actor=self.person, now=self.now, **self.body)
        return self.changed(event.pk, warnings_about(event, now=self.now), status=201)


class OneEvent(EventEndpoint):
    @operation("One meeting", answer=EventAnswer, sign_in="welcome", tagged=True, scope="events:read")
    def get(self, request: Any, event_id: UUID) -> Any:
        event = self.rows().filter(pk=event_id).first()
        if event is None:
            raise Unknown
        return self.one(event_tag(event, self.viewer, self.now), lambda: self.shape(EventAnswer).say(event))

    @operation("Change a meeting; a new time or place is told to everyone who holds a place", body=EventBody,
               answer=EventChanged, scope="events:write", tagged=True)  # fmt: skip
    def patch(self, request: Any, event_id: UUID) -> Any:
        event = self.own(event_id)
        if self.body.pop("agency", event.agency.slug) != event.agency.slug:
            raise Forbidden(field="agency")
        wanted = etags.version_wanted(request)
        changed = edit(event_id, actor=self.person, now=self.now, fields=self.body, if_version=wanted)
        return self.changed(event_id, changed.warnings)

    @operation("Delete a draft", status=204, scope="events:write", tagged=True)
    def delete(self, request: Any, event_id: UUID) -> None:
        event = self.own(event_id)
        with etags.unchanged(request, event):
            delete_draft(event_id, actor=self.person, now=self.now)


_PLAIN = ("dialogue", "status", "kind", "format", "focus_area")


def _filtered(rows: QuerySet[Event], asked: dict[str, Any]) -> QuerySet[Event]:
    rows = rows.filter(**{name: asked[name] for name in _PLAIN if name in asked})
    if "agency" in asked:
        rows = rows.filter(agency=id_of_agency(asked["agency"]))
    if "community" in asked:
        members = Event.communities.through.objects.filter(community_id=asked["community"])
        rows = rows.filter(pk__in=members.values("event_id"))
    if "starts_after" in asked:
        rows = rows.filter(starts_at__gte=asked["starts_after"])
    if "starts_before" in asked:
        rows = rows.filter(starts_at__lt=asked["starts_before"])
    if "language" in asked:
        rows = rows.filter(languages__contains=[asked["language"]])
    if "q" in asked:
        rows = rows.filter(title__icontains=asked["q"])
    return rows
