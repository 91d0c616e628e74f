"""web/static/web/built/icons.json: the drawing of each icon that web/theme/icons.txt names.

The value of a name is markup to stand inside <svg viewBox="0 0 24 24">; it says no colour.
"""

import json
import re
from pathlib import Path

from setup.assets.files import BUILT, THEME, USWDS, CannotBuild, put

NAMES = THEME / "icons.txt"
_DRAWING = re.compile(r'<svg [^>]*viewBox="0 0 24 24"[^>]*>(.*)</svg>', re.DOTALL)
_SHAPE = re.compile(r"<(?:path|circle) [^>]*/>")
_GROUP = re.compile(r"</?g\b[^>]*>")


def inputs() -> list[Path]:
    """Return the list of names."""
    return [NAMES]


def outputs() -> list[Path]:
    """Return the one file that holds them all: a page puts only what it uses into itself."""
    return [BUILT / "icons.json"]


def build() -> None:
    """Write the file. Raises CannotBuild for a name without a drawing."""
    names = [line.strip() for line in NAMES.read_text().splitlines()]
    drawings = {name: _shapes(name) for name in sorted(names) if name and not name.startswith("#")}
    put(BUILT / "icons.json", json.dumps(drawings, indent=0).encode())


def _shapes(name: str) -> str:
    path = USWDS / "dist" / "img" / "usa-icons" / f"{name}.svg"
    if not path.is_file():
        raise CannotBuild(f"web/theme/icons.txt names {name}, but the design system has no such icon.")
    drawing = _DRAWING.fullmatch(path.read_text().strip())
    inside = _GROUP.sub("", drawing[1]) if drawing else ""
    shapes = _SHAPE.findall(inside)
    if not shapes or _SHAPE.sub("", inside).strip():
        raise CannotBuild(f"The icon {name} is drawn in a way that setup/assets/icons.py does not know.")
    # A shape without filling is the empty square that some drawing programs put behind the rest.
    visible = [shape for shape in shapes if 'fill="none"' not in shape]
    return "".join(re.sub(r' fill="[^"]*"', "", shape) for shape in visible)
