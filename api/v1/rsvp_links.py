"""/rsvps/{token}/: what a resident does with the link they were given, and no account."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from api import etags
from api.answers import Answer
from api.endpoint import Endpoint, NoBody, operation
from api.v1.event_shapes import event_tag, with_everything
from api.v1.rsvp_shapes import OwnRsvpAnswer, OwnRsvpBody, move_shown, needs_from, rsvp_tag
from engage.contacts.links import Purpose
from engage.refusals import Unknown
from events.event.models import Event
from events.rsvps import erasing, resident_record
from events.rsvps.changing import cancel, change
from events.rsvps.links import MAILED, MANAGING, Reach, prove_by, rsvp_behind
from events.rsvps.models import Rsvp
from events.rsvps.waitlisting import accept, position_of

_ACCEPTING = frozenset({*MANAGING, *MAILED})


class _ByLink(Endpoint):
    tag = "RSVPs"

    def reach(self, token: str, purposes: Iterable[Purpose] = MANAGING) -> Reach:
        """Raises Unknown, the same for every failure; the twenty-first guess in ten minutes TooOften."""
        try:
            return rsvp_behind(token, purposes, now=self.now)
        except Unknown:
            self.guess_failed()
            raise

    def said(self, reach: Reach, rsvp: Rsvp) -> Any:
        event = with_everything(Event.objects.all()).get(pk=rsvp.event_id)
        position = position_of(rsvp)
        shape = self.shape(OwnRsvpAnswer, event=event, position=position, reach=reach)
        # The queue moves, the door lets in, and the meeting changes, by the clock too, without a change of this row.
        of_the_event = event_tag(event, self.viewer_if_known, self.now).strip('"')
        # What it moved from, and not when it was kept: a tag says no moment of anybody's.
        moved = etags.tag_of_content(move_shown(rsvp, event, came=reach.came, now=self.now)).strip('"')
        tag = etags.tag(rsvp.edit_version, rsvp.status, position or 0, moved, reach.came, of_the_event)
        return self.one(tag, lambda: shape.say(rsvp))


_OWN: dict[str, Any] = {"answer": OwnRsvpAnswer, "sign_in": "ignored", "tagged": True}


class OwnRsvp(_ByLink):
    @operation("Your place", **_OWN)
    def get(self, request: Any, token: str) -> Any:
        reach = self.reach(token)
        return self.said(reach, reach.rsvp)

    @operation("Change your place", body=OwnRsvpBody, **_OWN)
    def patch(self, request: Any, token: str) -> Any:
        reach = self.reach(token)
        needs = needs_from(self.body.pop("access_requests", None))
        rsvp = change(
            reach.rsvp.pk,
            **self.body,
            needs=needs,
            reach=reach,
            if_version=etags.version_wanted(request),
            now=self.now,
        )
        return self.said(reach, rsvp)

    @operation("Cancel your place, or decline an offered one", status=204, sign_in="ignored", tagged=True)
    def delete(self, request: Any, token: str) -> None:
        reach = self.reach(token)
        etags.must_match(request, rsvp_tag(reach.rsvp))
        cancel(reach.rsvp.pk, by="resident", reach=reach, now=self.now)


class AcceptOffer(_ByLink):
    @operation(
        "Take the place you are offered",
        body=NoBody,
        answer=OwnRsvpAnswer,
        sign_in="ignored",
        counted=True,
    )
    def post(self, request: Any, token: str) -> Any:
        reach = self.reach(token, _ACCEPTING)
        with transaction.atomic():
            rsvp = accept(reach.rsvp.pk, now=self.now)
            prove_by(reach, now=self.now)
        return self.said(reach, rsvp)


class HeldAnswer(Answer):
    """Everything that is kept, in clear, and who of the staff was shown it."""

    def to_representation(self, instance: dict[str, Any]) -> dict[str, Any]:
        return instance


class OwnData(_ByLink):
    @operation("What we hold about you", answer=HeldAnswer, sign_in="ignored")
    def get(self, request: Any, token: str) -> Any:
        return resident_record.what_we_hold(self.reach(token))


class EraseMe(_ByLink):
    @operation("Erase what you hold about me; the link then answers 404", body=NoBody, status=204, sign_in="ignored",
               counted=True, keeps_answer="")  # fmt: skip
    def post(self, request: Any, token: str) -> None:
        erasing.erase(self.reach(token), now=self.now)


class NotMe(_ByLink):
    @operation("I did not ask for this: cancel it, and write to me no more", body=NoBody, status=204, sign_in="ignored",
               counted=True, keeps_answer="")  # fmt: skip
    def post(self, request: Any, token: str) -> None:
        resident_record.not_me(self.reach(token, {Purpose.RSVP_MAIL}), now=self.now)
