"""What somebody at an agency wrote, on a page in any language: in the page's own where it was translated, else marked (WCAG 3.1.2).

Templates say ``{{ venue|own:"room" }}`` for the text alone, as in a title or an attribute, and ``{{ text|told:agency }}``
where it stands in the page: a screen reader then says it in the language it is in.
"""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info

from engage.agencies.languages import Worded, first_language, in_language, in_words_of
from engage.agencies.models import Agency


def own(thing: Any, field: str) -> Worded:
    """A field of something that has ``translations`` by field, in the language of the page where it was translated."""
    return in_language(thing.translations, get_language() or "", field, getattr(thing, field))


def in_words(agency: Agency, text: str) -> Worded:
    """One of the agency's own short texts (an office, a link), in the language of the page where it was translated."""
    return in_words_of(agency, text, get_language() or "")


def told(text: str, agency: Any) -> str | SafeString:
    """The text, in the agency's words for it where it has some; in an element with its language where that is another."""
    if not text or not isinstance(agency, Agency):
        return text
    if not getattr(text, "language", ""):
        text = in_words(agency, text)
    language = another_language(text, agency)
    if not language:
        return str(text)
    return format_html('<span lang="{}" dir="{}">{}</span>', language, direction(language), text)


def another_language(text: str, agency: Any) -> str:
    """The language that the text is in, where that is not the page's; else empty."""
    if not text or not isinstance(agency, Agency):
        return ""
    language = getattr(text, "language", "") or first_language(agency)
    return "" if _bare(language) == _bare(get_language() or "") else language


def direction(language: str) -> str:
    """As HTML has it in ``dir``."""
    try:
        return "rtl" if get_language_info(language)["bidi"] else "ltr"
    except KeyError:
        return "auto"


def _bare(language: str) -> str:
    return language.partition("-")[0].lower()
