"""Every pair of colours that stands on a page can be read: in light, in dark, and for who asked for more contrast."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from engage.agencies.appearance import (
    DARK_GROUND,
    LEAST_CONTRAST,
    LIGHTER_DARK_GROUND,
    contrast,
    palette,
    palette_on_dark,
)

_SHEET: Final = Path(__file__).resolve().parents[3] / "web" / "static" / "web" / "built" / "engage.css"
_BLOCK: Final = re.compile(r"(?:@media([^{]*)\{)?:root\{([^}]*)\}")
_TOKEN: Final = re.compile(r"--([\w-]+): ?([^;]+)")
_DARK, _MORE, _BOTH = (
    "screen and (prefers-color-scheme: dark)",
    "(prefers-contrast: more)",
    "screen and (prefers-color-scheme: dark) and (prefers-contrast: more)",
)
_STATUSES: Final = ("kept", "track", "risk", "late", "failed", "stopped")
_GROUNDS: Final = ("paper", "tint", "tint-more", "now-soft", "primary-soft")
# What is read (4.5:1), and what is only seen: lines of fields, marks, the focus (3:1).
_READ: Final = [
    *((words, ground) for words in ("ink", "ink-soft", "ink-quiet", "primary", "primary-dark") for ground in _GROUNDS),
    *((status, f"{status}-soft") for status in _STATUSES),
    *((status, "paper") for status in _STATUSES),
    ("visited", "paper"), ("visited", "tint"), ("error", "paper"), ("error", "error-soft"), ("deep-line", "paper"),
    ("on-primary", "primary"), ("on-primary", "primary-dark"), ("on-primary", "error"), ("on-primary", "error-deep"),
    ("ink", "field"), ("on-deep", "primary-deep"), ("in-risk-sign", "risk-sign"), ("ink", "error-soft"), ("ink", "kept-soft"),
]  # fmt: skip
_SEEN: Final = [("ink-quiet", "paper"), ("ink-quiet", "field"), ("focus", "paper"), ("focus", "tint")]


def tokens() -> dict[str, dict[str, str]]:
    """By the media query of their block; empty for everybody."""
    found: dict[str, dict[str, str]] = {}
    for query, block in _BLOCK.findall(_SHEET.read_text(encoding="utf-8")):
        found.setdefault(query.strip().replace(")and", ") and"), {}).update(dict(_TOKEN.findall(block)))
    return found


def scheme(*queries: str) -> dict[str, str]:
    """What such a reader sees: later blocks over earlier ones, each name as ``#rrggbb``."""
    all_of_them = tokens()
    seen = {name: value for query in queries for name, value in all_of_them[query].items()}

    def looked_up(value: str) -> str:
        while inner := re.fullmatch(r"var\(--([\w-]+)\)", value.strip()):
            value = seen[inner[1]]
        value = value.strip()
        return value if len(value) == 7 else "#" + "".join(2 * each for each in value[1:])

    return {
        name: looked_up(value) for name, value in seen.items() if value.strip().startswith(("#", "var(--p"))
    }


READERS: Final = {
    "light": ("",),
    "dark": ("", _DARK),
    "light, more contrast": ("", _MORE),
    "dark, more contrast": ("", _MORE, _DARK, _BOTH),
}


@pytest.mark.parametrize("reader", READERS)
def test_what_is_read_has_the_contrast_that_reading_needs(reader: str) -> None:
    seen = scheme(*READERS[reader])
    pairs = [(4.5, pair) for pair in _READ] + [(3.0, pair) for pair in _SEEN]
    wrong = [
        f"{words} on {ground}: {ratio:.2f}"
        for least, (words, ground) in pairs
        if (ratio := contrast(seen[words], seen[ground])) < least
    ]
    assert wrong == []


def test_an_agencys_own_color_is_reckoned_with_the_grounds_that_the_theme_has() -> None:
    dark = scheme("", _DARK)
    assert (dark["paper"], dark["tint-more"]) == (DARK_GROUND, LIGHTER_DARK_GROUND)
    assert set(palette_on_dark("#07648d")) | set(palette("#07648d")) <= set(dark)
    for name, value in palette_on_dark("#7a1f5c").items():
        if name in {"primary", "primary-dark", "deep-line"}:
            for ground in ("paper", "tint-more", "now-soft"):
                assert contrast(value, dark[ground]) >= LEAST_CONTRAST
