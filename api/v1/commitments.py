"""/commitments/: what was promised, every change of it, and what shows that it was kept."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated

from api import etags
from api.answers import Answer
from api.endpoint import Endpoint, NoBody, operation
from api.paging import PageQuery
from api.strict_fields import Choice, Id, Strict, Text, Translations, of
from engage.agencies.finding import id_of_agency
from engage.commitments.models import (
    TEXTS,
    Commitment,
    CommitmentStatus,
    CommitmentUpdate,
    Evidence,
    FocusArea,
    Redaction,
)
from engage.commitments.reading import commitments_of_ones_own, commitments_visible_to
from engage.commitments.standing import (
    Standing,
    at_risk,
    at_risk_at,
    days_late,
    is_late,
    late_at,
    public_day,
    staff_day,
    standing_at,
    standing_on,
)
from engage.commitments.tracking import add_evidence, confirm, edit, make_commitment, redact, update
from engage.local_time import local_day
from engage.refusals import Forbidden, Unknown
from engage.roles.answering import is_of, with_owner
from engage.roles.permissions import Viewer


class CommitmentAnswer(Answer):
    id = serializers.UUIDField()
    agency = serializers.CharField(source="agency.slug")
    number = serializers.IntegerField(
        allow_null=True, help_text="Per agency, without gaps; null while a draft."
    )
    title = serializers.CharField()
    done_means = serializers.CharField()
    owner_office = serializers.CharField()
    owner = serializers.UUIDField(
        source="owner_now_id", allow_null=True, help_text="Null too where whoever was named has left."
    )
    focus_area = Choice(choices=FocusArea.choices)
    communities = serializers.ListField(child=serializers.UUIDField())
    dialogue = serializers.UUIDField(source="dialogue_id", allow_null=True)
    event = serializers.UUIDField(source="event_id", allow_null=True)
    theme = serializers.UUIDField(source="theme_id", allow_null=True)
    due_on = serializers.DateField()
    first_due_on = serializers.DateField()
    closed_on = serializers.DateField(allow_null=True)
    draft = serializers.BooleanField()
    status = Choice(choices=CommitmentStatus.choices)
    standing = Choice(
        choices=list(Standing),
        help_text="As of today; `at_risk` is told to staff, to others it is `on_track`.",
    )
    is_late = serializers.BooleanField()
    days_late = serializers.IntegerField()
    at_risk = serializers.BooleanField(allow_null=True, help_text="For staff; null for the public.")
    updates_count = serializers.IntegerField()
    translations = serializers.DictField()

    def communities_of(self, commitment: Commitment) -> list[UUID]:
        return sorted(community.pk for community in commitment.communities.all())

    def standing_of(self, commitment: Commitment) -> str:
        viewer: Viewer = self.context["viewer"]
        today = self._today(commitment)
        staff = viewer.reads("promises at risk", commitment.agency_id)
        day = staff_day(commitment.agency, today) if staff else public_day(today)
        return standing_on(commitment, day).value

    def is_late_of(self, commitment: Commitment) -> bool:
        return is_late(commitment, self._today(commitment))

    def days_late_of(self, commitment: Commitment) -> int:
        return days_late(commitment, self._today(commitment))

    def at_risk_of(self, commitment: Commitment) -> bool | None:
        viewer: Viewer = self.context["viewer"]
        if not viewer.reads("promises at risk", commitment.agency_id):
            return None
        return at_risk(commitment, self._today(commitment))

    def _today(self, commitment: Commitment) -> Any:
        return local_day(commitment.agency.timezone, self.context["now"])


def commitment_tag(commitment: Commitment, viewer: Viewer, now: Any) -> str:
    """Late by tomorrow, and nobody's once its owner has left, without an edit: both are part of it."""
    day = local_day(commitment.agency.timezone, now).strftime("%Y%m%d")
    owned = "owned" if commitment.owner_now_id else "open"
    who = "staff" if viewer.reads("promises at risk", commitment.agency_id) else "public"
    return etags.tag(commitment.edit_version, f"{commitment.updates_count}.{day}.{owned}", who)


class CommitmentFields(Strict):
    agency = Text(max_length=63, required=False)
    title = of(Commitment, "title")
    done_means = of(Commitment, "done_means")
    owner_office = of(Commitment, "owner_office")
    owner = Id(required=False, allow_null=True)
    focus_area = of(Commitment, "focus_area")
    communities = serializers.ListField(child=Id(), required=False, max_length=200)
    dialogue = Id(required=False, allow_null=True)
    event = Id(required=False, allow_null=True)
    theme = Id(required=False, allow_null=True)
    due_on = of(Commitment, "due_on")
    translations = Translations(texts=["title", "done_means"], required=False)


class CommitmentBody(CommitmentFields):
    draft = of(Commitment, "draft")


class CommitmentEdit(CommitmentFields):
    """Of a confirmed one `due_on owner owner_office title done_means status` change by updates only (`use_updates`)."""

    status = of(Commitment, "status")


class CommitmentQuery(PageQuery):
    agency = serializers.CharField(required=False, max_length=63)
    status = serializers.ChoiceField(choices=CommitmentStatus.choices, required=False)
    late = serializers.BooleanField(required=False, allow_null=False)
    at_risk = serializers.BooleanField(required=False, allow_null=False, help_text="For staff.")
    standing = serializers.ChoiceField(
        choices=list(Standing),
        required=False,
        help_text="As the answers tell it: `at_risk` for staff, of their own agencies.",
    )
    owner = serializers.UUIDField(required=False)
    focus_area = serializers.ChoiceField(choices=FocusArea.choices, required=False)
    community = serializers.UUIDField(required=False)
    dialogue = serializers.UUIDField(required=False)
    due_before = serializers.DateField(required=False)
    due_after = serializers.DateField(required=False)
    ordering = serializers.ChoiceField(
        choices=["created_at", "-created_at", "due_on", "-due_on"], required=False, default="-created_at"
    )


class EvidenceAnswer(Answer):
    id = serializers.UUIDField()
    kind = Choice(choices=["link"])
    url = serializers.CharField()
    title = serializers.CharField()
    update = serializers.UUIDField(source="update_id", allow_null=True)  # type: ignore[assignment]
    added_at = serializers.DateTimeField()


class EvidenceBody(Strict):
    kind = Choice(choices=["link"])
    url = of(Evidence, "url")
    title = of(Evidence, "title")


class EvidenceChoice(Strict):
    """A new link, or the `id` of evidence that is there already."""

    id = Id(required=False)
    kind = Choice(choices=["link"], required=False)
    url = of(Evidence, "url", required=False)
    title = of(Evidence, "title")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "id" in attrs and len(attrs) > 1:
            raise serializers.ValidationError({"id": ["Either the id, or kind, url and title."]})
        for name in () if "id" in attrs else ("kind", "url"):
            if not attrs.get(name):
                raise serializers.ValidationError(
                    {name: [serializers.ErrorDetail("This field is required.", code="required")]}
                )
        return attrs


class UpdateBody(Strict):
    status = of(Commitment, "status")
    due_on = of(Commitment, "due_on", required=False)
    owner = Id(required=False, allow_null=True)
    owner_office = of(Commitment, "owner_office", required=False)
    title = of(Commitment, "title", required=False)
    done_means = of(Commitment, "done_means", required=False)
    reason = of(CommitmentUpdate, "reason")
    note = of(CommitmentUpdate, "note")
    evidence = EvidenceChoice(many=True, required=False)


class RedactionAnswer(Answer):
    field = serializers.CharField()
    reason = serializers.CharField()


class UpdateAnswer(Answer):
    """A text that names a resident is empty, and `redactions` says why."""

    id = serializers.UUIDField()
    number = serializers.IntegerField()
    at = serializers.DateTimeField()
    actor = serializers.CharField(allow_null=True)
    status_from = serializers.CharField()
    status_to = serializers.CharField()
    due_from = serializers.DateField(allow_null=True)
    due_to = serializers.DateField(allow_null=True)
    owner_from = serializers.UUIDField(source="owner_from_id", allow_null=True)
    owner_to = serializers.UUIDField(source="owner_to_id", allow_null=True)
    owner_office_from = serializers.CharField()
    owner_office_to = serializers.CharField()
    title_from = serializers.CharField()
    title_to = serializers.CharField()
    done_means_from = serializers.CharField()
    done_means_to = serializers.CharField()
    reason = serializers.CharField()
    note = serializers.CharField()
    evidence = EvidenceAnswer(many=True)
    redactions = RedactionAnswer(many=True)

    def actor_of(self, update: CommitmentUpdate) -> str | None:
        return update.actor.name or None if update.actor else None

    def evidence_of(self, update: CommitmentUpdate) -> list[dict[str, Any]]:
        return EvidenceAnswer().say_all(update.evidence.all())

    def redactions_of(self, update: CommitmentUpdate) -> list[dict[str, Any]]:
        return RedactionAnswer().say_all(update.redactions.all())

    def to_representation(self, instance: CommitmentUpdate) -> dict[str, Any]:
        said = super().to_representation(instance)
        for redaction in instance.redactions.all():
            said |= dict.fromkeys(TEXTS[redaction.field], "")
        return said


class RedactionBody(Strict):
    field = Choice(choices=list(TEXTS))
    reason = of(Redaction, "reason")


class UpdateQuery(PageQuery):
    ordering = serializers.ChoiceField(choices=["number", "-number"], required=False, default="number")


class CommitmentEndpoint(Endpoint):
    tag = "Commitments"

    def rows(self) -> QuerySet[Commitment]:
        rows = with_owner(commitments_visible_to(self.viewer))
        return rows.select_related("agency").prefetch_related("communities")

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
        made = make_commitment(agency=agency, actor=self.person, now=self.now, **self.body)
        return self.said(made.pk, status=201)

    def _filtered(self, rows: QuerySet[Commitment]) -> QuerySet[Commitment]:
        asked = self.query
        plain = ("status", "focus_area", "dialogue")
        rows = rows.filter(**{name: asked[name] for name in plain if name in asked})
        if "owner" in asked:
            rows = rows.filter(is_of(asked["owner"]))
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
        if "standing" in asked:
            rows = self._standing(rows, Standing(asked["standing"]))
        return self._at_risk(rows) if "at_risk" in asked else rows

    def _standing(self, rows: QuerySet[Commitment], standing: Standing) -> QuerySet[Commitment]:
        staff = self.viewer.agencies_shown("promises at risk")
        if standing is Standing.AT_RISK and self.viewer.person is None:
            raise NotAuthenticated
        if standing is Standing.AT_RISK and not staff:
            raise Forbidden(field="standing")
        return rows.filter(standing_at(standing, self.now, staff_of=staff))

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
