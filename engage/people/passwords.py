"""Passwords: the words that none is made of, and the link that sets a new one."""

from __future__ import annotations

import re
from typing import Any, Final

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# What everybody would try first at a police department's or a city hall's desk. docs/asvs.md (6.1.2) names this list. Letters only, small; a password is what is left when they are taken out.
WORDS: Final = (
    "engage", "engagement", "police", "policia", "sheriff", "department", "departamento", "cityhall", "townhall",
    "ayuntamiento", "alcaldia", "community", "comunidad", "meeting", "liaison", "officer", "precinct", "badge",
    "password", "contrasena", "welcome", "admin", "council", "mayor",
)  # fmt: skip
# Different letters that must be left beside such words.
_ENOUGH: Final = 4
_LOOKS_LIKE: Final = str.maketrans("013457@$!ñáéíóúü", "oieastasinaeiouu")


class NotOfOurWords:
    """A validator of AUTH_PASSWORD_VALIDATORS. Raises ValidationError ``password_of_our_words``."""

    def validate(self, password: str, user: Any = None) -> None:
        left = re.sub(r"[^a-z]", "", password.lower().translate(_LOOKS_LIKE))
        for word in sorted(WORDS, key=len, reverse=True):
            left = left.replace(word, "")
        if len(set(left)) < _ENOUGH and self._has_one(password):
            raise ValidationError(self.get_help_text(), code="password_of_our_words")

    def get_help_text(self) -> str:
        return _("Do not build it from words of this work, like police, meeting or engage.")

    @staticmethod
    def _has_one(password: str) -> bool:
        plain = re.sub(r"[^a-z]", "", password.lower().translate(_LOOKS_LIKE))
        return any(word in plain for word in WORDS)


class PasswordLinks(PasswordResetTokenGenerator):
    """The link that sets a new password ends with the next sign-in, and with whatever else ends somebody's access.

    Django's, bound to the person's ``access_version`` beside their password and last sign-in.
    """

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.access_version}"


password_links = PasswordLinks()
