"""How a language is named, and in which one a resident is written to: their own, where it is spoken here."""

from __future__ import annotations

import re
from typing import Final

from django.conf import settings
from django.utils.translation import get_supported_language_variant

from engage.agencies.models import LANGUAGE_TAG, Agency

# Of any text said in a further language, whatever its thing: as long as the longest text that is translated, which is a
# meeting's description.
LONGEST_TRANSLATION: Final = 10_000
_TAG: Final = re.compile(LANGUAGE_TAG, re.ASCII)


def is_language_tag(text: str) -> bool:
    """Whether ``text`` names a language, e.g. en, es or zh-Hant."""
    return _TAG.fullmatch(text) is not None


def spoken(language: str, agency: Agency | None = None) -> str:
    """A language with messages: ``es-MX`` is ``es``; one that is not spoken, the agency's first that is, or English."""
    for wish in (language, *(agency.languages if agency else ())):
        try:
            return get_supported_language_variant(wish)
        except LookupError:
            continue
    return str(settings.LANGUAGE_CODE)


def in_language(translations: dict[str, dict[str, str]], language: str, field: str, original: str) -> str:
    """The field's translation where there is one, else the words as they were first written."""
    return (translations.get(language) or {}).get(field) or original
