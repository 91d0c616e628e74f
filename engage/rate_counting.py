"""Counting how often a network or an account does something: counters in the cache, and nothing that names anybody.

Keys are HMACs under a random salt of the day that lives in the cache only: a dump of the cache taken tomorrow does
not say which address asked what today.
"""

from __future__ import annotations

import hmac
import logging
import math
import secrets
import time
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import ip_address, ip_network
from typing import Final

from django.conf import settings
from django.core.cache import cache

# A caller is never told to stay away longer: the typed text is kept and tried again.
LONGEST_WAIT: Final = 60
_SALT_LIVES: Final = 2 * 24 * 3600
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Verdict:
    """limit and remaining: requests in the window. retry_after: seconds, 0 where it is allowed."""

    allowed: bool
    limit: int
    remaining: int
    retry_after: int = 0


def allow(bucket: str, network_or_account: str, *, limit: int, window_seconds: int) -> Verdict:
    """Count one act in ``bucket`` and say whether it is within ``limit`` in about ``window_seconds``.

    The window slides: what was counted in the window before weighs as much as still overlaps. What is refused is
    not counted, so that one impatient hall does not shut itself out. A cache that is gone allows everything.
    """
    return _counted(bucket, network_or_account, limit, window_seconds, by=1)


def look(bucket: str, network_or_account: str, *, limit: int, window_seconds: int) -> Verdict:
    """As ``allow``, without counting: for what counts failures only."""
    return _counted(bucket, network_or_account, limit, window_seconds, by=0)


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


def _counted(bucket: str, who: str, limit: int, window: int, *, by: int) -> Verdict:
    if settings.THROTTLES == "off":
        return Verdict(allowed=True, limit=limit, remaining=limit)
    try:
        return _count(bucket, who, limit, window, by)
    # The cache's own exceptions are its driver's, which this room does not know.
    except Exception:  # noqa: BLE001
        _log.warning("cache_unavailable", extra={"counting": bucket})
        return Verdict(allowed=True, limit=limit, remaining=limit)


def _count(bucket: str, who: str, limit: int, window: int, by: int) -> Verdict:
    moment = time.time()
    number, into = divmod(moment, window)
    name = _name(bucket, who, moment)
    current, before = f"{name}:{int(number)}", f"{name}:{int(number) - 1}"
    counts = cache.get_many([current, before])
    used = counts.get(current, 0) + math.floor(counts.get(before, 0) * (1 - into / window))
    if used >= limit:
        wait = min(LONGEST_WAIT, max(1, math.ceil(window - into)))
        return Verdict(allowed=False, limit=limit, remaining=0, retry_after=wait)
    if by:
        # Two that come at the same moment may both pass at the limit: a limit, not a lock.
        cache.add(current, 0, timeout=2 * window)
        used += int(cache.incr(current)) - counts.get(current, 0)
    return Verdict(allowed=used <= limit, limit=limit, remaining=max(0, limit - used), retry_after=0)


def _name(bucket: str, who: str, moment: float) -> str:
    message = f"{bucket}\0{who}".encode()
    return "rate:" + hmac.new(_salt(int(moment // 86_400)), message, sha256).hexdigest()[:32]


def _salt(day: int) -> bytes:
    key = f"rate-salt:{day}"
    salt = cache.get(key)
    if salt is None:
        # Whoever comes first decides; the others read what stands there.
        cache.add(key, secrets.token_bytes(32), timeout=_SALT_LIVES)
        salt = cache.get(key)
    return bytes(salt)
