"""Counting how often a network or an account does something: counters in the cache, and nothing that names anybody.

Keys are HMACs under a random salt of the day that lives in the cache only: a dump of the cache taken tomorrow does
not say which address asked what today.

Without a cache, what is public is let through. What guards a secret is then counted by each process in its own memory
(``without_cache="count here"``): with two web processes, twice the limit, and nothing more.
"""

from __future__ import annotations

import hmac
import logging
import math
import secrets
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import ip_address, ip_network
from typing import Any, Final, Literal

from django.conf import settings
from django.core.cache import cache

from engage.counting.client_address import address_of

# A caller is never told to stay away longer: the typed text is kept and tried again.
LONGEST_WAIT: Final = 60
_SALT_LIVES: Final = 2 * 24 * 3600
_HERE: Final = "here:"
_WithoutCache = Literal["allow", "count here"]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Verdict:
    """limit and remaining: requests in the window. retry_after: seconds, 0 where it is allowed, a minute at most.

    free_in: the true seconds until one more is allowed, if nobody else comes. counted: the counter that was raised.
    """

    allowed: bool
    limit: int
    remaining: int
    retry_after: int = 0
    free_in: int = 0
    counted: str = ""

    @property
    def wait(self) -> int:
        """Seconds to say in Retry-After: a second at least, a minute at most."""
        return min(max(self.retry_after, 1), LONGEST_WAIT)


class TooOften(Exception):
    """This has been done too often; ``verdict`` says when to come again."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.retry_after)
        self.verdict = verdict


def count(meta: Mapping[str, Any], bucket: str, *, whom: str = "") -> Verdict | None:
    """Count one use of ``bucket`` (a name in settings.RATES) by ``whom``, or by the network a request comes from.

    meta: the request's META. None where throttles are off. Raises TooOften.
    """
    if settings.THROTTLES == "off":
        return None
    limit, seconds = settings.RATES[bucket]
    verdict = allow(bucket, whom or network_of(meta), limit=limit, window_seconds=seconds)
    if not verdict.allowed:
        raise TooOften(verdict)
    return verdict


def allow(
    bucket: str,
    network_or_account: str,
    *,
    limit: int,
    window_seconds: int,
    without_cache: _WithoutCache = "allow",
) -> Verdict:
    """Count one act in ``bucket`` and say whether it is within ``limit`` in about ``window_seconds``.

    The window slides: what was counted in the window before weighs as much as still overlaps. What is refused is
    not counted, so that one impatient hall does not shut itself out. A cache that is gone allows everything, or
    leaves the counting to this process.
    """
    return _counted(bucket, network_or_account, limit, window_seconds, by=1, without_cache=without_cache)


def look(bucket: str, network_or_account: str, *, limit: int, window_seconds: int) -> Verdict:
    """As ``allow``, without counting: for what counts failures only."""
    return _counted(bucket, network_or_account, limit, window_seconds, by=0, without_cache="allow")


def give_back(verdict: Verdict) -> None:
    """Take one act out of its counter again: it turned out to be no failure."""
    if not verdict.counted:
        return
    store = _in_this_process if verdict.counted.startswith(_HERE) else cache
    try:
        # Where its window is over there is nothing to give back to.
        with suppress(ValueError):
            store.decr(verdict.counted)
    # The cache's own exceptions are its driver's, which this room does not know.
    except Exception:  # noqa: BLE001
        _log.warning("cache_unavailable", extra={"counting": "given back"})


def network_of(meta: Mapping[str, Any]) -> str:
    """What a request is counted under: its client's network. For counting, never for keeping. meta: its META."""
    return client_network(address_of(meta))


def client_network(ip: str) -> str:
    """What is counted as one client: an IPv4 address, or an IPv6 /64 (a household has a whole one)."""
    try:
        address = ip_address(ip)
    except ValueError:
        return ip
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ip_network((address, 64), strict=False))


def mark_of_network(scope: str, network: str, *, at: float) -> bytes:
    """The same for what comes from one network within one ``scope`` on the day of ``at``, and of no meaning anywhere else.

    at: seconds since 1970, of today or yesterday. Raises what the cache's driver raises: the salt stands in the cache
    and nowhere else.
    """
    salt = _salt(cache, int(at // 86_400))
    return hmac.new(salt, f"mark\0{scope}\0{network}".encode(), sha256).digest()[:8]


def _counted(
    bucket: str, who: str, limit: int, window: int, *, by: int, without_cache: _WithoutCache
) -> Verdict:
    if settings.THROTTLES == "off":
        return Verdict(allowed=True, limit=limit, remaining=limit)
    try:
        return _count(cache, bucket, who, limit, window, by)
    # The cache's own exceptions are its driver's, which this room does not know.
    except Exception:  # noqa: BLE001
        _log.warning("cache_unavailable", extra={"counting": bucket})
    if without_cache == "count here":
        return _count(_in_this_process, bucket, who, limit, window, by)
    return Verdict(allowed=True, limit=limit, remaining=limit)


def _count(store: Any, bucket: str, who: str, limit: int, window: int, by: int) -> Verdict:
    moment = time.time()
    number, into = divmod(moment, window)
    current, before = (_name(store, bucket, who, int(number) - ago, window) for ago in (0, 1))
    counts = store.get_many([current, before])
    now_used, then_used = counts.get(current, 0), counts.get(before, 0)
    used = now_used + math.floor(then_used * (1 - into / window))
    if used < limit and not by:
        return Verdict(allowed=True, limit=limit, remaining=limit - used)
    if used < limit:
        store.add(current, 0, timeout=2 * window)
        # Others may have come since we looked: the counter itself says who was the last that fitted.
        raised = int(store.incr(current))
        used += raised - now_used
        if used <= limit:
            return Verdict(allowed=True, limit=limit, remaining=limit - used, counted=current)
        now_used = store.decr(current)
    free_in = _free_in(now_used, then_used, into, limit, window)
    return Verdict(
        allowed=False, limit=limit, remaining=0, retry_after=min(LONGEST_WAIT, free_in), free_in=free_in
    )


def _free_in(now_used: int, then_used: int, into: float, limit: int, window: int) -> int:
    """Whole seconds until less than ``limit`` weighs: in this window, or in the next one, where this one fades."""
    if now_used < limit and then_used:
        faded = window * (1 - (limit - now_used) / then_used)
        return max(1, math.floor(faded - into) + 1)
    return max(1, math.floor(window - into + window * (1 - limit / max(now_used, limit, 1))) + 1)


def _name(store: Any, bucket: str, who: str, number: int, window: int) -> str:
    """The counter of one window; its salt is that of the day on which the window began, so that no midnight empties it."""
    message = f"{bucket}\0{who}".encode()
    salt = _salt(store, number * window // 86_400)
    place = _HERE if store is _in_this_process else "rate:"
    return f"{place}{hmac.new(salt, message, sha256).hexdigest()[:32]}:{number}"


def _salt(store: Any, day: int) -> bytes:
    if store is _in_this_process:
        return _OWN_SALT
    key = f"rate-salt:{day}"
    salt = store.get(key)
    if salt is None:
        # Whoever comes first decides; the others read what stands there.
        store.add(key, secrets.token_bytes(32), timeout=_SALT_LIVES)
        salt = store.get(key)
    return bytes(salt)


class _InThisProcess:
    """The few words of a cache that counting needs, in memory: for the minutes in which there is none."""

    def __init__(self, most: int) -> None:
        self._most, self._kept, self._lock = most, dict[str, Any](), threading.Lock()

    def get(self, key: str) -> Any:
        return self._kept.get(key)

    def get_many(self, keys: list[str]) -> dict[str, Any]:
        return {key: self._kept[key] for key in keys if key in self._kept}

    def add(self, key: str, value: Any, timeout: int) -> None:
        with self._lock:
            if len(self._kept) >= self._most:
                # The oldest half goes: whoever made so many at once gains a second try, not an endless one.
                for old in list(self._kept)[: self._most // 2]:
                    del self._kept[old]
            self._kept.setdefault(key, value)

    def incr(self, key: str, by: int = 1) -> int:
        with self._lock:
            self._kept[key] = self._kept.get(key, 0) + by
            return int(self._kept[key])

    def decr(self, key: str) -> int:
        return self.incr(key, by=-1)


_in_this_process = _InThisProcess(most=20_000)
_OWN_SALT: Final = secrets.token_bytes(32)
