"""/tokens/: a program's keys; /me/: whose key this is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated

from api.answers import Answer
from api.endpoint import Endpoint, operation
from api.paging import PageQuery
from api.sign_in import must_be_strong_enough, person_signing_in
from api.strict_fields import Choice, Strict, Text
from engage.access import ALL_SCOPES, scopes_of
from engage.models import AccessToken, Role
from engage.rule_violation import Forbidden, Invalid, Unknown
from engage.token_issuing import issue, revoke


class TokenBody(Strict):
    email = Text(max_length=254)
    password = Text(max_length=1024, trim_whitespace=False)
    otp = Text(
        max_length=32,
        required=False,
        allow_blank=True,
        help_text="The code of the second factor, where one is set up.",
    )
    agency = Text(
        max_length=63, required=False, help_text="A slug; may be left out by who belongs to one agency only."
    )
    scopes = serializers.ListField(
        child=Choice(choices=sorted(ALL_SCOPES)), required=False, allow_empty=False, max_length=20,
        help_text="All that the role gives, unless fewer are named.",
    )  # fmt: skip
    label = Text(max_length=100, required=False, allow_blank=True)  # type: ignore[assignment]


class TokenAnswer(Answer):
    id = serializers.UUIDField()
    agency = serializers.CharField(source="agency.slug")
    label = serializers.CharField()  # type: ignore[assignment]
    scopes = serializers.ListField(child=serializers.CharField())
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    last_used_on = serializers.DateField(allow_null=True)


class TokenMade(TokenAnswer):
    token = serializers.CharField(help_text="Shown this once.")

    def token_of(self, token: AccessToken) -> str:
        return str(self.context["secret"])


class Tokens(Endpoint):
    tag = "Sign-in"

    @operation(
        "Make a token",
        body=TokenBody,
        answer=TokenMade,
        status=201,
        sign_in="ignored",
        keeps_answer="",
        refuses=(401, 403),
    )
    def post(self, request: Any) -> Any:
        body = self.body
        person = person_signing_in(
            request, email=body["email"], password=body["password"], otp=body.get("otp", "")
        )
        agency, kinds = self._agency_of(person)
        must_be_strong_enough(person, agency)
        allowed = scopes_of(kinds)
        wanted = frozenset(body.get("scopes") or allowed)
        if not wanted <= allowed:
            raise Forbidden(field="scopes")
        token, secret = issue(
            person=person, agency=agency, scopes=sorted(wanted), label=body.get("label", ""), now=self.now
        )
        return self.shape(TokenMade, secret=secret).say(token)

    def _agency_of(self, person: Any) -> tuple[Any, frozenset[str]]:
        roles = Role.objects.filter(person=person, until=None).select_related("agency")
        if slug := self.body.get("agency"):
            roles = roles.filter(agency__slug=slug)
        found = list(roles)
        if not found:
            raise Forbidden(field="agency" if slug else "")
        if len({role.agency_id for role in found}) > 1:
            raise Invalid(field="agency")
        return found[0].agency, frozenset(role.kind for role in found)

    @operation("Your tokens, without the secrets", answer=TokenAnswer, many=True, query=PageQuery)
    def get(self, request: Any) -> Any:
        rows = AccessToken.objects.filter(person=self.person, revoked_at=None).select_related("agency")
        if self.viewer.token is not None:
            rows = rows.filter(agency_id=self.viewer.token.agency_id)
        return self.list_of(rows, TokenAnswer, order=("-created_at", "-id"))

    @operation("Revoke the token this request came with", status=204)
    def delete(self, request: Any) -> None:
        if self.viewer.token is None:
            raise NotAuthenticated
        revoke(self.viewer.token, now=self.now)


class OneToken(Endpoint):
    tag = "Sign-in"

    @operation("Revoke one of your tokens", status=204)
    def delete(self, request: Any, token_id: UUID) -> None:
        token = AccessToken.objects.filter(person=self.person, pk=token_id, revoked_at=None).first()
        if token is None or not self.viewer.belongs_to(token.agency_id):
            raise Unknown
        revoke(token, now=self.now)


class RoleHeld(Answer):
    agency = serializers.CharField()
    kind = Choice(choices=Role.Kind.choices)
    since = serializers.DateTimeField()


class MeAnswer(Answer):
    id = serializers.UUIDField()
    email = serializers.CharField()
    name = serializers.CharField()
    language = serializers.CharField()
    time_zone = serializers.CharField()


class Me(Answer):
    person = MeAnswer()
    roles = RoleHeld(many=True)
    agency = serializers.CharField(allow_null=True, help_text="What `agency` in a body defaults to.")
    scopes = serializers.ListField(child=serializers.CharField())


class MeEndpoint(Endpoint):
    tag = "Sign-in"

    @operation("Who you are here, and what you may do", answer=Me)
    def get(self, request: Any) -> Any:
        viewer = self.viewer
        roles = list(
            Role.objects.filter(person=self.person, until=None, agency_id__in=viewer.roles)
            .select_related("agency")
            .order_by("since", "id")
        )
        slugs = {role.agency_id: role.agency.slug for role in roles}
        held = [{"agency": role.agency.slug, "kind": role.kind, "since": role.since} for role in roles]
        return {
            "person": self.shape(MeAnswer).say(self.person),
            "roles": self.shape(RoleHeld).say_all(held),
            "agency": slugs.get(viewer.agency_id) if viewer.agency_id else None,
            "scopes": sorted({scope for scopes in viewer.scopes.values() for scope in scopes}),
        }
