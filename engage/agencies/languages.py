"""How a language is named, and in which one a resident is written to: their own, where it is spoken here."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any, Final, Self

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils.translation import get_language, get_supported_language_variant, gettext_noop
from django.utils.translation import gettext as _

from engage.agencies.models import LANGUAGE_TAG, Agency, Community, Pledge
from engage.refusals import FieldError

# Of any text said in a further language, whatever its thing: as long as the longest text that is translated, which is a
# meeting's description.
LONGEST_TRANSLATION: Final = 10_000
# How many of an agency's own texts (``in_words_of``) one language may have: they are read with every agency's row.
MOST_WORDS: Final = 200
LONGEST_WORDS: Final = 500
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
# Those that write the name of a language small.
_SMALL_NAMES: Final = frozenset({"es"})
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


class Worded(str):
    """What somebody at an agency wrote. language: the one it is in; empty for the first one of the agency."""

    __slots__ = ("language",)
    language: str

    def __new__(cls, text: str, language: str = "") -> Self:
        made = super().__new__(cls, text)
        made.language = language
        return made


def in_language(translations: dict[str, dict[str, str]], language: str, field: str, original: str) -> Worded:
    """The field's translation where there is one, else the words as they were first written."""
    found = (translations.get(language) or {}).get(field)
    return Worded(found, language) if found else Worded(original)


def in_words_of(agency: Agency, text: str, language: str) -> Worded:
    """One of the agency's short texts, which stand on many pages (an office, a link, a neighborhood): by what it says itself.

    So an office has one name in a language wherever a promise names it, and a text that was changed is not shown in the
    words of the old one.
    """
    found = (agency.translations.get(language) or {}).get(text)
    return Worded(found, language) if found else Worded(text)


def texts_of(agency: Agency) -> list[str]:
    """Its own short texts that everybody reads, each once: what ``in_words_of`` is asked for. Two queries."""
    communities = (
        Community.objects.filter(agency=agency).order_by("kind", "name").values_list("name", flat=True)
    )
    pledges = Pledge.objects.filter(agency=agency).order_by("signed_on", "pk").values_list("text", flat=True)
    lines = (agency.official_line, agency.tagline, agency.contact_office, agency.contact_address)
    links = (link["title"] for link in agency.other_links)
    return [text for text in dict.fromkeys((*lines, *agency.offices, *links, *pledges, *communities)) if text]


def first_language(agency: Agency) -> str:
    """What its people write in, where nothing else is said."""
    return agency.languages[0] if agency.languages else str(settings.LANGUAGE_CODE)


def errors_in_translations(given: Any, fields: Collection[str]) -> list[FieldError]:
    """fields: those that are said in several languages. Empty where ``given`` is ``{"es": {"title": "…"}}`` of these."""
    if _is_by_language(given) and all(
        texts.keys() <= set(fields) and _are_texts(texts, LONGEST_TRANSLATION) for texts in given.values()
    ):
        return []
    sentence = _("Give texts by language: {fields}.").format(fields=", ".join(fields))
    return [FieldError("translations", "invalid", sentence)]


def errors_in_words(given: Any) -> list[FieldError]:
    """Of ``Agency.translations``: ``{"es": {"Patrol Division": "División de Patrullas"}}``."""
    if _is_by_language(given) and all(
        len(texts) <= MOST_WORDS and _are_texts(texts, LONGEST_WORDS) for texts in given.values()
    ):
        return []
    sentence = _("Give texts by language: each as it stands, and its translation.")
    return [FieldError("translations", "invalid", sentence)]


def _is_by_language(given: Any) -> bool:
    return isinstance(given, dict) and all(
        is_language_tag(str(language)) and isinstance(texts, dict) for language, texts in given.items()
    )


def _are_texts(texts: dict[Any, Any], longest: int) -> bool:
    return all(
        isinstance(name, str) and isinstance(text, str) and len(text) <= longest
        and len(name) <= LONGEST_WORDS and "\x00" not in name + text
        for name, text in texts.items()
    )  # fmt: skip


def language_name(code: str) -> str:
    """The name in the language that is spoken now, as inside a sentence: "in Spanish", "en español". The code itself for one
    that has no name here.
    """
    return known_language_name(code) or code


def known_language_name(code: str) -> str:
    """The same, and empty for one that has no name here: a code may be whatever somebody typed."""
    for known in (code, code.partition("-")[0]):
        if known in NAMES:
            return _in_a_sentence(_(NAMES[known][0]))
        if name := LANG_INFO.get(known, {}).get("name"):
            return _in_a_sentence(_(name))
    return ""


def _in_a_sentence(name: str) -> str:
    return name[:1].lower() + name[1:] if get_language() in _SMALL_NAMES else name
