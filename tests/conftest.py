"""What every test stands on: a database of its worker's own, entered as the restricted role."""

import contextlib
import fcntl
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.core.cache import cache
from django.db import connections
from django.test import TransactionTestCase
from django.utils import translation
from psycopg import sql
from whitenoise.middleware import WhiteNoiseMiddleware

from engage.counting import rates
from tests.emptying import empty_tables

_RUN = os.environ.get("ENGAGE_TEST_RUN", "")
_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")
_TEMPLATE = f"engage_test_{_RUN}_template"

# What a test with ``transaction=True`` leaves behind goes the short way.
TransactionTestCase._fixture_teardown = empty_tables  # type: ignore[method-assign]

_static_files: dict[str, Any] = {}
_look_for_static_files = WhiteNoiseMiddleware.add_files_from_finders


def _look_once(middleware: WhiteNoiseMiddleware) -> None:
    """Each ``Client`` makes the middleware anew, and the hundred files of the pages are the same for all of them."""
    if not _static_files:
        _look_for_static_files(middleware)
        _static_files.update(middleware.files)
    middleware.files.update(_static_files)


WhiteNoiseMiddleware.add_files_from_finders = _look_once


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """Migrate one template a run, and give each worker a copy of it.

    ``owner`` makes and migrates; ``default`` reaches the same database as the role without DDL, as in production.
    """
    name = f"engage_test_{_RUN}_{_WORKER}"
    with django_db_blocker.unblock():
        _make_template_once()
        with _owner_at_maintenance() as connection:
            connection.execute(_statement("CREATE DATABASE {} TEMPLATE {}", name, _TEMPLATE))
        _point_both_at(name)
        yield
        for alias in ("default", "owner"):
            _close(alias)
        with _owner_at_maintenance() as connection:
            connection.execute(_statement("DROP DATABASE IF EXISTS {} WITH (FORCE)", name))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes comes first, so that no worker is left alone with it at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """The process that started the run takes its template away, where the server is not ours to throw away."""
    if hasattr(session.config, "workerinput") or not _RUN or not _marker().exists():
        return
    with contextlib.suppress(psycopg.Error), _owner_at_maintenance() as connection:
        connection.execute(_statement("DROP DATABASE IF EXISTS {} WITH (FORCE)", _TEMPLATE))
    _marker().unlink(missing_ok=True)
    _marker().with_suffix(".lock").unlink(missing_ok=True)


@pytest.fixture(autouse=True)
def _empty_cache(request: pytest.FixtureRequest) -> None:
    """Throttles and idempotency counters of one test must not reach the next."""
    if {"db", "transactional_db", "django_db_setup", "client"} & set(request.fixturenames):
        cache.clear()


@pytest.fixture(autouse=True)
def _no_window_ends_in_the_middle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rates count in minutes and hours of the clock: a test that begins at 59 seconds would find one act more allowed."""
    running, ahead = time.time, time.time() % 3_600

    def moment() -> float:
        # A test that sets the clock by itself means what it sets.
        return time.time() - (ahead if time.time is running else 0)

    clock = SimpleNamespace(time=moment)
    monkeypatch.setattr(rates, "time", clock)


@pytest.fixture(autouse=True)
def _in_the_first_language() -> None:
    """What the test before asked for in another language must not be the language of this one."""
    translation.deactivate()


def _make_template_once() -> None:
    # Whoever comes first migrates; the others wait at the lock and find the marker.
    with _marker().with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _marker().exists():
            return
        owner = connections["owner"]
        owner.settings_dict["TEST"]["NAME"] = _TEMPLATE
        before = owner.settings_dict["NAME"]
        owner.creation.create_test_db(verbosity=0, autoclobber=True)
        _close("owner")
        owner.settings_dict["NAME"] = before
        _marker().touch(mode=0o600)


def _marker() -> Path:
    return Path(tempfile.gettempdir()) / f"engage-test-{_RUN}.template"


def _point_both_at(name: str) -> None:
    for alias in ("owner", "default"):
        _close(alias)
        connections[alias].settings_dict["NAME"] = name
        connections.settings[alias]["NAME"] = name


def _close(alias: str) -> None:
    connection = connections[alias]
    connection.close()
    if hasattr(connection, "close_pool"):
        connection.close_pool()


def _owner_at_maintenance() -> psycopg.Connection[Any]:
    """A connection of the owner to the database the settings name; nobody may be in the one that is copied."""
    settings = connections["owner"].settings_dict
    return psycopg.connect(
        host=settings["HOST"],
        port=settings["PORT"] or None,
        user=settings["USER"],
        password=settings["PASSWORD"] or None,
        dbname=_MAINTENANCE or settings["NAME"],
        autocommit=True,
    )


_MAINTENANCE = str(connections["owner"].settings_dict["NAME"])


def _statement(text: str, *names: str) -> sql.Composed:
    return sql.SQL(text).format(*(sql.Identifier(name) for name in names))  # type: ignore[arg-type]
