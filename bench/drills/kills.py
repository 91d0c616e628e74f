"""Processes that are killed while people save their places."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time

import psycopg

from bench.drills import Observed, drill
from bench.drills.standing import Site, a_site, an_event, counted, mailed, residents

_ALL_THERE = "each place told of is there, none twice, each letter once"


def _under_load(fault: object, *, letters: float = 60, gap: float = 15) -> Observed:
    with a_site() as site:
        event = an_event()
        with residents(site, event) as seen:
            time.sleep(2)
            fault(site)  # type: ignore[operator]
            time.sleep(2)
        right, rows = counted(event, seen)
        arrived, post = mailed(site, seen, seconds=letters)
    held = right and arrived and seen.longest_gap <= gap and seen.without_retry_after == 0
    return Observed(held, f"{seen}; {rows}; {post}")


@drill("kill_web", fault="SIGKILL to the whole web server, 3 times under load", expected=_ALL_THERE)
def kill_web() -> Observed:
    def fault(site: Site) -> None:
        for _ in range(3):
            site.kill("web")
            site.start("web")
            time.sleep(1)

    return _under_load(fault)


@drill("kill_web_process", fault="SIGKILL to one web process, 6 times under load", expected=_ALL_THERE)
def kill_web_process() -> Observed:
    def fault(site: Site) -> None:
        for _ in range(6):
            found = subprocess.run(
                ["pgrep", "-P", str(site.children["web"].pid)], capture_output=True, text=True, check=False
            )
            os.kill(int(found.stdout.split()[0]), signal.SIGKILL)
            time.sleep(1)

    return _under_load(fault)


@drill("kill_worker", fault="40 SIGKILLs of the worker group under 300 reminders", expected="none lost; at most one in flight for each kill comes twice, under the same Message-ID", limit=900)  # fmt: skip
def kill_worker() -> Observed:
    from bench.sigkill_drill import drill as run

    with a_site("beat") as site:
        site.kill("beat")
        came = run(reminders=300, kills=40)
    said = f"{came.distinct} of {came.reminders} arrived, {came.arrived - came.distinct} twice, {came.in_flight} in flight at a kill"
    return Observed(came.holds(), said)


@drill("kill_database", fault="SIGKILL to PostgreSQL, 3 times under load", expected=f"503 meanwhile; {_ALL_THERE}, within 60 s")  # fmt: skip
def kill_database() -> Observed:
    def fault(site: Site) -> None:
        for _ in range(3):
            site.kill("postgres")
            site.start("postgres")
            time.sleep(2)

    return _under_load(fault)


@drill("restart_database", fault="PostgreSQL restarted (fast), 3 times under load", expected=f"503 meanwhile; {_ALL_THERE}, within 60 s")  # fmt: skip
def restart_database() -> Observed:
    def fault(site: Site) -> None:
        for _ in range(3):
            site.postgres.stop(site.children["postgres"])
            site.start("postgres")
            time.sleep(2)

    return _under_load(fault)


def end_one_backend(site: Site, chance: random.Random) -> bool:
    """pg_terminate_backend of one connection of the application, whatever it is doing. False where there is none."""
    with psycopg.connect(
        host=str(site.postgres.sockets), user="postgres", dbname="postgres", autocommit=True
    ) as root:
        found = root.execute("SELECT pid FROM pg_stat_activity WHERE usename = 'engage_app'").fetchall()
        if not found:
            return False
        root.execute("SELECT pg_terminate_backend(%s)", [chance.choice(found)[0]])
    return True


@drill("kill_backends", fault="pg_terminate_backend of one connection of web or worker, 60 times under load", expected=f"503 at most; {_ALL_THERE}, within 60 s")  # fmt: skip
def kill_backends() -> Observed:
    chance, ended = random.Random(1), []

    def fault(site: Site) -> None:
        for _ in range(60):
            ended.append(end_one_backend(site, chance))
            time.sleep(0.25)

    seen = _under_load(fault)
    return Observed(seen.held and sum(ended) >= 50, f"{sum(ended)} ended; {seen.said}")


@drill("kill_cache", fault="SIGKILL to Valkey 4 times, then 20 s without it, under load", expected=f"residents notice nothing; {_ALL_THERE}")  # fmt: skip
def kill_cache() -> Observed:
    def fault(site: Site) -> None:
        for _ in range(4):
            site.kill("valkey")
            site.start("valkey")
            time.sleep(1)
        site.kill("valkey")
        time.sleep(20)
        site.start("valkey")

    return _under_load(fault, gap=3)
