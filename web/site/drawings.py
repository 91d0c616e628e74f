"""Our own drawings: the marks of a promise's status (24 × 24) and the marks beside an agency's name (44 × 44).

Each status has a shape of its own, so that it is told apart without its colour. A sign inside a filled shape is a hole in it
(``fill-rule: evenodd``), so that it stays where the reader's system gives everything one colour, and on paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Marked:
    """How something stands. mark: one of ``MARKS``. word: a few words in the reader's language."""

    mark: str
    word: str

    @property
    def sentence(self) -> str:
        """The words with one stop at their end: some are sentences already."""
        return f"{self.word.removesuffix('.')}."


MARKS: Final = {
    "kept": (
        '<path d="M12 1.5a10.5 10.5 0 1 0 0 21 10.5 10.5 0 0 0 0-21z'
        'M5.9 13.3L10.3 17.8L18.2 9.6L16.4 7.8L10.3 14L7.7 11.5z"/>'
    ),
    "part": (
        '<circle cx="12" cy="12" r="9.2" fill="none" stroke="currentColor" stroke-width="2.6"/>'
        '<path fill="none" stroke="currentColor" stroke-width="2.6" d="m7.2 12.4 3.3 3.3 6.3-6.6"/>'
    ),
    "track": (
        '<circle cx="12" cy="12" r="9.2" fill="none" stroke="currentColor" stroke-width="2.6"/>'
        '<path d="M12 5.6a6.4 6.4 0 0 1 0 12.8z"/>'
    ),
    "risk": (
        '<path d="M12 2 23 21.5H1zM10.9 9v6.2h2.2V9zm0 7.6v2.2h2.2v-2.2z"/>'
        '<path class="mark__inside" d="M10.9 9h2.2v6.2h-2.2zm0 7.6h2.2v2.2h-2.2z"/>'
    ),
    "moved": (
        '<path d="M12 2.7 21.3 12 12 21.3 2.7 12z" fill="none" stroke="currentColor" stroke-width="2.4"/>'
        '<path d="M7.6 10.8h4.6V8l4.4 4-4.4 4v-2.8H7.6z"/>'
    ),
    "late": '<path d="M12 .8 23.2 12 12 23.2.8 12zM10.9 6.2v7.2h2.2V6.2zm0 8.8v2.3h2.2V15z"/>',
    "failed": (
        '<path d="M2.5 2.5h19v19h-19z'
        'M12 10.2L15.5 6.7L17.3 8.5L13.8 12L17.3 15.5L15.5 17.3L12 13.8L8.5 17.3L6.7 15.5L10.2 12L6.7 8.5L8.5 6.7z"/>'
    ),
    "stopped": '<path d="M2.5 2.5h19v19h-19zM6.8 10.7v2.6h10.4v-2.6z"/>',
    "draft": (
        '<circle cx="12" cy="12" r="9.2" fill="none" stroke="currentColor" stroke-width="2.4" stroke-dasharray="4.2 3.03"/>'
    ),
}

_WATER: Final = '<path d="M7 32q3.75-3.2 7.500 0t7.500 0 7.500 0 7.500 0" fill="none" stroke="#ffbe2e" stroke-width="2.4"/>'
CRESTS: Final = {
    "skyline": (
        '<path d="M10 27v-8l6-4 6 4v8m0-13h7v13m0-8h6v8" fill="none" stroke="#fff" stroke-width="2.2"/>'
        + _WATER
    ),
    "river": '<path d="m6 26 9-11 7 8 5-6 11 9" fill="none" stroke="#fff" stroke-width="2.2"/>' + _WATER,
    "tree": (
        '<path d="M22 36V20m0 7-5-4m5 0 5-4" fill="none" stroke="#fff" stroke-width="2.2"/>'
        '<circle cx="22" cy="17" r="9" fill="none" stroke="#ffbe2e" stroke-width="2.4"/>'
    ),
    "bridge": (
        '<path d="M5 26h34M12 14v14m20-14v14M5 22q4-1 7-7 10 14 20 0 3 6 7 7" fill="none" stroke="#fff" stroke-width="2.2"/>'
        + _WATER
    ),
}
