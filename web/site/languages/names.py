"""Languages by their names: each in its own words for whoever speaks it, or in the words of the page for whoever reads it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

# Those that people who meet with an agency in the United States speak most; the framework does not name all of them.
SPOKEN: Final = (
    "en", "es", "zh", "vi", "tl", "ar", "ko", "ru", "ht", "fr", "pt", "so", "am", "hi", "ur", "fa", "pl", "uk", "sw", "hmn",
)  # fmt: skip
# In a list to choose from, where what is spoken is not on it: it is written beside it.
ANOTHER: Final = "other"
# By code: what the page calls it, and what its speakers do.
_NAMES: Final = {
    "zh": (gettext_noop("Chinese"), "中文"),
    "tl": (gettext_noop("Tagalog"), "Tagalog"),
    "ht": (gettext_noop("Haitian Creole"), "Kreyòl ayisyen"),
    "so": (gettext_noop("Somali"), "Soomaali"),
    "am": (gettext_noop("Amharic"), "አማርኛ"),
    "hmn": (gettext_noop("Hmong"), "Hmoob"),
    ANOTHER: (gettext_noop("Another language"), ""),
}
# Those that write the name of a language small.
_SMALL_NAMES: Final = frozenset({"es"})


@dataclass(frozen=True, slots=True)
class Language:
    """name: in the language itself."""

    code: str
    name: str


def named(codes: Iterable[str]) -> list[Language]:
    """Each by its own name."""
    return [Language(code, _own_name(code)) for code in codes]


def language_name(code: str) -> str:
    """The name in the language that is spoken now, as inside a sentence: "in Spanish", "en español". The code itself for one
    that has no name here.
    """
    for known in (code, code.partition("-")[0]):
        if known in _NAMES:
            return _in_a_sentence(_(_NAMES[known][0]))
        if name := LANG_INFO.get(known, {}).get("name"):
            return _in_a_sentence(_(name))
    return code


def _in_a_sentence(name: str) -> str:
    return name[:1].lower() + name[1:] if get_language() in _SMALL_NAMES else name


def language_choices(codes: Iterable[str]) -> list[tuple[str, str]]:
    """For a form: these and the ones that Engage itself speaks, each once, in this order."""
    return [
        (code, capfirst(language_name(code))) for code in dict.fromkeys([*codes, *dict(settings.LANGUAGES)])
    ]


def _own_name(code: str) -> str:
    for known in (code, code.partition("-")[0]):
        if known in _NAMES and _NAMES[known][1]:
            return _NAMES[known][1]
        if name := LANG_INFO.get(known, {}).get("name_local"):
            return str(name[:1].upper() + name[1:])
    return code
