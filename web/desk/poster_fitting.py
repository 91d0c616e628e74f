"""How large the letters of a poster may be, so that all of it stands on one Letter page and is read from across the street.

A page cannot ask its printer, and no script runs on it: how many lines a text needs is reckoned from how wide letters are
on average. The stylesheet has the same sizes (web/theme/_paper.scss); a browser checks in the tests that nothing is cut off.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

# Points. The headline as large as the design's; the rest in parts of the design's sizes.
HEADLINES: Final = (55, 44, 36, 28)
SCALES: Final = (1.0, 0.9, 0.8, 0.72, 0.64)
# What an average letter is wide, in parts of its size.
_LETTER, _BOLD = 0.51, 0.53
_PAGE: Final = 7.4 * 72
# Between the rule on top and what stands at the foot; less what the gaps between the blocks take.
_HEIGHT: Final = 11 * 72 - 65 - 38 - 24


@dataclass(frozen=True, slots=True)
class Parts:
    """The texts of a poster, as they are shown."""

    title: str
    lede: str
    notices: Sequence[str]
    hours: str
    where: Sequence[str]
    offered: int
    run_by: str
    go: str
    ways: Sequence[str]
    tongues: int


@dataclass(frozen=True, slots=True)
class Fit:
    """headline, scale: which of the sizes, the largest is 1. has_lede: whether there is room for the text below the title."""

    headline: int
    scale: int
    has_lede: bool


def fit(parts: Parts) -> Fit:
    """The largest headline at which the rest is still legible; then smaller ones; at last without the text below it."""
    for has_lede in (True, False):
        for headline, size in enumerate(HEADLINES, start=1):
            for number, scale in enumerate(SCALES, start=1):
                # A large headline over small print is a shout with nothing behind it.
                small = scale < 0.8 and size > HEADLINES[-1]
                if not small and _height(parts, size, scale, has_lede=has_lede) <= _HEIGHT:
                    return Fit(headline, number, has_lede)
    return Fit(len(HEADLINES), len(SCALES), has_lede=False)


def _height(parts: Parts, headline: int, scale: float, *, has_lede: bool) -> float:
    def text(words: str, size: float, width: float, letter: float = _LETTER, tall: float = 1.3) -> float:
        return lines(words, size * scale, width, letter) * size * scale * tall if words else 0.0

    beside_the_date = _PAGE - (115 + 25) * scale
    code = max(144, 151 * scale)
    beside_the_code = _PAGE - code - 25
    top = lines(parts.title, headline, _PAGE, _BOLD) * headline * 1.04 + 25 * scale
    if has_lede and parts.lede:
        top += text(parts.lede, 20, _PAGE) + 14 * scale
    top += sum(text(words, 17, _PAGE, _BOLD) + 8 * scale for words in parts.notices)
    when = text(parts.hours, 26, beside_the_date, _BOLD, 1.2) + sum(
        text(words, 21, beside_the_date, tall=1.25) for words in parts.where
    )
    top += max(when, 128 * scale) + 40 * scale
    top += -(-parts.offered // 3) * 2 * 15.5 * 1.2 * scale * 0.75 + 30 * scale
    top += text(parts.run_by, 15, _PAGE, tall=1.3) + 8 * scale
    foot = text(parts.go, 22, beside_the_code, _BOLD, 1.15) + 4
    foot += sum(text(words, 16, beside_the_code) for words in parts.ways)
    foot += -(-parts.tongues // 2) * 2 * max(10, 12 * scale) * 1.35 + 8 * scale
    return top + max(foot, code)


def lines(words: str, size: float, width: float, letter: float = _LETTER) -> int:
    """How many lines of ``width`` points the words need."""
    many, used, room = 1, 0.0, width / size
    for word in words.split():
        wide = sum(1.0 if unicodedata.east_asian_width(each) in "WF" else letter for each in word)
        if used and used + letter + wide > room:
            many, used = many + 1, 0.0
        used += wide + (letter / 2 if used else 0)
        while used > room:
            many, used = many + 1, used - room
    return many
