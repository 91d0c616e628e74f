"""/rsvps/{token}/: what a resident does with the link they were given, and no account."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from api import etags
from api.answers import Answer
from api.endpoint import Endpoint, NoBody, operation
from api.v1.event_shapes import with_everything
from api.v1.rsvp_shapes import OwnRsvpAnswer, OwnRsvpBody, needs_from, rsvp_tag
from engage.resident_links import Purpose
from engage.rule_violation import Unknown
from events import resident_record
from events.changing_a_place import cancel, change
from events.link_reading import MAILED, MANAGING, Access, prove_by, rsvp_behind
from events.models import Event, Rsvp, RsvpStatus
from events.waitlisting import accept, position_of

_ACCEPTING = frozenset({*MANAGING, *MAILED})
_DECLINING = frozenset({*MANAGING, Purpose.REPLY})


class _ByLink(Endpoint):
    tag = "RSVPs"

    def access(self, token: str, purposes: Iterable[Purpose] = MANAGING) -> Access:
        """Raises Unknown, the same for every failure; the twenty-first guess in ten minutes TooMany."""
        try:
            return rsvp_behind(token, purposes, now=self.now)
        except Unknown:
            self.guess_failed()
            raise

    def said(self, access: Access, place: Rsvp) -> Any:
        event = with_everything(Event.objects.all()).get(pk=place.event_id)
        waits = place.status == RsvpStatus.WAITLISTED
        position = position_of(place) if waits else None
        shape = self.shape(OwnRsvpAnswer, event=event, position=position, access=access)
        # The queue moves and the meeting is edited without a change of this row.
        tag = etags.tag(place.edit_version, place.status, position or 0, event.edit_version)
        return self.one(tag, lambda: shape.say(place))


_OWN: dict[str, Any] = {"answer": OwnRsvpAnswer, "sign_in": "ignored", "tagged": True}


class OwnRsvp(_ByLink):
    @operation("Your place", **_OWN)
    def get(self, request: Any, token: str) -> Any:
        access = self.access(token)
        return self.said(access, access.rsvp)

    @operation("Change your place", body=OwnRsvpBody, **_OWN)
    def patch(self, request: Any, token: str) -> Any:
        access = self.access(token)
        needs = needs_from(self.body.pop("access_requests", None))
        place = change(
            access.rsvp.pk,
            **self.body,
            needs=needs,
            access=access,
            if_version=etags.version_wanted(request),
            now=self.now,
        )
        return self.said(access, place)

    @operation("Cancel your place, or decline an offered one", status=204, sign_in="ignored", tagged=True)
    def delete(self, request: Any, token: str) -> None:
        access = self.access(token, _DECLINING)
        etags.must_match(request, rsvp_tag(access.rsvp))
        cancel(access.rsvp.pk, by="resident", access=access, now=self.now)


class AcceptOffer(_ByLink):
    @operation(
        "Take the place you are offered",
        body=NoBody,
        answer=OwnRsvpAnswer,
        sign_in="ignored",
        counted=True,
    )
    def post(self, request: Any, token: str) -> Any:
        access = self.access(token, _ACCEPTING)
        with transaction.atomic():
            place = accept(access.rsvp.pk, now=self.now)
            prove_by(access, now=self.now)
        return self.said(access, place)


class HeldAnswer(Answer):
    """Everything that is kept, in clear, and who of the staff was shown it."""

    def to_representation(self, instance: dict[str, Any]) -> dict[str, Any]:
        return instance


class OwnData(_ByLink):
    @operation("What we hold about you", answer=HeldAnswer, sign_in="ignored")
    def get(self, request: Any, token: str) -> Any:
        return resident_record.what_we_hold(self.access(token))


class EraseMe(_ByLink):
    @operation("Erase what you hold about me; the link then answers 404", body=NoBody, status=204, sign_in="ignored",
               counted=True, keeps_answer="")  # fmt: skip
    def post(self, request: Any, token: str) -> None:
        resident_record.erase(self.access(token), now=self.now)


class NotMe(_ByLink):
    @operation("I did not ask for this: cancel it, and write to me no more", body=NoBody, status=204, sign_in="ignored",
               counted=True, keeps_answer="")  # fmt: skip
    def post(self, request: Any, token: str) -> None:
        resident_record.not_me(self.access(token, {Purpose.RSVP_MAIL}), now=self.now)
