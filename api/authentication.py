"""Who asks: a program with a token, a person with a browser session, or a device at the door."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from engage.counting.rates import count
from engage.people.models import Person
from engage.refusals import Unknown
from engage.roles.permissions import Viewer, viewer_of, viewer_of_token
from engage.roles.tokens import token_behind
from events.door.links import door_session_behind
from events.door.models import DoorLink


class BearerToken(BaseAuthentication):
    """``Authorization: Bearer <token>``. Gives the person, and as ``request.auth`` the Viewer."""

    def authenticate(self, request: Any) -> tuple[Person, Viewer] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"bearer":
            return None
        secret = words[1].decode("ascii", "replace") if len(words) == 2 else ""
        token = token_behind(secret, now=timezone.now()) if secret else None
        if token is None:
            count(request.META, "token_guesses")
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


class DoorSession(BaseAuthentication):
    """``Authorization: Door <session>``, as traded for a door link. ``request.auth`` is the DoorLink."""

    def authenticate(self, request: Any) -> tuple[AnonymousUser, DoorLink] | None:
        words = get_authorization_header(request).split()
        if len(words) != 2 or words[0].lower() != b"door":
            return None
        try:
            link = door_session_behind(words[1].decode("ascii", "replace"), now=timezone.now())
        except Unknown:
            count(request.META, "token_guesses")
            raise AuthenticationFailed(_("This door is closed.")) from None
        return AnonymousUser(), link

    def authenticate_header(self, request: Any) -> str:
        return 'Bearer realm="engage"'
