"""``python -m setup.assets.parts FILE``: what comes from npm, as CycloneDX, from package-lock.json alone."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from setup.assets.packages import inputs, run_npm


def write_parts(path: Path) -> None:
    """Raises CannotBuild. npm wants a version of ours to write; the lock has none, since nothing of it is published."""
    with tempfile.TemporaryDirectory() as folder:
        for file in inputs():
            text = file.read_text(encoding="utf-8")
            if file.suffix == ".json":
                read = json.loads(text) | {"version": "0.0.0"}
                if "" in read.get("packages", {}):
                    read["packages"][""]["version"] = "0.0.0"
                text = json.dumps(read)
            (Path(folder) / file.name).write_text(text, encoding="utf-8")
        said = run_npm("sbom", "--package-lock-only", "--sbom-format", "cyclonedx", folder=Path(folder))
    path.write_text(said, encoding="utf-8")


if __name__ == "__main__":
    write_parts(Path(sys.argv[1]))
