"""In which language a letter is written: the resident's, where it is spoken here."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import get_supported_language_variant

from engage.models import Agency


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
