"""A program's sign-in with a person's password: the same counters, and the same second factor, as on the page."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import AuthenticationFailed

from api.throttling import TriedTooMuch, network_of
from engage.models import Agency, Person
from engage.rule_violation import Forbidden
from engage.secret_tries import Caller, Secret, TriedTooOften, account_of, take

_SECOND = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)
_ANY_STRONG = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class SecondFactorMissing(Forbidden):
    code = "second_factor_missing"
    sentence = _("This agency asks for a second factor. Sign in on the page and set one up first.")


def person_signing_in(request: Any, *, email: str, password: str, otp: str) -> Person:
    """The person with that password and, where one is set up, that code. Raises AuthenticationFailed, TriedTooMuch."""
    address, caller = email.strip().lower(), Caller(network_of(request))
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
    if agency.mfa_required and not Authenticator.objects.filter(user=person, type__in=_ANY_STRONG).exists():
        raise SecondFactorMissing


def _check_second_factor(person: Person, otp: str, caller: Caller) -> None:
    factors = list(Authenticator.objects.filter(user=person))
    if not any(factor.type in _ANY_STRONG for factor in factors):
        return
    if not otp:
        raise AuthenticationFailed(_("Give the code of your second factor as `otp`."), code="otp_required")
    taken = take(Secret.CODE, account=account_of(person), caller=caller)
    if not any(factor.wrap().validate_code(otp) for factor in factors if factor.type in _SECOND):
        raise AuthenticationFailed(_("This code is not valid."), code="otp_invalid")
    taken.was_right()
