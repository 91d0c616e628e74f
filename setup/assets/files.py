"""Where things stand, and how a made file takes its place."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
THEME = PROJECT / "web" / "theme"
MODULES = PROJECT / "node_modules"
USWDS = MODULES / "@uswds" / "uswds"
BUILT = PROJECT / "web" / "static" / "web" / "built"


class CannotBuild(Exception):
    """The assets cannot be made; the message is one sentence for whoever ran the build."""


def put(path: Path, content: bytes) -> None:
    """Let `path` hold `content`, at no moment only half of it; a file that already holds it keeps its date."""
    if path.is_file() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    new.write_bytes(content)
    new.replace(path)


def digest(paths: Iterable[Path]) -> str:
    """Return one SHA-256 over the names and contents of these files."""
    seen = hashlib.sha256()
    for path in sorted(paths):
        content = path.read_bytes()
        seen.update(f"{path.relative_to(PROJECT)} {len(content)}\n".encode())
        seen.update(content)
    return seen.hexdigest()
