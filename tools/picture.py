"""The picture of the house in docs/house.svg, drawn from the imports: `python -m tools.picture` draws it anew.

Each package is a band, each subject in it a box: a box knows only boxes below it in its band, and what stands in the bands
below. Where a box stands follows from what it imports, so the picture cannot say what the code does not.
"""

from __future__ import annotations

import sys
from html import escape
from pathlib import Path
from typing import Final

from tools.figures import ROOT, importers

FILE: Final = ROOT / "docs" / "house.svg"
# What each package is there for; the order follows from the imports.
PACKAGES: Final = {
    "demo": "everything on one machine, with made-up data",
    "tools": "translations, figures, this picture",
    "config": "settings, addresses, how it is served and watched",
    "web": "pages for people",
    "api": "JSON for programs",
    "outreach": "tells people: ledger, letters, reminders",
    "events": "when and where people meet, who comes",
    "engage": "who takes part, about what, what came of it",
    "servers": "PostgreSQL and Valkey on a developer's machine",
}
_WIDE: Final = 960
_BOX: Final = (128, 26)
_GAP: Final = 8
_LEFT: Final = 210


def subjects(package: str) -> dict[str, set[str]]:
    """The folders of a package, each with those of the same package that it imports."""
    names = {path.parent.name for path in (ROOT / package).glob("*/__init__.py")}
    names -= {"migrations", "management", "templatetags"}
    return {name: _known(package, name, names) for name in sorted(names)}


def _known(package: str, name: str, names: set[str]) -> set[str]:
    own = f"{package}.{name}"
    return {
        other
        for other in names - {name}
        for module, by in importers(ROOT).items()
        if _is_in(module, f"{package}.{other}") and any(_is_in(one, own) for one in by)
    }


def _is_in(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def storeys(knows: dict[str, set[str]]) -> list[list[str]]:
    """Highest first: each stands one storey above the highest that it knows. Raises RecursionError on a circle."""

    def height(name: str) -> int:
        return max((height(other) + 1 for other in knows[name]), default=0)

    heights = {name: height(name) for name in knows}
    return [
        sorted(name for name in knows if heights[name] == storey)
        for storey in range(max(heights.values(), default=-1), -1, -1)
    ]


def drawn() -> str:
    by = importers(ROOT)
    knows = {
        package: {
            other
            for other in PACKAGES
            if other != package
            and any(_is_in(m, other) and any(_is_in(one, package) for one in ones) for m, ones in by.items())
        }
        for package in PACKAGES
    }
    parts, top = [], 10
    for row in storeys(knows):
        for package in row:
            band, top = _band(package, sorted(knows[package]), top)
            parts += band
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {top}" font-family="sans-serif" font-size="13">\n'
        "<title>The packages of Engage and their subjects; each knows only what stands below it</title>\n"
        f'<rect width="{_WIDE}" height="{top}" fill="#ffffff"/>\n'
    )
    return head + "\n".join(parts) + "\n</svg>\n"


def _band(package: str, knows: list[str], top: int) -> tuple[list[str], int]:
    rows = [row[start : start + 5] for row in storeys(subjects(package)) for start in range(0, len(row), 5)]
    high = max(64, len(rows) * (_BOX[1] + _GAP) + 2 * _GAP)
    below = f"knows {', '.join(knows)}" if knows else "knows nobody"
    parts = [
        f'<rect x="10" y="{top}" width="{_WIDE - 20}" height="{high}" rx="6" fill="#eef3f8" stroke="#5c7a99"/>',
        f'<text x="22" y="{top + 22}" font-weight="bold">{package}</text>',
        _text(22, top + 38, PACKAGES[package]),
        _text(22, top + 53, below),
    ]
    for number, row in enumerate(rows):
        y = top + (high - len(rows) * (_BOX[1] + _GAP) + _GAP) // 2 + number * (_BOX[1] + _GAP)
        for place, name in enumerate(row):
            x = _LEFT + 90 + place * (_BOX[0] + 2)
            parts.append(
                f'<rect x="{x}" y="{y}" width="{_BOX[0] - 6}" height="{_BOX[1]}" rx="4" fill="#ffffff" stroke="#5c7a99"/>'
                f'<text x="{x + (_BOX[0] - 6) // 2}" y="{y + 17}" text-anchor="middle">{escape(name)}</text>'
            )
    return parts, top + high + 10


def _text(x: int, y: int, words: str) -> str:
    return f'<text x="{x}" y="{y}" font-size="11" fill="#3d4551">{escape(words)}</text>'


def main() -> int:
    FILE.write_text(drawn(), encoding="utf-8")
    sys.stdout.write(f"{FILE.relative_to(Path.cwd()) if FILE.is_relative_to(Path.cwd()) else FILE}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
