"""/events/{id}/rsvps/: saving a place, without an account; and for staff, the places without the people."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import get_language
from rest_framework.response import Response

from api import etags
from api.endpoint import operation
from api.idempotency import kept_inside
from api.strict_json import write_json
from api.v1.events import EventEndpoint
from api.v1.rsvp_shapes import (
    OwnRsvpBody,
    ResendBody,
    RevealAnswer,
    RevealBody,
    RsvpBody,
    RsvpMade,
    RsvpQuery,
    StaffRsvpAnswer,
    needs_from,
    rsvp_tag,
)
from engage.counting.rates import network_of
from engage.kept_answers.keeping import Keeping
from engage.refusals import Unknown
from engage.roles.permissions import NOBODY
from events.event.models import Event
from events.event.permissions import event_visible_to, events_visible_to, public_events
from events.rsvps import responding
from events.rsvps.changing import cancel, change
from events.rsvps.floods import remember_connection
from events.rsvps.listing import reveal_rsvp
from events.rsvps.models import Rsvp, RsvpSource
from events.rsvps.resident_record import resend_links


class Rsvps(EventEndpoint):
    tag = "RSVPs"

    @operation("Save a place", body=RsvpBody, answer=RsvpMade, status=201, sign_in="ignored", keeps_answer="outside",
               counted=True, refuses=(401,))  # fmt: skip
    def post(self, request: Any, event_id: UUID) -> Any:
        body = dict(self.body)
        among, source = self._asker(body)
        needs = needs_from(body.pop("access_requests", None)) or []
        body.setdefault("language", get_language() or "en")

        def save(kept: Keeping) -> Response:
            made = responding.respond(
                event_id, **body, needs=needs, source=source, among=among, now=self.now, idempotency_key=kept.key,
                opening=kept.claim, settle=lambda response: kept.settle(status=201, body=write_json(_made(response))),
            )  # fmt: skip
            remember_connection(made.rsvp, network_of(self.request.META))
            return Response(_made(made), status=201)

        return kept_inside(self, save)

    def _asker(self, body: dict[str, Any]) -> tuple[Any, str]:
        """Which events may be meant, and the way in. With an anonymous question nobody looks who is signed in."""
        anonymous = bool(body.get("question")) and body["anonymous_question"]
        if anonymous or "HTTP_AUTHORIZATION" not in self.request.META:
            return public_events(), RsvpSource.API
        self.perform_authentication(self.request)
        by_staff = any(self.viewer.may("rsvps:write", agency) for agency in self.viewer.roles)
        return events_visible_to(self.viewer), RsvpSource.STAFF if by_staff else RsvpSource.API

    @operation("The places of an event, without names and addresses", answer=StaffRsvpAnswer, many=True,
               query=RsvpQuery, scope="rsvps:read")  # fmt: skip
    def get(self, request: Any, event_id: UUID) -> Any:
        event = self.own(event_id, "rsvps:read")
        rows = _with_needs(Rsvp.objects.filter(event=event))
        if status := self.query.get("status"):
            rows = rows.filter(status=status)
        # UUIDv7 are in order of arrival.
        by = self.query["ordering"].replace("created_at", "id")
        return self.list_of(rows, StaffRsvpAnswer, order=(by,))


def _made(response: responding.Response) -> dict[str, Any]:
    rsvp = response.rsvp
    return {
        "id": rsvp.pk,
        "status": str(rsvp.status),
        "waitlist_position": response.waitlist_position,
        "party_size": rsvp.party_size,
        "manage_url": f"{settings.PUBLIC_URL}/r/{response.screen_token}",
        "manage_token": response.screen_token,
        "checkin_code": rsvp.checkin_code,
        "calendar_url": f"{settings.PUBLIC_URL}/calendars/rsvp/{response.calendar_token}.ics",
        "question_received": response.question_received,
    }


def _with_needs(rows: Any) -> Any:
    return rows.prefetch_related("access_requests", "check_ins")


class _StaffRsvp(EventEndpoint):
    tag = "RSVPs"

    def rsvp(self, event_id: UUID, rsvp_id: UUID, scope: str) -> Rsvp:
        event: Event = self.own(event_id, scope)
        rsvp = _with_needs(Rsvp.objects.filter(event=event, pk=rsvp_id)).first()
        if rsvp is None:
            raise Unknown
        rsvp.event = event
        return rsvp

    def said(self, event_id: UUID, rsvp_id: UUID) -> Any:
        rsvp = self.rsvp(event_id, rsvp_id, "rsvps:read")
        return self.one(rsvp_tag(rsvp), lambda: self.shape(StaffRsvpAnswer).say(rsvp))


class OneRsvp(_StaffRsvp):
    @operation("One place", answer=StaffRsvpAnswer, scope="rsvps:read", tagged=True)
    def get(self, request: Any, event_id: UUID, rsvp_id: UUID) -> Any:
        return self.said(event_id, rsvp_id)

    @operation(
        "Change a place for a caller",
        body=OwnRsvpBody,
        answer=StaffRsvpAnswer,
        scope="rsvps:write",
        tagged=True,
    )
    def patch(self, request: Any, event_id: UUID, rsvp_id: UUID) -> Any:
        rsvp = self.rsvp(event_id, rsvp_id, "rsvps:write")
        needs = needs_from(self.body.pop("access_requests", None))
        change(
            rsvp.pk,
            **self.body,
            needs=needs,
            actor=self.person,
            if_version=etags.version_wanted(request),
            now=self.now,
        )
        return self.said(event_id, rsvp_id)

    @operation("Cancel a place for a caller", status=204, scope="rsvps:write", tagged=True)
    def delete(self, request: Any, event_id: UUID, rsvp_id: UUID) -> None:
        rsvp = self.rsvp(event_id, rsvp_id, "rsvps:write")
        etags.must_match(request, rsvp_tag(rsvp))
        cancel(rsvp.pk, by="staff", actor=self.person, now=self.now)


class RevealRsvp(_StaffRsvp):
    """Each look is on the record with reader and purpose, and the resident's page shows both. Twenty an hour; then 409
    `second_person_needed` until somebody else says yes (`/reading-requests/`)."""

    @operation(
        "Show one name and address", body=RevealBody, answer=RevealAnswer, scope="rsvps:read", keeps_answer="",
        refuses=(409,),
    )  # fmt: skip
    def post(self, request: Any, event_id: UUID, rsvp_id: UUID) -> Any:
        rsvp = self.rsvp(event_id, rsvp_id, "rsvps:read")
        shown = reveal_rsvp(rsvp, reader=self.person, purpose=self.body["purpose"], now=self.now)
        return {"id": rsvp.pk, "name": shown.name, "email": shown.email, "phone": shown.phone}


class ResendLinks(EventEndpoint):
    """Always 202: the answer does not say whether the address is known. The mail goes to the address, or nowhere."""

    tag = "RSVPs"

    @operation("Send me my link again", body=ResendBody, status=202, sign_in="ignored", counted=True,
               keeps_answer="")  # fmt: skip
    def post(self, request: Any, event_id: UUID) -> Any:
        event = event_visible_to(NOBODY, event_id)
        resend_links(event, self.body["email"], now=self.now)
        return Response(status=202)
