"""Where there is no browser, its tests are skipped and the last line says so; where CI is set, they fail."""

import os
import subprocess
import sys
from pathlib import Path

_PROJECT = Path(__file__).resolve().parents[2]
_WHERE = "tests/browser/test_what_the_looking_sees.py"


def _tests_without_a_browser(**settings: str) -> subprocess.CompletedProcess[str]:
    plain = {name: value for name, value in os.environ.items() if name not in {"CI", "PYTEST_XDIST_WORKER"}}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "1", "-k", "without_faults", _WHERE],
        cwd=_PROJECT,
        # One that is named and does not start counts as none, and nobody looks for another.
        env=plain | {"CHROMIUM": "/nowhere/chromium"} | settings,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_the_last_line_says_that_they_were_skipped_and_what_to_do() -> None:
    ran = _tests_without_a_browser()
    assert ran.returncode == 0, ran.stdout
    last = ran.stdout.strip().splitlines()[-1]
    assert "browser tests were SKIPPED" in last
    assert "CHROMIUM" in last


def test_in_ci_a_missing_browser_fails() -> None:
    ran = _tests_without_a_browser(CI="true")
    assert ran.returncode == 1, ran.stdout
    assert "no Chromium on this machine" in ran.stdout
