"""web/static/web/built/fonts/*.woff2: two weights of Public Sans, cut in two by the ranges that the theme names.

Most pages need only the first half; a browser fetches the second where a letter of it stands (`unicode-range`).
"""

import io
import re
from pathlib import Path

from setup.assets.files import BUILT, PROJECT, THEME, USWDS, CannotBuild, put

WEIGHTS = ("Regular", "Bold")
# File name's part, and the variable in the theme that holds its range.
PARTS = {"latin": "latin", "ext": "extended"}
RANGES = THEME / "_tokens.scss"

# What stays beside the letters: accents in their places, pairs, ligatures, and figures of one width for tables.
_FEATURES = ["ccmp", "locl", "mark", "mkmk", "kern", "liga", "tnum"]
# Copyright, names, licence and its address (OpenType `name`): the licence asks that they stay with every copy.
_NAMES = [0, 1, 2, 5, 13, 14]


def inputs() -> list[Path]:
    """Return what says which letters are wanted, and what cuts them out."""
    return [RANGES, PROJECT / "requirements" / "assets.txt"]


def outputs() -> list[Path]:
    """Return each weight in each part."""
    return [_built(weight, part) for weight in WEIGHTS for part in PARTS]


def build() -> None:
    """Cut all of them. Raises CannotBuild where the theme names no range."""
    theme = RANGES.read_text()
    wanted = {part: _range(theme, variable) for part, variable in PARTS.items()}
    for weight in WEIGHTS:
        for part, letters in wanted.items():
            put(_built(weight, part), _cut(weight, letters))


def _built(weight: str, part: str) -> Path:
    return BUILT / "fonts" / f"PublicSans-{weight}.{part}.woff2"


def _range(theme: str, variable: str) -> set[int]:
    line = re.search(rf"^\${variable}:([^;]*);", theme, re.MULTILINE)
    pairs = re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", line[1], re.IGNORECASE) if line else []
    if not pairs:
        raise CannotBuild(f"{RANGES.relative_to(PROJECT)} has no ${variable}: U+…; to cut the font by.")
    return {code for first, last in pairs for code in range(int(first, 16), int(last or first, 16) + 1)}


def _cut(weight: str, letters: set[int]) -> bytes:
    # Imported only where a font is cut: it is most of the time that a look without work would take.
    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options(
        flavor="woff2",
        layout_features=_FEATURES,
        name_IDs=_NAMES,
        hinting=False,
        notdef_outline=True,
        # The same letters make the same bytes, whenever they are cut.
        recalc_timestamp=False,
    )
    source = USWDS / "dist" / "fonts" / "public-sans" / f"PublicSans-{weight}.ttf"
    with TTFont(source, recalcTimestamp=False) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=letters)
        cutter.subset(font)
        made = io.BytesIO()
        subset.save_font(font, made, options)
    return made.getvalue()
