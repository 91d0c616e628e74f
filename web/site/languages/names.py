"""Languages by their names: each in its own words for whoever speaks it, or in the words of the page for whoever reads it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils.text import capfirst

from engage.agencies.languages import ANOTHER, NAMES, language_name

# Those that people who meet with an agency in the United States speak most; the framework does not name all of them.
SPOKEN: Final = (
    "en", "es", "zh", "vi", "tl", "ar", "ko", "ru", "ht", "fr", "pt", "so", "am", "hi", "ur", "fa", "pl", "uk", "sw", "hmn",
)  # fmt: skip
__all__ = ["ANOTHER", "SPOKEN", "Language", "language_choices", "language_name", "named"]


@dataclass(frozen=True, slots=True)
class Language:
    """name: in the language itself."""

    code: str
    name: str


def named(codes: Iterable[str]) -> list[Language]:
    """Each by its own name."""
    return [Language(code, _own_name(code)) for code in codes]


def language_choices(codes: Iterable[str]) -> list[tuple[str, str]]:
    """For a form: these and the ones that Engage itself speaks, each once, in this order."""
    return [
        (code, capfirst(language_name(code))) for code in dict.fromkeys([*codes, *dict(settings.LANGUAGES)])
    ]


def _own_name(code: str) -> str:
    for known in (code, code.partition("-")[0]):
        if known in NAMES and NAMES[known][1]:
            return NAMES[known][1]
        if name := LANG_INFO.get(known, {}).get("name_local"):
            return str(name[:1].upper() + name[1:])
    return code
