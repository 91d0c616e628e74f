"""A telephone number as people write it, and as a telephone dials it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString

_RELAY: Final = "711"
_RELAY_IN: Final = "US"

_EXTENSION: Final = re.compile(r"[\s,;(]*(?:extension|ext\.?|x|#)\s*:?\s*([0-9]{1,7})\s*\)?$", re.IGNORECASE)
_DIALLED: Final = re.compile(r"\+?[0-9]{3,15}")
# Between the digits of one number: a space of any width, a stop, a bracket, a stroke, a dash of any length.
_BETWEEN: Final = re.compile(r"[\s().·/]")


@dataclass(frozen=True, slots=True)
class Telephone:
    """number: ASCII digits, 3 (711) to 15 of them, after a "+" where one was written. extension: digits, or empty."""

    number: str
    extension: str = ""


def relay_of(country: str) -> str:
    """The number that connects whoever types or signs, in all of the United States (47 CFR §64.603); elsewhere we know none."""
    return _RELAY if country == _RELAY_IN else ""


def telephone_in(text: str) -> Telephone | None:
    """The one number that ``text`` is; None for any other text. Digits of every script count."""
    plain = "".join(_plain(letter) for letter in unicodedata.normalize("NFKC", text)).strip()
    extension = _EXTENSION.search(plain)
    number = _BETWEEN.sub("", plain[: extension.start()] if extension else plain).replace("-", "")
    number = "+" + number[2:] if number.startswith("00") else number
    if _DIALLED.fullmatch(number) is None:
        return None
    return Telephone(number, extension[1] if extension else "")


def calling(text: str) -> SafeString | str:
    """The number as it was written, as a link that calls it (RFC 3966); other text as it is, not yet escaped."""
    found = telephone_in(text)
    if found is None:
        return text
    dialled = found.number + (f";ext={found.extension}" if found.extension else "")
    return format_html('<a href="tel:{}">{}</a>', dialled, text)


def _plain(letter: str) -> str:
    """ASCII for a digit or a dash of any script; nothing for a mark that only steers the direction of writing."""
    category = unicodedata.category(letter)
    if category == "Nd":
        return str(unicodedata.decimal(letter))
    if category == "Cf":
        return ""
    return "-" if category == "Pd" or letter == "\N{MINUS SIGN}" else letter
