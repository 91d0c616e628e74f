from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.running_demo import Demo, servers_named_by_the_user


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo of this file's own: on its own servers, or in a database of its own on those the run was given."""
    folder: Path = tmp_path_factory.mktemp("demo") / "demo"
    folder.mkdir()
    with servers_named_by_the_user() as settings:
        running = Demo(folder, settings)
        running.start()
        yield running
        running.stop()
