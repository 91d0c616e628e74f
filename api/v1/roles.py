"""/roles/: who may do what in an agency. Given by invitation, ended, never deleted."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers

from api.answers import Answer
from api.confirming import ConfirmBody
from api.endpoint import Endpoint, operation
from api.paging import PageQuery
from api.strict_fields import Choice, Id, Strict, Text
from engage.contacts.addresses import LONGEST_EMAIL
from engage.refusals import Forbidden
from engage.roles.granting import end_role, invite
from engage.roles.models import Role


class RolePerson(Answer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    email = serializers.CharField()


class RoleAnswer(Answer):
    id = serializers.UUIDField()
    agency = serializers.CharField(source="agency.slug")
    kind = Choice(choices=Role.Kind.choices)
    person = RolePerson()
    since = serializers.DateTimeField()
    until = serializers.DateTimeField(allow_null=True)

    def person_of(self, role: Role) -> dict[str, Any]:
        return RolePerson().say(role.person)


class InvitationAnswer(Answer):
    id = serializers.UUIDField()
    agency = serializers.CharField(source="agency.slug")
    kind = Choice(choices=Role.Kind.choices)
    email = serializers.CharField()
    expires_at = serializers.DateTimeField()


class InvitationBody(Strict):
    agency = Text(max_length=63, required=False)
    email = serializers.EmailField(max_length=LONGEST_EMAIL)
    kind = Choice(choices=Role.Kind.choices)


class HandOver(Strict):
    """By kind, the person who takes it; null or not named: nobody, and it stands on everyone's board as nobody's."""

    commitments = Id(required=False, allow_null=True)
    needs = Id(required=False, allow_null=True)
    events = Id(required=False, allow_null=True)


class EndRoleBody(ConfirmBody):
    hand_over = HandOver(required=False)


class RoleQuery(PageQuery):
    kind = serializers.ChoiceField(choices=Role.Kind.choices, required=False)
    ended = serializers.BooleanField(required=False, default=False, allow_null=False)


class Roles(Endpoint):
    tag = "Agencies"

    @operation(
        "Who holds a role in your agency", answer=RoleAnswer, many=True, query=RoleQuery, scope="admin"
    )
    def get(self, request: Any) -> Any:
        ruled = [agency for agency in self.viewer.roles if self.viewer.may("admin", agency)]
        if not ruled:
            raise Forbidden
        rows = Role.objects.filter(agency_id__in=ruled, until__isnull=not self.query["ended"])
        if kind := self.query.get("kind"):
            rows = rows.filter(kind=kind)
        return self.list_of(rows.select_related("person", "agency"), RoleAnswer, order=("since", "id"))

    @operation(
        "Invite somebody by mail", body=InvitationBody, answer=InvitationAnswer, status=201, scope="admin"
    )
    def post(self, request: Any) -> Any:
        agency = self.own_agency("admin")
        invitation = invite(
            agency=agency, email=self.body["email"], kind=self.body["kind"], actor=self.person, now=self.now
        )
        return self.shape(InvitationAnswer).say(invitation)


class EndRole(Endpoint):
    tag = "Agencies"

    @operation("End a role; it stays on the record", body=EndRoleBody, answer=RoleAnswer, scope="admin")
    def post(self, request: Any, role_id: UUID) -> Any:
        """Somebody's last role asks first where they leave something behind (409 `confirm_required`)."""
        role = self.mine(Role.objects.select_related("person", "agency"), role_id, "admin")
        to = self.body.get("hand_over") or {}
        end_role(role, actor=self.person, now=self.now, confirm=self.body.get("confirm", ""), to=to)
        return self.shape(RoleAnswer).say(role)
