"""Saying something at an event, in a dialogue, or to an agency; and reading what was said there.

An anonymous post is taken in without a look at who is signed in, answers 202, and gives nothing to follow it by.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rest_framework.response import Response

from api.endpoint import operation
from api.idempotency import anonymous_once, answered_once
from api.v1.contribution_shapes import (
    ContributionAnswer,
    ContributionBody,
    ContributionQuery,
    ReceivedAnswer,
    contribution_tag,
    without_blanks,
)
from api.v1.contributions import ContributionEndpoint
from engage.agencies.models import Agency
from engage.listening.contributing import contribute, note_down
from engage.listening.dialogues import dialogues_visible_to
from engage.listening.intake import take_in
from engage.listening.models import Contribution
from engage.refusals import FieldError, Invalid, Unknown
from engage.roles.permissions import NOBODY, Viewer
from events.event.permissions import events_visible_to

_OF_STAFF = ("said_by", "speaker", "table_label", "may_quote")


@dataclass(frozen=True, slots=True)
class Target:
    """What is spoken to. ``kind``: event, dialogue or agency; ``zone``: whose day it is."""

    kind: str
    id: UUID
    agency: Agency
    zone: str


class _Contributions(ContributionEndpoint):
    def target(self, viewer: Viewer, key: Any) -> Target:
        """What the address names; each of the three routes below says how it is found. Raises Unknown."""
        raise NotImplementedError

    def listed(self, key: Any) -> Any:
        target = self.target(self.viewer, key)
        rows = self.rows().filter(**{f"{target.kind}_id": target.id})
        if target.kind == "agency":
            rows = rows.filter(event=None, dialogue=None)
        rows = rows.filter(
            **{name: self.query[name] for name in ("kind", "theme", "moderation") if name in self.query}
        )
        return self.list_of(rows, ContributionAnswer, order=("id",))

    def received(self, key: Any) -> Any:
        if self.body["anonymous"]:
            return self._anonymous(key)
        # Only now is it of interest who is signed in.
        self.perform_authentication(self.request)
        return answered_once(self, lambda: self._signed(key))

    def _anonymous(self, key: Any) -> Response:
        strange = [name for name in ("email", "phone", *_OF_STAFF) if self.body.get(name)]
        if strange:
            raise Invalid(errors=[FieldError(name, "not_anonymous", "anonymous: true") for name in strange])
        target = self.target(NOBODY, key)

        def take(idempotency_key: str | None) -> None:
            take_in(
                agency_id=target.agency.pk, target=target.kind, target_id=target.id, zone=target.zone,
                kind=self.body["kind"], way_in="web", language=self._language(target), body=self.body["body"],
                idempotency_key=idempotency_key, now=self.now,
            )  # fmt: skip

        return anonymous_once(self, take, Response({"received": True}, status=202))

    def _signed(self, key: Any) -> Response:
        target = self.target(self.viewer, key)
        if self.viewer.may("dialogue:write", target.agency.pk):
            contribution = self._noted(target)
        else:
            contribution = self._from_a_resident(target)
        found = Contribution.objects.select_related("agency").get(pk=contribution.pk)
        # Whoever wrote it sees it once, though it waits for a moderator.
        return self.one(
            contribution_tag(found, self.viewer),
            lambda: self.shape(ContributionAnswer, own_words=self.body["body"].strip()).say(found),
            status=201,
        )

    def _noted(self, target: Target) -> Contribution:
        staff = {name: self.body[name] for name in _OF_STAFF if name in self.body}
        return note_down(
            agency=target.agency, target=target.kind, target_id=target.id, kind=self.body["kind"],
            body=self.body["body"], language=self._language(target), actor=self.person, now=self.now, **staff,
        )  # fmt: skip

    def _from_a_resident(self, target: Target) -> Contribution:
        if strange := [name for name in _OF_STAFF if name in self.body]:
            raise Invalid(errors=[FieldError(name, "for_staff_only", "") for name in strange])
        return contribute(
            agency=target.agency, target=target.kind, target_id=target.id, kind=self.body["kind"],
            body=self.body["body"], language=self._language(target), way_in="web", now=self.now,
            **without_blanks(self.body, "email", "phone"),
        )  # fmt: skip

    def _language(self, target: Target) -> str:
        return str(self.body.get("language") or (target.agency.languages or ["en"])[0])


_SAY: dict[str, Any] = {
    "body": ContributionBody, "answer": ContributionAnswer, "status": 201, "also": {202: ReceivedAnswer},
    "sign_in": "ignored", "keeps_answer": "outside", "counted": True, "refuses": (401,),
}  # fmt: skip
_READ: dict[str, Any] = {
    "answer": ContributionAnswer, "many": True, "query": ContributionQuery, "sign_in": "welcome",
    "scope": "dialogue:read|dialogue:write|events:read",
}  # fmt: skip


class EventContributions(_Contributions):
    def target(self, viewer: Viewer, key: UUID) -> Target:
        event = events_visible_to(viewer).select_related("agency").filter(pk=key).first()
        if event is None:
            raise Unknown
        return Target("event", event.pk, event.agency, event.timezone)

    @operation("What was said at an event", **_READ)
    def get(self, request: Any, event_id: UUID) -> Any:
        return self.listed(event_id)

    @operation("Say something at an event", **_SAY)
    def post(self, request: Any, event_id: UUID) -> Any:
        return self.received(event_id)


class DialogueContributions(_Contributions):
    def target(self, viewer: Viewer, key: UUID) -> Target:
        dialogue = dialogues_visible_to(viewer).select_related("agency").filter(pk=key).first()
        if dialogue is None:
            raise Unknown
        return Target("dialogue", dialogue.pk, dialogue.agency, dialogue.agency.timezone)

    @operation("What was said in a dialogue", **_READ)
    def get(self, request: Any, dialogue_id: UUID) -> Any:
        return self.listed(dialogue_id)

    @operation("Say something in a dialogue", **_SAY)
    def post(self, request: Any, dialogue_id: UUID) -> Any:
        return self.received(dialogue_id)


class AgencyContributions(_Contributions):
    def target(self, viewer: Viewer, key: str) -> Target:
        agency = self.agency_at(key)
        return Target("agency", agency.pk, agency, agency.timezone)

    @operation("What was said to an agency", **_READ)
    def get(self, request: Any, slug: str) -> Any:
        return self.listed(slug)

    @operation("Say something to an agency", **_SAY)
    def post(self, request: Any, slug: str) -> Any:
        return self.received(slug)
