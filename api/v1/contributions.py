"""What was said: asked and told by anybody, noted down by staff, shown once a moderator says so."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from api import etags
from api.endpoint import Endpoint, operation
from api.v1.contribution_shapes import (
    AnswerBody,
    ContributionAnswer,
    EndorsementAnswer,
    EndorsementBody,
    ModerationBody,
    ThemeChoiceBody,
    contribution_tag,
)
from engage.listening.contributing import endorse
from engage.listening.models import Contribution, Theme
from engage.listening.moderating import answer, correct, hide, show
from engage.listening.theming import assign
from engage.listening.words import contributions_visible_to
from engage.refusals import Invalid, ReasonRequired, Unknown
from engage.roles.permissions import NOBODY


class ContributionEndpoint(Endpoint):
    tag = "What was said"

    def rows(self) -> QuerySet[Contribution]:
        return contributions_visible_to(self.viewer).select_related("agency")

    def said(self, pk: UUID) -> Any:
        found = self.rows().filter(pk=pk).first()
        if found is None:
            raise Unknown
        return self.one(
            contribution_tag(found, self.viewer), lambda: self.shape(ContributionAnswer).say(found)
        )

    def own(self, pk: UUID) -> Contribution:
        return self.mine(self.rows(), pk, "dialogue:write")


class OneContribution(ContributionEndpoint):
    @operation("One contribution", answer=ContributionAnswer, sign_in="welcome", tagged=True,
               scope="dialogue:read|dialogue:write")  # fmt: skip
    def get(self, request: Any, contribution_id: UUID) -> Any:
        return self.said(contribution_id)


class Endorse(ContributionEndpoint):
    """A browser-made mark, kept 30 days: the same mark counts once."""

    @operation("Me too", body=EndorsementBody, answer=EndorsementAnswer, sign_in="ignored", counted=True)
    def post(self, request: Any, contribution_id: UUID) -> Any:
        # Whoever is signed in: only what everybody sees can be seconded.
        found = contributions_visible_to(NOBODY).filter(pk=contribution_id).first()
        if found is None:
            raise Unknown
        endorse(found, mark=bytes.fromhex(self.body["mark"]), now=self.now)
        found.refresh_from_db(fields=["endorsements_count"])
        return {"endorsements_count": found.endorsements_count}


def _by_staff(body: Any) -> dict[str, Any]:
    return {"body": body, "answer": ContributionAnswer, "scope": "dialogue:write", "tagged": True}


class Moderate(ContributionEndpoint):
    @operation("Show, hide or correct", **_by_staff(ModerationBody))
    def post(self, request: Any, contribution_id: UUID) -> Any:
        found, body = self.own(contribution_id), self.body
        reason = body.get("reason", "")
        with etags.unchanged(request, found):
            if body["moderation"] == "hidden":
                hide(found, reason=reason, actor=self.person, now=self.now)
            elif "body" in body:
                if not reason:
                    raise ReasonRequired(field="reason")
                correct(found, body=body["body"], reason=reason, actor=self.person, now=self.now)
            else:
                show(found, actor=self.person, now=self.now)
        return self.said(contribution_id)


class PutUnderTheme(ContributionEndpoint):
    @operation("Put it under a theme, or (null) under none", **_by_staff(ThemeChoiceBody))
    def post(self, request: Any, contribution_id: UUID) -> Any:
        found, theme = self.own(contribution_id), None
        if self.body["theme"] is not None:
            theme = Theme.objects.filter(pk=self.body["theme"], agency_id=found.agency_id).first()
            if theme is None:
                raise Invalid(field="theme")
        with etags.unchanged(request, found):
            assign(found, theme=theme, actor=self.person)
        return self.said(contribution_id)


class AnswerIt(ContributionEndpoint):
    @operation("Answer it in public", **_by_staff(AnswerBody))
    def post(self, request: Any, contribution_id: UUID) -> Any:
        found = self.own(contribution_id)
        with etags.unchanged(request, found):
            answer(found, text=self.body["answer"], actor=self.person, now=self.now)
        return self.said(contribution_id)
