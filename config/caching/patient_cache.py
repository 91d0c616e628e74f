"""A cache that hangs is left alone: one request waits for it, the others go on as if there were none.

Whoever asks the cache goes on without an answer where it raises. A server that is gone raises at once; one that hangs
raises after a second, and with every request waiting that second, and again for its next question, few requests are
answered at all.

One that is merely slow never raises, and a request has many questions: all of them together may take ``OF_A_REQUEST``,
then the rest of that request goes on without.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import redis
from django.core import signals
from django.core.cache.backends.redis import RedisCache, RedisCacheClient

# Seconds in which nobody asks a cache that has just made somebody wait.
LEFT_ALONE_FOR: Final = 5.0
# A failure that took so long, seconds, made somebody wait whatever it is called: a name that is looked up for ever.
SLOW: Final = 0.4
# Seconds that one request may wait for the cache in all; the question that is under way then is still waited for.
OF_A_REQUEST: Final = 1.0
_log = logging.getLogger(__name__)


class LeftAlone(redis.ConnectionError):
    """The cache hung a moment ago, or took this request's time already; nobody asked it."""


class _Waited(threading.local):
    """Seconds for which the request of this thread has waited for the cache; None outside of requests."""

    seconds: float | None = None


_waited = _Waited()


def _a_request_begins(**_: Any) -> None:
    _waited.seconds = 0.0


def _a_request_ends(**_: Any) -> None:
    _waited.seconds = None


signals.request_started.connect(_a_request_begins, dispatch_uid="patient_cache")
signals.request_finished.connect(_a_request_ends, dispatch_uid="patient_cache")


class Patience:
    """Of one process with one server; for many threads. After the pause one asks, and the others wait for what it finds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._hangs = False
        self._asked_again_at = 0.0

    def check(self) -> None:
        """Raises LeftAlone."""
        if _waited.seconds is not None and _waited.seconds >= OF_A_REQUEST:
            raise LeftAlone
        if not self._hangs:
            return
        with self._lock:
            moment = time.monotonic()
            if moment < self._asked_again_at:
                raise LeftAlone
            # This one asks; until it knows, nobody else does.
            self._asked_again_at = moment + LEFT_ALONE_FOR

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Around one question to the server. Raises what the server's driver raises."""
        begun = time.monotonic()
        try:
            yield
        except (redis.RedisError, OSError) as error:
            if isinstance(error, redis.TimeoutError) or time.monotonic() - begun >= SLOW:
                self._give_up()
            raise
        finally:
            if _waited.seconds is not None:
                _waited.seconds += time.monotonic() - begun
        self._hangs = False

    def _give_up(self) -> None:
        with self._lock:
            news, self._hangs = not self._hangs, True
            self._asked_again_at = time.monotonic() + LEFT_ALONE_FOR
        if news:
            _log.warning("cache_left_alone", extra={"seconds": LEFT_ALONE_FOR})


_of_servers: dict[str, Patience] = {}
_making = threading.Lock()


def patience_with(server: str) -> Patience:
    """The caches of all threads of a process share it: Django makes one a thread."""
    with _making:
        return _of_servers.setdefault(server, Patience())


class _Pool(redis.ConnectionPool):
    """Connections to one server, with what is known of how it answers."""

    patience: Patience


class _Client(redis.Redis):
    @property
    def _patience(self) -> Patience:
        pool: Any = self.connection_pool
        patience: Patience = pool.patience
        return patience

    def execute_command(self, *args: Any, **options: Any) -> Any:
        self._patience.check()
        with self._patience.asking():
            return super().execute_command(*args, **options)

    def pipeline(self, transaction: bool = True, shard_hint: Any = None) -> Any:
        self._patience.check()
        return super().pipeline(transaction, shard_hint)


# The stubs know neither the pools nor the servers of Django's client.
_Django: Any = RedisCacheClient


class _CacheClient(_Django):
    def __init__(self, servers: list[str], **options: Any) -> None:
        super().__init__(servers, pool_class=_Pool, **options)
        self._client = _Client

    def _get_connection_pool(self, write: bool) -> Any:
        pool = super()._get_connection_pool(write)
        pool.patience = patience_with(self._servers[self._get_connection_pool_index(write)])
        return pool


class PatientCache(RedisCache):
    """Django's cache in Redis or Valkey. Raises what that raises, and LeftAlone."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _CacheClient
