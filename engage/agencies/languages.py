"""How a language is named, and in which one a resident is written to: their own, where it is spoken here."""

from __future__ import annotations

import re
from typing import Final

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils.translation import get_supported_language_variant, gettext_noop
from django.utils.translation import gettext as _

from engage.agencies.models import LANGUAGE_TAG, Agency

# Of any text said in a further language, whatever its thing: as long as the longest text that is translated, which is a
# meeting's description.
LONGEST_TRANSLATION: Final = 10_000
# In a list to choose from, where what is spoken is not on it: it is written beside it.
ANOTHER: Final = "other"
# By code: what the page calls it, and what its speakers do.
NAMES: Final = {
    "zh": (gettext_noop("Chinese"), "中文"),
    "tl": (gettext_noop("Tagalog"), "Tagalog"),
    "ht": (gettext_noop("Haitian Creole"), "Kreyòl ayisyen"),
    "so": (gettext_noop("Somali"), "Soomaali"),
    "am": (gettext_noop("Amharic"), "አማርኛ"),
    "hmn": (gettext_noop("Hmong"), "Hmoob"),
    ANOTHER: (gettext_noop("Another language"), ""),
}
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


def language_name(code: str) -> str:
    """The name in the language that is spoken now; the code itself for one that has no name here."""
    return known_language_name(code) or code


def known_language_name(code: str) -> str:
    """The same, and empty for one that has no name here: a code may be whatever somebody typed."""
    for known in (code, code.partition("-")[0]):
        if known in NAMES:
            return _(NAMES[known][0])
        if name := LANG_INFO.get(known, {}).get("name"):
            return _(name)
    return ""
