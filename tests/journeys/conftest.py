from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.running_demo import Demo


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo of this file's own, on servers of its own."""
    folder: Path = tmp_path_factory.mktemp("demo") / "demo"
    folder.mkdir()
    running = Demo(folder)
    running.start()
    yield running
    running.stop()
