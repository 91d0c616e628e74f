"""A cache and broker that hangs, is full, takes no writes, or forgets everything, while people save their places."""

from __future__ import annotations

import contextlib
import time

from bench.drills import Observed, drill
from bench.drills.standing import Site, a_site, an_event, counted, mailed, residents

_HELD = "no resident notices (each answer within 3 s); each place once; each letter once"


def _told(site: Site, *words: str) -> None:
    import redis

    with contextlib.closing(
        redis.Redis(unix_socket_path=str(site.valkey.socket), socket_timeout=5)
    ) as client:
        client.execute_command(*words)


def _meanwhile(
    fault: object, *, many: int = 4, throttles: str = "off", slowest: float = 3, letters: float = 60
) -> Observed:
    with a_site(throttles=throttles) as site:
        event = an_event()
        with residents(site, event, many=many) as seen:
            time.sleep(2)
            fault(site)  # type: ignore[operator]
            time.sleep(2)
        ended = [name for name in ("worker", "beat") if site.children[name].poll() is not None]
        for name in ended:
            # As whoever keeps processes does (compose, systemd, the demo's supervisor).
            site.start(name)
        right, rows = counted(event, seen)
        arrived, post = mailed(site, seen, seconds=letters)
    held = right and arrived and seen.slowest <= slowest and not seen.statuses.get(0)
    again = f"; {' and '.join(ended)} ended and was started again" if ended else ""
    return Observed(held, f"{seen}; {rows}; {post}{again}")


@drill(
    "cache_hangs", fault="Valkey held still for 20 s (SIGSTOP), 12 people at once, limits on", expected=_HELD
)
def cache_hangs() -> Observed:
    return _meanwhile(lambda site: site.held_still("valkey", 20), many=12, throttles="on")


@drill("cache_full", fault="Valkey full (1 MB, nothing evicted) for 15 s", expected=_HELD)
def cache_full() -> Observed:
    def fault(site: Site) -> None:
        _told(site, "CONFIG", "SET", "maxmemory-policy", "noeviction")
        _told(site, "CONFIG", "SET", "maxmemory", "1mb")
        time.sleep(15)
        _told(site, "CONFIG", "SET", "maxmemory", "256mb")

    return _meanwhile(fault)


@drill("cache_reads_only", fault="Valkey takes no writes for 15 s", expected=_HELD)
def cache_reads_only() -> Observed:
    def fault(site: Site) -> None:
        _told(site, "REPLICAOF", "127.0.0.1", "1")
        time.sleep(15)
        _told(site, "REPLICAOF", "NO", "ONE")

    return _meanwhile(fault)


@drill("cache_forgets", fault="FLUSHALL, 8 times", expected=_HELD)
def cache_forgets() -> Observed:
    def fault(site: Site) -> None:
        for _ in range(8):
            _told(site, "FLUSHALL")
            time.sleep(1)

    return _meanwhile(fault)
