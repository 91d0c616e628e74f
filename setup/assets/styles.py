"""web/static/web/built/*.css: each style sheet of web/theme, compiled, with the pictures it names."""

import re
import subprocess
import tempfile
from pathlib import Path

from setup.assets import packages
from setup.assets.files import BUILT, MODULES, THEME, USWDS, CannotBuild, put

_PICTURE = re.compile(r'url\("?(img/[^")]+)"?\)')


def inputs() -> list[Path]:
    """Return the sources of the theme."""
    return list(THEME.rglob("*.scss"))


def outputs() -> list[Path]:
    """Return one style sheet for each source that is no partial."""
    return [BUILT / f"{path.stem}.css" for path in _sources()]


def build() -> None:
    """Compile all sheets, or leave the old ones. Raises CannotBuild with the compiler's words."""
    with tempfile.TemporaryDirectory() as folder:
        pairs = [f"{path}:{Path(folder) / path.stem}.css" for path in _sources()]
        done = subprocess.run(
            [packages.node(), MODULES / "sass" / "sass.js", *_OPTIONS, *pairs],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise CannotBuild(f"The styles in web/theme do not compile.\n{done.stderr.strip()}")
        made = {path.name: path.read_text() for path in Path(folder).glob("*.css")}
    _put_pictures({name for text in made.values() for name in _PICTURE.findall(text)})
    for name, text in made.items():
        put(BUILT / name, text.encode())
    for path in set(BUILT.glob("*.css")) - set(outputs()):
        path.unlink()


_OPTIONS = [
    f"--load-path={USWDS / 'packages'}",
    "--style=compressed",
    "--no-source-map",
    "--quiet-deps",
]


def _sources() -> list[Path]:
    return sorted(path for path in THEME.glob("*.scss") if not path.name.startswith("_"))


def _put_pictures(names: set[str]) -> None:
    for name in sorted(names):
        picture = USWDS / "dist" / name
        if not picture.is_file():
            raise CannotBuild(f"A style names the picture {name}, which the design system does not have.")
        put(BUILT / name, picture.read_bytes())
