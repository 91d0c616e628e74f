"""While half of a web process waits, the other half waits only shortly: one held row must not take every thread.

Without this, as many people as there are threads could stand at one locked meeting for ``lock_timeout`` each, and
every other page would stand behind them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

# A healthy wait at the busiest meeting is some milliseconds a person before us.
SHORT_WAIT: Final = "500ms"
_THREADS: Final = settings.WEB_THREADS

_counting = threading.Lock()
_under_way = 0


class CrowdedThreads:
    """Counts the requests under way in this process, and shortens the locks of those beyond the half."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        others = _count(+1) - 1
        try:
            if others < _THREADS // 2:
                return self.get_response(request)
            with connection.execute_wrapper(_WaitShortly()):
                return self.get_response(request)
        finally:
            _count(-1)


class _WaitShortly:
    """Before the first statement of each transaction; for that transaction only, so that no pooler hands it on."""

    def __init__(self) -> None:
        self._transaction: Any = None

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        blocks = context["connection"].atomic_blocks
        if blocks and blocks[0] is not self._transaction:
            self._transaction = blocks[0]
            with context["connection"].cursor() as cursor:
                cursor.execute(f"SET LOCAL lock_timeout = '{SHORT_WAIT}'")
        return execute(sql, params, many, context)


def _count(by: int) -> int:
    global _under_way
    with _counting:
        _under_way += by
        return _under_way
