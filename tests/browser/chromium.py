"""Which Chromium drives the tests. ``python -m tests.browser.chromium`` prints its path, or exits 1."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Where setup/browser.sh lets the browser tool put its own download.
DOWNLOADED = ROOT / ".browsers"
_ON_PATH = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_IN_DOWNLOADS = ("chrome", "headless_shell", "chrome-headless-shell", "Chromium", "Google Chrome for Testing")

MISSING = (
    "there is no Chromium on this machine. Install one (`apt install chromium`, or name one in CHROMIUM),"
    " then run `make test` again"
)


@functools.cache
def find_chromium() -> str | None:
    """The first that starts: CHROMIUM, one on PATH, the browser tool's own download. None where there is none."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named if _starts(named) else None
    on_path = [path for name in _ON_PATH if (path := shutil.which(name))]
    return next((path for path in on_path + _downloads() if _starts(path)), None)


def _downloads() -> list[str]:
    found = [path for name in _IN_DOWNLOADS for path in DOWNLOADED.glob(f"chromium*/*/**/{name}")]
    return sorted(str(path) for path in found if path.is_file() and os.access(path, os.X_OK))


def _starts(path: str) -> bool:
    """Some distributions put a program there that only says how to install it; others lack a library."""
    try:
        answer = subprocess.run(
            [path, "--version"],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and any(name in answer.stdout for name in ("Chrom", "HeadlessShell"))


if __name__ == "__main__":
    if find_chromium() is None:
        sys.exit(1)
    print(find_chromium())
