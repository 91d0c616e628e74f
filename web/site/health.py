"""What a supervisor and a load balancer ask: does the process live, and can it work?"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from functools import lru_cache

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import cache
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from engage.sealing.key_marks import keys_fit
from outreach.channels.health import is_open
from outreach.worker.round_taking import SWEEP, ages

log = logging.getLogger(__name__)
# On every page.
_STYLE = "web/built/engage.css"
_NEEDS_ROOM = (
    "SELECT current_setting('transaction_read_only') = 'off' AND count(*) > 0 FROM generate_series(1, 20000)"
)
_WRITE_EVERY = 5.0  # seconds
_NEVER = -_WRITE_EVERY
_wrote_at = _NEVER
# Seconds since a worker last looked for what is due; it looks every few.
_LATE = 60


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """The process is up. Asks nobody else: a dead database must not get the web restarted."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 once the database answers, is migrated and was written with our keys, has room to write, the broker answers and pages find their files; else 503, with what is missing."""
    checks: dict[str, Callable[[], bool]] = {
        "database": _database_answers,
        "migrations": _database_is_migrated,
        "keys": keys_fit,
        "storage": _a_write_works,
        "broker": _broker_answers,
        "assets": _a_page_finds_its_files,
    }
    found = {name: _holds(name, check) for name, check in checks.items()}
    told = {name: "ok" if holds else "down" for name, holds in found.items()}
    # Only told: a page taken from residents would send no letter sooner, and what is due waits in the tables.
    told["sweep"] = "ok" if _holds("sweep", _a_worker_looks) else "late"
    told["mail"] = "ok" if _holds("mail", is_open) else "down"
    answer = JsonResponse(told)
    if not all(found.values()):
        answer.status_code = 503
        answer["Retry-After"] = "5"
    return answer


def _holds(name: str, check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception as error:  # noqa: BLE001 - whatever is wrong with it, it is not ready
        log.warning("not ready: %s (%s)", name, type(error).__name__)
        return False


def _database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())


def _a_write_works() -> bool:
    """Raises where the disk is full or the server only reads. Looks at most every few seconds: a proxy asks often.

    A list that does not fit into its memory asks for room on the disk as a new row would, and leaves nothing behind.
    """
    global _wrote_at
    if time.monotonic() - _wrote_at < _WRITE_EVERY:
        return True
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64kB'")
        cursor.execute(_NEEDS_ROOM)
        [may_write] = cursor.fetchone() or [False]
    _wrote_at = time.monotonic() if may_write else _NEVER
    return bool(may_write)


def _database_is_migrated() -> bool:
    return _nothing_to_migrate()


@lru_cache(maxsize=1)
def _nothing_to_migrate() -> bool:
    """Raises LookupError while something is missing, so that only a yes is remembered: no process unmigrates."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise LookupError("migrations are missing")
    return True


def _broker_answers() -> bool:
    # The cache and the broker are one server; reading a key is the cheapest question to it.
    cache.get("readyz")
    return True


def _a_worker_looks() -> bool:
    return ages().get(SWEEP, math.inf) < _LATE


def _a_page_finds_its_files() -> bool:
    return _style_is_there()


@lru_cache(maxsize=1)
def _style_is_there() -> bool:
    """Raises where every page would fail: assets never made, or never collected. Only a yes is remembered."""
    # In production the name is looked up in the manifest of what was collected, and ValueError says that it lacks it.
    url = staticfiles_storage.url(_STYLE)
    if not url.endswith(_STYLE) or finders.find(_STYLE):
        return True
    raise LookupError("assets are missing")
