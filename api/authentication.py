"""Who asks: a program with a token, or a person with a browser session."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from api.throttling import count
from engage.access import Viewer, viewer_of, viewer_of_token
from engage.models import Person
from engage.token_issuing import token_behind


class BearerToken(BaseAuthentication):
    """``Authorization: Bearer <token>``. Gives the person, and as ``request.auth`` the Viewer."""

    def authenticate(self, request: Any) -> tuple[Person, Viewer] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"bearer":
            return None
        secret = words[1].decode("ascii", "replace") if len(words) == 2 else ""
        token = token_behind(secret, now=timezone.now()) if secret else None
        if token is None:
            count(request, "token_guesses")
            raise AuthenticationFailed(_("This token is not valid, has expired or was revoked."))
        return token.person, viewer_of_token(token)

    def authenticate_header(self, request: Any) -> str:
        return 'Bearer realm="engage"'


class BrowserSession(SessionAuthentication):
    """The sign-in of the pages; a change needs the CSRF token."""

    def authenticate(self, request: Any) -> tuple[Person, Viewer] | None:
        person = getattr(request._request, "user", None)
        if not isinstance(person, Person) or not person.is_active:
            return None
        self.enforce_csrf(request)
        return person, viewer_of(person)
