"""Makes the dump of a release that is kept here: ``python -m tests.releases.making_a_dump COMMIT``.

By that release's own code, on a server of its own: its migrations, its made-up year (nobody in it exists), and keys
thrown for this dump alone. Both go into ``tests/releases/COMMIT``.
"""

from __future__ import annotations

import base64
import io
import json
import os
import secrets
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
_MADE = """
import django
django.setup()
from django.utils import timezone
try:
    from demo.made_year.loading import load
except ImportError:  # a release from before the demo had a room of its own
    from config.made_year.loading import load
load(now=timezone.now())
"""


def code_of(commit: str, folder: Path) -> Path:
    """The files of ``commit`` in ``folder``. Raises LookupError where this clone does not have it."""
    archive = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=False)
    if archive.returncode:
        raise LookupError(f"this clone has no commit {commit}: fetch the whole history")
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
        files.extractall(folder, filter="data")
    return folder


def made_keys() -> dict[str, str]:
    def key() -> str:
        return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")

    return {
        "SECRET_KEY": secrets.token_urlsafe(64),
        "CONTACT_KEYS": f"1:{key()}",
        "FINGERPRINT_KEY": key(),
        "LINK_KEYS": f"1:{key()}",
    }


def main(commit: str) -> None:
    from servers.programs import postgresql_folder
    from servers.throwaway import throwaway_servers

    keys, kept = made_keys(), HERE / commit
    kept.mkdir(exist_ok=True)
    without = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    with tempfile.TemporaryDirectory() as folder, throwaway_servers({}) as addresses:
        code = code_of(commit, Path(folder))
        environment = without | keys | addresses | {"ENGAGE_ENV": "test", "PYTHONPATH": ""}
        environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
        for arguments in (["manage.py", "migrate", "--database", "owner", "--verbosity", "0"], ["-c", _MADE]):
            subprocess.run([sys.executable, *arguments], cwd=code, env=environment, check=True)
        program = postgresql_folder() / "pg_dump"
        subprocess.run(
            [program, "--format=custom", "--compress=gzip:9", "--file", kept / "engage.dump",
             addresses["DATABASE_OWNER_URL"]],
            check=True,
        )  # fmt: skip
    (kept / "keys.json").write_text(json.dumps(keys, indent=2) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
