"""Second factors of staff: authenticator apps and passkeys, sealed at rest, and required where the agency says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models.signals import post_init, pre_save
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from engage.people.models import Person
from engage.people.second_factors import strong_factors
from engage.roles.permissions import read_roles
from engage.sealing.factors import NOWHERE, SECRETS, open_factor, person_of, seal_factor
from engage.sealing.seals import SealBroken


class SecondFactors(DefaultMFAAdapter):
    """allauth would keep the secret of an authenticator app in clear; here it is sealed like a resident's address."""

    def encrypt(self, text: str) -> str:
        """allauth hands over the text alone; whose it is, is known when the row is written (below)."""
        return seal_factor(text, NOWHERE)

    def decrypt(self, encrypted_text: str) -> str:
        return open_factor(encrypted_text)

    def get_totp_label(self, user: Any) -> str:
        return str(user.email)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """No mail of allauth's own; the record of staff acts is where this will be told."""


@receiver(pre_save, sender=Authenticator)
def _bind_to_its_person(instance: Authenticator, **_more: Any) -> None:
    """Sealed text that is not this person's own is not taken over: it is opened, and sealed for them, or refused."""
    for name in SECRETS:
        text = instance.data.get(name)
        if text and person_of(text) == NOWHERE:
            instance.data[name] = seal_factor(open_factor(text), instance.user_id)


@receiver(post_init, sender=Authenticator)
def _must_be_its_persons(instance: Authenticator, **_more: Any) -> None:
    """Raises SealBroken for a secret that was put into another person's row."""
    data = instance.__dict__.get("data") or {}
    whose = {person_of(text) for name in SECRETS if (text := data.get(name))}
    if whose - {None, NOWHERE, instance.user_id}:
        raise SealBroken


def is_second_factor_due(person: Person, *, keep_roles: bool = False) -> bool:
    """An agency of this person asks for a second factor, and none is set up.

    keep_roles: for who asks in this request; what they may do is then worked out from the roles read here.
    """
    asked = any(required for _agency, _kind, required in read_roles(person, keep=keep_roles))
    return asked and not strong_factors().filter(user=person).exists()


class SecondFactorFirst:
    """Until a required second factor is set up, a session opens the account pages and nothing else, the API included.

    Lazy: a page that does not ask who is there stays free of the session, and cacheable.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and not request.path_info.startswith("/accounts/"):
            signed_in = request.user
            request.user = SimpleLazyObject(lambda: _unless_due(signed_in))  # type: ignore[assignment]
        return self.get_response(request)


def _unless_due(user: Any) -> Any:
    return AnonymousUser() if user.is_authenticated and is_second_factor_due(user, keep_roles=True) else user
