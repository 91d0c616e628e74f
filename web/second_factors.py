"""Second factors of staff: authenticator apps and passkeys, sealed at rest, and required where the agency says so."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any
from uuid import UUID

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from engage.access import read_roles
from engage.models import Person
from engage.sealing import seal, unseal

# allauth hands over the text alone: no row and no agency to bind it to.
_NOWHERE = UUID(int=0)
_PLACE: dict[str, Any] = {
    "table": "mfa_authenticator",
    "column": "data",
    "row": _NOWHERE,
    "agency": _NOWHERE,
}
_STRONG = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class SecondFactors(DefaultMFAAdapter):
    """allauth would keep the secret of an authenticator app in clear; here it is sealed like a resident's address."""

    def encrypt(self, text: str) -> str:
        return base64.urlsafe_b64encode(seal(text, **_PLACE)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(base64.urlsafe_b64decode(encrypted_text), **_PLACE)

    def get_totp_label(self, user: Any) -> str:
        return str(user.email)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """No mail of allauth's own; the record of staff acts is where this will be told."""


def is_second_factor_due(person: Person, *, keep_roles: bool = False) -> bool:
    """An agency of this person asks for a second factor, and none is set up.

    keep_roles: for who asks in this request; what they may do is then worked out from the roles read here.
    """
    asked = any(required for _agency, _kind, required in read_roles(person, keep=keep_roles))
    return asked and not Authenticator.objects.filter(user=person, type__in=_STRONG).exists()


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
