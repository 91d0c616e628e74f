"""/commitments/: what was promised, every change of it, and what shows that it was kept."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from rest_framework.exceptions import NotAuthenticated

from api import etags
from api.endpoint import Endpoint, NoBody, operation
from api.paging import PageQuery
from api.v1.commitment_shapes import (
    CommitmentAnswer,
    CommitmentBody,
    CommitmentEdit,
    CommitmentQuery,
    EvidenceAnswer,
    EvidenceBody,
    RedactionBody,
    UpdateAnswer,
    UpdateBody,
    UpdateQuery,
    commitment_tag,
)
from engage.access import commitments_of_ones_own, commitments_visible_to, id_of_agency
from engage.commitment_tracking import (
    add_evidence,
    at_risk_at,
    confirm,
    edit,
    late_at,
    promise,
    redact,
    update,
)
from engage.models import Commitment, CommitmentUpdate, Evidence
from engage.rule_violation import Forbidden, Unknown


class CommitmentEndpoint(Endpoint):
    tag = "Commitments"

    def rows(self) -> QuerySet[Commitment]:
        return commitments_visible_to(self.viewer).select_related("agency").prefetch_related("communities")

    def found(self, pk: UUID) -> Commitment:
        thing = self.rows().filter(pk=pk).first()
        if thing is None:
            raise Unknown
        return thing

    def own(self, pk: UUID) -> Commitment:
        rows = commitments_of_ones_own(self.viewer).select_related("agency").prefetch_related("communities")
        return self.mine(rows, pk, "commitments:write")

    def said(self, pk: UUID, status: int = 200) -> Any:
        thing = self.found(pk)
        tag = commitment_tag(thing, self.viewer, self.now)
        return self.one(tag, lambda: self.shape(CommitmentAnswer).say(thing), status=status)


class Commitments(CommitmentEndpoint):
    @operation(
        "The commitments",
        answer=CommitmentAnswer,
        many=True,
        query=CommitmentQuery,
        sign_in="welcome",
        scope="commitments:read|commitments:write|insights:read",
    )
    def get(self, request: Any) -> Any:
        by = self.query["ordering"]
        rows = self._filtered(self.rows())
        return self.list_of(rows, CommitmentAnswer, order=(by, "-id" if by.startswith("-") else "id"))

    @operation(
        "Promise something",
        body=CommitmentBody,
        answer=CommitmentAnswer,
        status=201,
        scope="commitments:write",
    )
    def post(self, request: Any) -> Any:
        agency = self.own_agency("commitments:write")
        made = promise(agency=agency, actor=self.person, now=self.now, **self.body)
        return self.said(made.pk, status=201)

    def _filtered(self, rows: QuerySet[Commitment]) -> QuerySet[Commitment]:
        asked = self.query
        plain = ("status", "owner", "focus_area", "dialogue")
        rows = rows.filter(**{name: asked[name] for name in plain if name in asked})
        if "agency" in asked:
            rows = rows.filter(agency=id_of_agency(asked["agency"]))
        if "community" in asked:
            members = Commitment.communities.through.objects.filter(community_id=asked["community"])
            rows = rows.filter(pk__in=members.values("commitment_id"))
        if "due_before" in asked:
            rows = rows.filter(due_on__lt=asked["due_before"])
        if "due_after" in asked:
            rows = rows.filter(due_on__gte=asked["due_after"])
        if "late" in asked:
            rows = rows.filter(late_at(self.now)) if asked["late"] else rows.exclude(late_at(self.now))
        return self._at_risk(rows) if "at_risk" in asked else rows

    def _at_risk(self, rows: QuerySet[Commitment]) -> QuerySet[Commitment]:
        """Only staff see what is at risk, and only of their own agencies."""
        if self.viewer.person is None:
            raise NotAuthenticated
        staff = self.viewer.agencies_shown("promises at risk")
        if not staff:
            raise Forbidden(field="at_risk")
        rows = rows.filter(agency_id__in=staff)
        return (
            rows.filter(at_risk_at(self.now)) if self.query["at_risk"] else rows.exclude(at_risk_at(self.now))
        )


class OneCommitment(CommitmentEndpoint):
    @operation("One commitment", answer=CommitmentAnswer, sign_in="welcome", tagged=True,
               scope="commitments:read|commitments:write|insights:read")  # fmt: skip
    def get(self, request: Any, commitment_id: UUID) -> Any:
        return self.said(commitment_id)

    @operation("Change a draft, or what is no promise", body=CommitmentEdit, answer=CommitmentAnswer,
               scope="commitments:write", tagged=True)  # fmt: skip
    def patch(self, request: Any, commitment_id: UUID) -> Any:
        thing = self.own(commitment_id)
        if self.body.pop("agency", thing.agency.slug) != thing.agency.slug:
            raise Forbidden(field="agency")
        with etags.unchanged(request, thing):
            edit(thing, actor=self.person, now=self.now, fields=self.body)
        return self.said(commitment_id)


class ConfirmCommitment(CommitmentEndpoint):
    @operation("Confirm a draft: it gets its number and is public", body=NoBody, answer=CommitmentAnswer,
               scope="commitments:write", tagged=True)  # fmt: skip
    def post(self, request: Any, commitment_id: UUID) -> Any:
        thing = self.own(commitment_id)
        with etags.unchanged(request, thing):
            confirm(thing, actor=self.person, now=self.now)
        return self.said(commitment_id)


class CommitmentUpdates(CommitmentEndpoint):
    @operation(
        "Every change, from the first",
        answer=UpdateAnswer,
        many=True,
        query=UpdateQuery,
        sign_in="welcome",
        scope="commitments:read|commitments:write",
    )
    def get(self, request: Any, commitment_id: UUID) -> Any:
        rows = _updates().filter(commitment=self.found(commitment_id))
        return self.list_of(rows, UpdateAnswer, order=(self.query["ordering"],))

    @operation("Change a promise in public", body=UpdateBody, answer=UpdateAnswer, status=201,
               scope="commitments:write", tagged=True)  # fmt: skip
    def post(self, request: Any, commitment_id: UUID) -> Any:
        thing = self.own(commitment_id)
        with etags.unchanged(request, thing):
            made = update(thing, actor=self.person, now=self.now, **self.body)
        return self.shape(UpdateAnswer).say(_updates().get(pk=made.pk))


class RedactUpdate(CommitmentEndpoint):
    """The update itself never changes; the hidden text is gone from every answer, and the reason stands in its place."""

    @operation("Hide a text of an update that names a resident", body=RedactionBody, answer=UpdateAnswer,
               scope="commitments:write")  # fmt: skip
    def post(self, request: Any, commitment_id: UUID, number: int) -> Any:
        found = CommitmentUpdate.objects.filter(commitment=self.own(commitment_id), number=number).first()
        if found is None:
            raise Unknown
        redact(found, actor=self.person, now=self.now, **self.body)
        return self.shape(UpdateAnswer).say(_updates().get(pk=found.pk))


class CommitmentEvidence(CommitmentEndpoint):
    @operation("What shows it", answer=EvidenceAnswer, many=True, query=PageQuery, sign_in="welcome",
               scope="commitments:read|commitments:write")  # fmt: skip
    def get(self, request: Any, commitment_id: UUID) -> Any:
        rows = Evidence.objects.filter(commitment=self.found(commitment_id))
        return self.list_of(rows, EvidenceAnswer, order=("added_at", "id"))

    @operation(
        "Add evidence", body=EvidenceBody, answer=EvidenceAnswer, status=201, scope="commitments:write"
    )
    def post(self, request: Any, commitment_id: UUID) -> Any:
        url, title = self.body["url"], self.body.get("title", "")
        made = add_evidence(self.own(commitment_id), actor=self.person, url=url, title=title, now=self.now)
        return self.shape(EvidenceAnswer).say(made)


def _updates() -> QuerySet[CommitmentUpdate]:
    return CommitmentUpdate.objects.select_related("actor").prefetch_related("evidence", "redactions")
