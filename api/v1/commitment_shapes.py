"""How a commitment, its updates and its evidence look, coming in and going out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers

from api import etags
from api.answers import Answer
from api.paging import PageQuery
from api.strict_fields import Choice, Day, Id, LongText, Strict, Text, Translations, WebAddress, YesNo
from engage.access import Viewer
from engage.agency_time import local_day
from engage.commitment_tracking import at_risk, days_late, is_late
from engage.models import Commitment, CommitmentStatus, CommitmentUpdate, FocusArea


class CommitmentAnswer(Answer):
    id = serializers.UUIDField()
    agency = serializers.CharField(source="agency.slug")
    number = serializers.IntegerField(
        allow_null=True, help_text="Per agency, without gaps; null while a draft."
    )
    title = serializers.CharField()
    done_means = serializers.CharField()
    owner_office = serializers.CharField()
    owner = serializers.UUIDField(source="owner_id", allow_null=True)
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
    is_late = serializers.BooleanField()
    days_late = serializers.IntegerField()
    at_risk = serializers.BooleanField(allow_null=True, help_text="For staff; null for the public.")
    updates_count = serializers.IntegerField()
    translations = serializers.DictField()

    def communities_of(self, promise: Commitment) -> list[UUID]:
        return sorted(community.pk for community in promise.communities.all())

    def is_late_of(self, promise: Commitment) -> bool:
        return is_late(promise, self._today(promise))

    def days_late_of(self, promise: Commitment) -> int:
        return days_late(promise, self._today(promise))

    def at_risk_of(self, promise: Commitment) -> bool | None:
        viewer: Viewer = self.context["viewer"]
        if not viewer.reads("promises at risk", promise.agency_id):
            return None
        return at_risk(promise, self._today(promise))

    def _today(self, promise: Commitment) -> Any:
        return local_day(promise.agency.timezone, self.context["now"])


def commitment_tag(promise: Commitment, viewer: Viewer, now: Any) -> str:
    """Late by tomorrow without an edit: the agency's day is part of it."""
    day = local_day(promise.agency.timezone, now).strftime("%Y%m%d")
    who = "staff" if viewer.reads("promises at risk", promise.agency_id) else "public"
    return etags.tag(promise.edit_version, f"{promise.updates_count}.{day}", who)


class CommitmentFields(Strict):
    agency = Text(max_length=63, required=False)
    title = Text(max_length=300)
    done_means = Text(max_length=2000)
    owner_office = Text(max_length=120)
    owner = Id(required=False, allow_null=True)
    focus_area = Choice(choices=FocusArea.choices)
    communities = serializers.ListField(child=Id(), required=False, max_length=200)
    dialogue = Id(required=False, allow_null=True)
    event = Id(required=False, allow_null=True)
    theme = Id(required=False, allow_null=True)
    due_on = Day()
    translations = Translations(texts=["title", "done_means"], required=False)


class CommitmentBody(CommitmentFields):
    draft = YesNo(required=False)


class CommitmentEdit(CommitmentFields):
    """Of a confirmed one `due_on owner owner_office title done_means status` change by updates only (`use_updates`)."""

    status = Choice(choices=CommitmentStatus.choices, required=False)


class CommitmentQuery(PageQuery):
    agency = serializers.CharField(required=False, max_length=63)
    status = serializers.ChoiceField(choices=CommitmentStatus.choices, required=False)
    late = serializers.BooleanField(required=False, allow_null=False)
    at_risk = serializers.BooleanField(required=False, allow_null=False, help_text="For staff.")
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
    url = WebAddress(max_length=1000)
    title = Text(max_length=200, required=False, allow_blank=True)


class EvidenceChoice(Strict):
    """A new link, or the `id` of evidence that is there already."""

    id = Id(required=False)
    kind = Choice(choices=["link"], required=False)
    url = WebAddress(max_length=1000, required=False)
    title = Text(max_length=200, required=False, allow_blank=True)

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
    status = Choice(choices=CommitmentStatus.choices, required=False)
    due_on = Day(required=False)
    owner = Id(required=False, allow_null=True)
    owner_office = Text(max_length=120, required=False)
    title = Text(max_length=300, required=False)
    done_means = Text(max_length=2000, required=False)
    reason = LongText(max_length=2000, required=False)
    note = LongText(max_length=4000, required=False)
    evidence = EvidenceChoice(many=True, required=False)


class RedactionAnswer(Answer):
    field = serializers.CharField()
    reason = serializers.CharField()


# What a resident could be named in, and so may be hidden.
_TEXTS = ("title_from", "title_to", "done_means_from", "done_means_to", "reason", "note")


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
            for name in (redaction.field, f"{redaction.field}_from", f"{redaction.field}_to"):
                if name in _TEXTS:
                    said[name] = ""
        return said


class RedactionBody(Strict):
    field = Choice(choices=["title", "done_means", "reason", "note"])
    reason = Text(max_length=500)


class UpdateQuery(PageQuery):
    ordering = serializers.ChoiceField(choices=["number", "-number"], required=False, default="number")
