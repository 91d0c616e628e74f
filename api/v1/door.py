"""The door of an event: arrivals, head counts, and the links that open a device for it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.response import Response

from api.answers import Answer
from api.authentication import DoorSession
from api.endpoint import Endpoint, operation
from api.paging import PageQuery
from api.problem_details import problem_of
from api.strict_fields import Id, Instant, Strict, Text, WholeNumber, YesNo, of
from api.v1.events import EventEndpoint
from engage.refusals import RuleViolation, Unknown
from events.door.attendance import attendance, count_heads
from events.door.checking_in import Arriving, check_in, check_in_batch, undo
from events.door.links import open_link, revoke, trade
from events.door.models import DoorLink
from events.event.models import Event
from events.rsvps.models import CheckIn


class _Door(EventEndpoint):
    """A liaison, or a device that holds a door session for this event."""

    tag = "At the door"
    authentication_classes = [DoorSession, *EventEndpoint.authentication_classes]

    def is_signed_in(self) -> bool:
        return isinstance(self.request.auth, DoorLink) or super().is_signed_in()

    @property
    def principal(self) -> str:
        link = self.request.auth
        return f"door {link.pk}" if isinstance(link, DoorLink) else super().principal

    def event_at_door(self, event_id: UUID, scope: str = "rsvps:write") -> Event:
        """Raises Unknown, Forbidden."""
        if isinstance(self.request.auth, DoorLink):
            if self.request.auth.event_id != event_id:
                raise Unknown
            return Event.objects.select_related("agency").get(pk=event_id)
        return self.own(event_id, scope)


class ArrivalBody(Strict):
    """By `code`, by `rsvp`, or `walk_in: true`."""

    client_id = Text(
        max_length=64, help_text="The device's own id of this arrival: sent again, it changes nothing."
    )
    code = Text(max_length=40, required=False)
    rsvp = Id(required=False)
    walk_in = YesNo(required=False)
    party = WholeNumber(required=False, min_value=1, max_value=50)
    at = Instant(required=False, help_text="When it happened, on the device's clock.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        given = [name for name in ("code", "rsvp", "walk_in") if attrs.get(name)]
        if len(given) != 1:
            raise serializers.ValidationError({"code": ["Give one of code, rsvp, walk_in: true."]})
        return attrs


class ArrivalAnswer(Answer):
    id = serializers.UUIDField()
    party = serializers.IntegerField()
    at = serializers.DateTimeField()
    already_here = serializers.BooleanField()


class CheckInAnswer(Answer):
    id = serializers.UUIDField()
    client_id = serializers.CharField()
    rsvp = serializers.UUIDField(source="rsvp_id", allow_null=True)
    way = serializers.CharField()
    party = serializers.IntegerField()
    at = serializers.DateTimeField()


def arrival_from(body: dict[str, Any]) -> dict[str, Any]:
    """The body's words as ``check_in`` takes them."""
    fields = dict(body)
    if "rsvp" in fields:
        fields["rsvp_id"] = fields.pop("rsvp")
    return fields


class CheckIns(_Door):
    @operation(
        "Who has arrived, without names", answer=CheckInAnswer, many=True, query=PageQuery, scope="rsvps:read"
    )
    def get(self, request: Any, event_id: UUID) -> Any:
        rows = CheckIn.objects.filter(event=self.event_at_door(event_id, "rsvps:read"), undone_at=None)
        return self.list_of(rows, CheckInAnswer, order=("at", "id"))

    @operation("Check a party in", body=ArrivalBody, answer=ArrivalAnswer, status=201, also={200: ArrivalAnswer},
               scope="rsvps:write")  # fmt: skip
    def post(self, request: Any, event_id: UUID) -> Any:
        event = self.event_at_door(event_id)
        arrival = check_in(event, now=self.now, **arrival_from(self.body))
        return Response(self.shape(ArrivalAnswer).say(arrival), status=201 if arrival.created else 200)


class BatchBody(Strict):
    items = serializers.ListField(child=serializers.DictField(), min_length=1, max_length=1000)


class BatchItem(Answer):
    client_id = serializers.CharField(allow_null=True)
    status = serializers.IntegerField(help_text="As if it had been sent alone.")
    arrival = ArrivalAnswer(allow_null=True)
    code = serializers.CharField(allow_null=True)
    detail = serializers.CharField(allow_null=True)


class BatchAnswer(Answer):
    results = BatchItem(many=True)


class CheckInBatch(_Door):
    """After hours without a network: each item stands alone, and is answered in its place."""

    @operation("Check in up to 1,000 parties", body=BatchBody, answer=BatchAnswer, scope="rsvps:write")
    def post(self, request: Any, event_id: UUID) -> Any:
        event = self.event_at_door(event_id)
        forms = [ArrivalBody(data=item, context={"endpoint": self}) for item in self.body["items"]]
        good = [Arriving(**arrival_from(dict(form.validated_data))) for form in forms if form.is_valid()]
        answers = iter(check_in_batch(event, good, now=self.now))
        return {"results": [self._answered(form, answers) for form in forms]}

    def _answered(self, form: ArrivalBody, answers: Any) -> dict[str, Any]:
        client_id = form.initial_data.get("client_id")
        said: dict[str, Any] = {"client_id": client_id if isinstance(client_id, str) else None}
        said |= {"arrival": None, "code": None, "detail": None}
        if form.errors:
            field, troubles = next(iter(form.errors.items()))
            return said | {"status": 400, "code": "invalid", "detail": f"{field}: {troubles[0]}"}
        return said | _outcome(next(answers), self.shape(ArrivalAnswer))


def _outcome(found: Any, shape: Answer) -> dict[str, Any]:
    if isinstance(found, RuleViolation):
        refused = problem_of(found)
        return {"status": refused.status_code, "code": refused.data["code"], "detail": refused.data["detail"]}
    return {"status": 201 if found.created else 200, "arrival": shape.say(found)}


class UndoCheckIn(_Door):
    @operation("Undo an arrival", status=204, scope="rsvps:write")
    def delete(self, request: Any, event_id: UUID, client_id: str) -> None:
        undo(self.event_at_door(event_id), client_id, now=self.now)


class HeadCountBody(Strict):
    device = Text(max_length=64)
    count = WholeNumber(max_value=100_000)
    removed = WholeNumber(max_value=100_000, required=False, default=0)


class HeadCountAnswer(Answer):
    device = serializers.CharField()
    count = serializers.IntegerField(source="added")
    removed = serializers.IntegerField()


class HeadCounts(_Door):
    """Both numbers only grow: the larger of two reports stands."""

    @operation(
        "Report a device's head count", body=HeadCountBody, answer=HeadCountAnswer, scope="rsvps:write"
    )
    def put(self, request: Any, event_id: UUID) -> Any:
        event = self.event_at_door(event_id)
        count = count_heads(event, now=self.now, **self.body)
        return self.shape(HeadCountAnswer).say(count)


class RsvpCounts(Answer):
    confirmed = serializers.IntegerField()
    came = serializers.IntegerField()


class AttendanceAnswer(Answer):
    checked_in = serializers.IntegerField()
    walk_ins = serializers.IntegerField()
    head_count = serializers.IntegerField()
    total = serializers.IntegerField()
    rsvps = RsvpCounts()


class Attendance(EventEndpoint):
    tag = "At the door"

    @operation("How many came, without names", answer=AttendanceAnswer, scope="events:read")
    def get(self, request: Any, event_id: UUID) -> Any:
        return attendance(self.read_by_staff("attendance", event_id))


class DoorLinkBody(Strict):
    device = of(DoorLink, "device", help_text="Whose it is, e.g. `Front desk tablet`.")
    expires_at = Instant(required=False)


class DoorLinkAnswer(Answer):
    id = serializers.UUIDField()
    device = serializers.CharField()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    revoked_at = serializers.DateTimeField(allow_null=True)


class DoorLinkMade(DoorLinkAnswer):
    token = serializers.CharField(help_text="Shown this once; `/door-sessions/` trades it for a session.")

    def token_of(self, link: DoorLink) -> str:
        return str(self.context["secret"])


class DoorLinks(EventEndpoint):
    tag = "At the door"

    @operation(
        "The door links of an event", answer=DoorLinkAnswer, many=True, query=PageQuery, scope="rsvps:write"
    )
    def get(self, request: Any, event_id: UUID) -> Any:
        rows = DoorLink.objects.filter(event=self.own(event_id, "rsvps:write"))
        return self.list_of(rows, DoorLinkAnswer, order=("created_at", "id"))

    @operation("Open a door for a device", body=DoorLinkBody, answer=DoorLinkMade, status=201, scope="rsvps:write",
               keeps_answer="")  # fmt: skip
    def post(self, request: Any, event_id: UUID) -> Any:
        event = self.own(event_id, "rsvps:write")
        link, secret = open_link(event, actor=self.person, now=self.now, **self.body)
        return self.shape(DoorLinkMade, secret=secret).say(link)


class OneDoorLink(EventEndpoint):
    tag = "At the door"

    @operation("Close a door link", status=204, scope="rsvps:write")
    def delete(self, request: Any, event_id: UUID, link_id: UUID) -> None:
        link = DoorLink.objects.filter(event=self.own(event_id, "rsvps:write"), pk=link_id).first()
        if link is None:
            raise Unknown
        revoke(link, actor=self.person, now=self.now)


class DoorSessionBody(Strict):
    token = Text(max_length=100)


class DoorSessionAnswer(Answer):
    event = serializers.UUIDField(source="event_id")
    device = serializers.CharField()
    expires_at = serializers.DateTimeField()
    session = serializers.CharField(help_text="Send it as `Authorization: Door <session>`.")

    def session_of(self, link: DoorLink) -> str:
        return str(self.context["session"])


class DoorSessions(Endpoint):
    """Trading again ends the session before: one link, one device."""

    tag = "At the door"

    @operation("Trade a door link for a session", body=DoorSessionBody, answer=DoorSessionAnswer, status=201,
               sign_in="ignored", keeps_answer="", refuses=(404,))  # fmt: skip
    def post(self, request: Any) -> Any:
        try:
            link, session = trade(self.body["token"], now=self.now)
        except Unknown:
            self.guess_failed()
            raise
        return self.shape(DoorSessionAnswer, session=session).say(link)
