"""A pytest plugin (`-p tests.browser.missing_browser`): without a Chromium the tests here are skipped, and it is said last.

Not a conftest: the process that prints the last line collects nothing where pytest-xdist runs the tests.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.browser.chromium import MISSING, find_chromium

_HERE = Path(__file__).resolve().parent
_REASON = "no Chromium on this machine (the last line says what to do)"
_skipped = 0


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what drives a browser. Where CI is set nothing is skipped: the browser's fixture then fails."""
    drives = [item for item in items if _HERE in item.path.parents]
    for item in drives:
        item.add_marker(pytest.mark.browser)
    # A machine without a Chromium still runs everything else; what was left out is the last line that it prints.
    if drives and not os.environ.get("CI") and find_chromium() is None:
        for item in drives:
            item.add_marker(pytest.mark.skip(reason=_REASON))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    global _skipped
    if report.skipped and isinstance(report.longrepr, tuple) and _REASON in report.longrepr[2]:
        _skipped += 1


def pytest_unconfigure(config: pytest.Config) -> None:
    """After pytest's own last line, once, from the process that the user started."""
    if _skipped and not hasattr(config, "workerinput"):
        config.get_terminal_writer().line(f"{_skipped} browser tests were SKIPPED: {MISSING}.", yellow=True)
