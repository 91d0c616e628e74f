"""/tokens/: a program's keys, and its sign-in with a person's password, tried as on the page; /me/: whose key this is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated

from api.answers import Answer
from api.endpoint import Endpoint, operation
from api.paging import PageQuery
from api.strict_fields import Choice, Strict, Text, of
from api.throttling import TriedTooMuch
from engage.agencies.models import Agency
from engage.contacts.addresses import LONGEST_EMAIL
from engage.counting.rates import network_of
from engage.people.models import Person
from engage.people.second_factors import STRONG, strong_factors
from engage.people.secret_tries import Caller, Secret, TriedTooOften, account_of, take
from engage.refusals import Forbidden, Invalid, Unknown
from engage.roles.models import AccessToken, Role
from engage.roles.permissions import ALL_SCOPES, scopes_of
from engage.roles.tokens import issue, revoke

_SECOND = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)


class SecondFactorMissing(Forbidden):
    code = "second_factor_missing"
    sentence = _("This agency asks for a second factor. Sign in on the page and set one up first.")


def person_signing_in(request: Any, *, email: str, password: str, otp: str) -> Person:
    """The person with that password and, where one is set up, that code. Raises AuthenticationFailed, TriedTooMuch."""
    address, caller = email.strip().lower(), Caller(network_of(request.META))
    person = Person.objects.filter(email=address, is_active=True).first()
    try:
        known = _check_password(person, address, password, caller)
        _check_second_factor(known, otp, caller)
    except TriedTooOften as refused:
        raise TriedTooMuch(refused) from None
    return known


def _check_password(person: Person | None, address: str, password: str, caller: Caller) -> Person:
    taken = take(Secret.PASSWORD, account=account_of(person, address), caller=caller)
    if person is None:
        # As slow as a wrong password, so that the time tells nobody who works here.
        make_password(password)
    if person is None or not person.check_password(password):
        raise AuthenticationFailed(_("Email address and password do not go together."), code="sign_in_failed")
    taken.was_right()
    return person


def must_be_strong_enough(person: Person, agency: Agency) -> None:
    """Raises SecondFactorMissing where the agency requires one that the person has not set up."""
    if agency.mfa_required and not strong_factors().filter(user=person).exists():
        raise SecondFactorMissing


def _check_second_factor(person: Person, otp: str, caller: Caller) -> None:
    factors = list(Authenticator.objects.filter(user=person))
    if not any(factor.type in STRONG for factor in factors):
        return
    if not otp:
        raise AuthenticationFailed(_("Give the code of your second factor as `otp`."), code="otp_required")
    taken = take(Secret.CODE, account=account_of(person), caller=caller)
    if not any(factor.wrap().validate_code(otp) for factor in factors if factor.type in _SECOND):
        raise AuthenticationFailed(_("This code is not valid."), code="otp_invalid")
    taken.was_right()


class TokenBody(Strict):
    email = Text(max_length=LONGEST_EMAIL)
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
    label = of(AccessToken, "label")


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
        wanted = body.get("scopes") or scopes_of(kinds)
        token, secret = issue(
            person=person, agency=agency, scopes=wanted, label=body.get("label", ""), now=self.now
        )
        return self.shape(TokenMade, secret=secret).say(token)

    def _agency_of(self, person: Any) -> tuple[Any, frozenset[str]]:
        roles = Role.objects.standing().filter(person=person).select_related("agency")
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
            Role.objects.standing()
            .filter(person=self.person, agency_id__in=viewer.roles)
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
