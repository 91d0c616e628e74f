"""How a language is named: a tag like en, es or zh-Hant (RFC 5646 §2.1, without extensions and private use)."""

from __future__ import annotations

from typing import Final

# As a regular expression of ECMA 262 too, since the API's description holds it.
LANGUAGE_TAG: Final = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$"
