from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.makers.mail_server import Post, a_mail_server


@pytest.fixture
def post(settings: Any) -> Iterator[Post]:
    """A mail server, and settings that name it."""
    with a_mail_server() as running:
        settings.MAIL_SERVER = running.server
        settings.MAIL_FROM = "meetings@harbor.example"
        settings.PUBLIC_URL = "https://engage.example"
        yield running
