"""A device at the door: no person, one event, until its link ends."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from api.throttling import count
from engage.rule_violation import Unknown
from events.door_links import door_session_behind
from events.models import DoorLink


class DoorSession(BaseAuthentication):
    """``Authorization: Door <session>``, as traded for a door link. ``request.auth`` is the DoorLink."""

    def authenticate(self, request: Any) -> tuple[AnonymousUser, DoorLink] | None:
        words = get_authorization_header(request).split()
        if len(words) != 2 or words[0].lower() != b"door":
            return None
        try:
            link = door_session_behind(words[1].decode("ascii", "replace"), now=timezone.now())
        except Unknown:
            count(request, "token_guesses")
            raise AuthenticationFailed(_("This door is closed.")) from None
        return AnonymousUser(), link

    def authenticate_header(self, request: Any) -> str:
        return 'Bearer realm="engage"'
