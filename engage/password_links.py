"""The link that sets a new password: it ends with the next sign-in, and with whatever else ends somebody's access."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.tokens import PasswordResetTokenGenerator


class PasswordLinks(PasswordResetTokenGenerator):
    """Django's, bound to the person's ``access_version`` beside their password and last sign-in."""

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.access_version}"


password_links = PasswordLinks()
