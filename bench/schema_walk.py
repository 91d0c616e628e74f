"""``python -m bench.schema_walk [EXAMPLES] [MORE …]``: schemathesis itself, every check and phase, against a server of its own.

Runs twice: with a key that holds every role and scope, and without any. MORE is handed on to ``schemathesis run``.
Exit code 1 where it found anything.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from bench.ground import ROOT, servers, web


def main(arguments: list[str]) -> int:
    examples, more = (arguments or ["50"])[0], arguments[1:]
    found = 0
    with servers():
        from tests.api.knocking_by_the_schema import token_and_things

        key, there = token_and_things()
        with web() as (host, port):
            for who, headers in (("everything", ["-H", f"Authorization: Bearer {key}"]), ("nobody", [])):
                print(f"# as {who}", flush=True)
                ran = subprocess.run(
                    [
                        str(Path(sys.executable).with_name("schemathesis")), "--config-file", _config(there), "run",
                        f"http://{host}:{port}/api/v1/schema/", "--checks", "all", "--max-examples", examples,
                        "--seed", "1", "--no-color", "--generation-database", "none",
                        # It would end the key that all the others are asked with.
                        "--exclude-operation-id", "delete_tokens", *headers, *more,
                    ],
                    cwd=ROOT, check=False,
                )  # fmt: skip
                found += ran.returncode != 0
    return 1 if found else 0


def _config(there: dict[str, str]) -> str:
    """The project's own configuration, and beside it what paths name, so that requests get beyond the door."""
    lines = [(ROOT / "schemathesis.toml").read_text(encoding="utf-8"), "[parameters]"]
    lines += [f'"path.{name}" = "{value}"' for name, value in there.items()]
    path = Path(tempfile.mkdtemp(prefix="engage-walk-")) / "schemathesis.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return str(path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
