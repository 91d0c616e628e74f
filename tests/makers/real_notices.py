"""Where real notices stand, if they do on this machine (../shared/data of the checkout, or DEMO_DATA)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("DEMO_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")


def real_notice(name: str) -> Path:
    """The path of a file of real notices; the test is skipped, with a sentence, where it does not stand."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"The real notices are not on this machine: {path} is missing.")
    return path
