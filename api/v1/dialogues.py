"""/dialogues/: ongoing conversations with a purpose and a declared level of participation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from rest_framework import serializers

from api import etags
from api.answers import Answer
from api.endpoint import Endpoint, NoBody, operation
from api.paging import PageQuery
from api.strict_fields import Choice, Id, Strict, Text, of
from engage.commitments.models import FocusArea
from engage.listening.dialogues import (
    close_dialogue,
    delete_dialogue,
    dialogues_of_ones_own,
    dialogues_visible_to,
    edit_dialogue,
    open_dialogue,
    report_dialogue,
    start_dialogue,
)
from engage.listening.models import Dialogue, ParticipationLevel
from engage.refusals import Forbidden, Unknown


class DialogueAnswer(Answer):
    id = serializers.UUIDField()
    agency = serializers.CharField(source="agency.slug")
    title = serializers.CharField()
    purpose = serializers.CharField()
    focus_area = Choice(choices=FocusArea.choices)
    participation_level = Choice(choices=ParticipationLevel.choices)
    stage = Choice(choices=Dialogue.Stage.choices)
    communities = serializers.ListField(child=serializers.UUIDField())
    partners = serializers.ListField(child=serializers.CharField(), help_text="Slugs of agencies.")
    created_at = serializers.DateTimeField()

    def communities_of(self, dialogue: Dialogue) -> list[UUID]:
        return sorted(one.pk for one in dialogue.communities.all())

    def partners_of(self, dialogue: Dialogue) -> list[str]:
        return sorted(one.slug for one in dialogue.partners.all())


class DialogueBody(Strict):
    agency = Text(max_length=63, required=False)
    title = of(Dialogue, "title")
    purpose = of(Dialogue, "purpose")
    focus_area = of(Dialogue, "focus_area")
    participation_level = of(Dialogue, "participation_level")
    communities = serializers.ListField(child=Id(), required=False, max_length=200)
    partners = serializers.ListField(child=Text(max_length=63), required=False, max_length=50)


class DialogueQuery(PageQuery):
    agency = serializers.CharField(required=False, max_length=63)
    stage = serializers.ChoiceField(choices=Dialogue.Stage.choices, required=False)
    focus_area = serializers.ChoiceField(choices=FocusArea.choices, required=False)
    community = serializers.UUIDField(required=False)
    ordering = serializers.ChoiceField(
        choices=["created_at", "-created_at"], required=False, default="-created_at"
    )


class _DialogueEndpoint(Endpoint):
    tag = "Dialogues"

    def rows(self) -> QuerySet[Dialogue]:
        return (
            dialogues_visible_to(self.viewer)
            .select_related("agency")
            .prefetch_related("communities", "partners")
        )

    def own(self, pk: UUID) -> Dialogue:
        """For an act: a colleague whom no scope shows it is told that the role is missing. Raises Unknown, Forbidden."""
        rows = dialogues_of_ones_own(self.viewer).select_related("agency")
        return self.mine(rows.prefetch_related("communities", "partners"), pk, "dialogue:write")

    def found(self, pk: UUID) -> Dialogue:
        dialogue = self.rows().filter(pk=pk).first()
        if dialogue is None:
            raise Unknown
        return dialogue

    def said(self, dialogue: Dialogue, status: int = 200) -> Any:
        return self.one(
            etags.tag(dialogue.edit_version), lambda: self.shape(DialogueAnswer).say(dialogue), status=status
        )


class Dialogues(_DialogueEndpoint):
    @operation("The dialogues", answer=DialogueAnswer, many=True, query=DialogueQuery, sign_in="welcome",
               scope="dialogue:read|dialogue:write")  # fmt: skip
    def get(self, request: Any) -> Any:
        rows, asked = self.rows(), self.query
        for name, lookup in (("agency", "agency__slug"), ("stage", "stage"), ("focus_area", "focus_area")):
            if name in asked:
                rows = rows.filter(**{lookup: asked[name]})
        if "community" in asked:
            members = Dialogue.communities.through.objects.filter(community_id=asked["community"])
            rows = rows.filter(pk__in=members.values("dialogue_id"))
        by = asked["ordering"]
        return self.list_of(rows, DialogueAnswer, order=(by, "-id" if by.startswith("-") else "id"))

    @operation(
        "Plan a dialogue", body=DialogueBody, answer=DialogueAnswer, status=201, scope="dialogue:write"
    )
    def post(self, request: Any) -> Any:
        agency = self.own_agency("dialogue:write")
        dialogue = start_dialogue(agency=agency, actor=self.person, **self.body)
        return self.said(self.found(dialogue.pk), status=201)


class OneDialogue(_DialogueEndpoint):
    @operation("One dialogue", answer=DialogueAnswer, sign_in="welcome", tagged=True,
               scope="dialogue:read|dialogue:write")  # fmt: skip
    def get(self, request: Any, dialogue_id: UUID) -> Any:
        return self.said(self.found(dialogue_id))

    @operation(
        "Change a dialogue", body=DialogueBody, answer=DialogueAnswer, scope="dialogue:write", tagged=True
    )
    def patch(self, request: Any, dialogue_id: UUID) -> Any:
        dialogue = self.own(dialogue_id)
        if self.body.pop("agency", dialogue.agency.slug) != dialogue.agency.slug:
            raise Forbidden(field="agency")
        with etags.unchanged(request, dialogue):
            edit_dialogue(dialogue, actor=self.person, fields=self.body)
        return self.said(self.found(dialogue_id))

    @operation("Delete a dialogue that is planned and empty", status=204, scope="dialogue:write", tagged=True)
    def delete(self, request: Any, dialogue_id: UUID) -> None:
        dialogue = self.own(dialogue_id)
        with etags.unchanged(request, dialogue):
            delete_dialogue(dialogue, actor=self.person)


class _Turn(_DialogueEndpoint):
    turn: Callable[..., Any]

    def turned(self, dialogue_id: UUID) -> Any:
        dialogue = self.own(dialogue_id)
        with etags.unchanged(self.request, dialogue):
            type(self).turn(dialogue, actor=self.person)
        return self.said(self.found(dialogue_id))


_TURN = {"body": NoBody, "answer": DialogueAnswer, "scope": "dialogue:write", "tagged": True}


class OpenDialogue(_Turn):
    turn = staticmethod(open_dialogue)

    @operation("Open a dialogue to the public", **_TURN)
    def post(self, request: Any, dialogue_id: UUID) -> Any:
        return self.turned(dialogue_id)


class CloseDialogue(_Turn):
    turn = staticmethod(close_dialogue)

    @operation("Close a dialogue", **_TURN)
    def post(self, request: Any, dialogue_id: UUID) -> Any:
        return self.turned(dialogue_id)


class ReportDialogue(_Turn):
    turn = staticmethod(report_dialogue)

    @operation("Mark a closed dialogue as reported back", **_TURN)
    def post(self, request: Any, dialogue_id: UUID) -> Any:
        return self.turned(dialogue_id)
