"""A made-up year that the tests of a file share: each test's own changes are undone, the year is played once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from demo.made_year.loading import load


@pytest.fixture(scope="module")
def made_year(django_db_setup: None, django_db_blocker: Any) -> Iterator[dt.datetime]:
    """Loaded; the instant at which it was."""
    now = timezone.now()
    with django_db_blocker.unblock(), transaction.atomic():
        assert load(now=now)
        with django_db_blocker.block():
            yield now
        transaction.set_rollback(True)
