"""Finding a name by what somebody hears and types: without regard to case and accents, in any word."""

from __future__ import annotations

import unicodedata
from typing import Final

# Letters that no decomposition takes apart, as people without that key write them.
_PLAIN: Final = str.maketrans(
    {"đ": "d", "ø": "o", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
)

type Marked = list[tuple[str, bool]]


def folded(text: str) -> str:
    """``text`` as it is compared: small letters without accents, one space between words."""
    return " ".join(_fold(text).split())


def match(name: str, typed: str) -> int | None:
    """How well ``name`` fits every word of ``typed`` (both folded): 0 where each begins a word, 1 within; None: not."""
    worst = 0
    for word in typed.split():
        at = name.find(word)
        if at < 0:
            return None
        if not name.startswith(word) and f" {word}" not in name:
            worst = 1
    return worst


def marked(name: str, typed: str) -> Marked:
    """``name`` in pieces, each with whether it is what was typed (folded). Joined, they are the name."""
    plain, origin = "", []
    for number, letter in enumerate(name):
        small = _fold(letter)
        plain += small
        origin += [number] * len(small)
    hit = [False] * len(name)
    for word in typed.split():
        # Where a word begins with it, there; "an" is not marked in the middle of "Susan Anders".
        at = 0 if plain.startswith(word) else plain.find(f" {word}") + 1 or plain.find(word)
        for number in origin[at : at + len(word)] if at >= 0 else ():
            hit[number] = True
    for number, letter in enumerate(name):
        # An accent of its own belongs to the letter before it.
        if number and unicodedata.combining(letter):
            hit[number] = hit[number - 1]
    pieces: Marked = []
    for letter, is_hit in zip(name, hit, strict=True):
        if pieces and pieces[-1][1] == is_hit:
            pieces[-1] = (pieces[-1][0] + letter, is_hit)
        else:
            pieces.append((letter, is_hit))
    return pieces


def _fold(text: str) -> str:
    if text.isascii():
        return text.casefold()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).translate(_PLAIN)
