from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.makers.mail_server import CurtPost, a_curt_server


@pytest.fixture
def relay(settings: Any) -> Iterator[CurtPost]:
    """A mail server whose every answer can be set, and settings that name it."""
    with a_curt_server() as running:
        settings.MAIL_SERVER = running.server
        settings.MAIL_FROM = "meetings@harbor.example"
        yield running
