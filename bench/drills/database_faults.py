"""A database that hangs, is locked, or has no connection left."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator

import psycopg

from bench.drills import Observed, drill
from bench.drills.standing import Site, a_site, an_event, ask, counted, mailed, residents

_SECONDS = 30


@contextlib.contextmanager
def _held(site: Site, statement: str, seconds: float) -> Iterator[None]:
    """One more client takes a lock and keeps it so long."""
    with psycopg.connect(site.postgres.url("engage_owner")) as connection:
        connection.execute("SET lock_timeout = 0")
        connection.execute("SET idle_in_transaction_session_timeout = 0")
        connection.execute(statement)
        began = time.monotonic()
        yield
        time.sleep(max(0.0, seconds - (time.monotonic() - began)))
        connection.rollback()


@drill("row_lock", fault=f"one meeting's row locked for {_SECONDS} s, 20 people save places there", expected="that meeting 503 with Retry-After within 5 s; every other answer, /healthz too, within 1 s")  # fmt: skip
def row_lock() -> Observed:
    with a_site("web") as site:
        locked, other = an_event(), an_event()
        worst: dict[str, float] = {"there": 0.0, "other": 0.0, "healthz": 0.0}
        odd: list[int] = []
        over = threading.Event()

        def come() -> None:
            while not over.is_set():
                status, headers, _, took = ask(
                    site.port, "POST", f"/api/v1/events/{locked.pk}/rsvps/", {"party_size": 1}
                )
                worst["there"] = max(worst["there"], took)
                if not (status == 503 and "retry-after" in headers) and status != 201:
                    odd.append(status)

        with _held(site, f"SELECT 1 FROM events_event WHERE id = '{locked.pk}' FOR UPDATE", _SECONDS):
            crowd = [threading.Thread(target=come, daemon=True) for _ in range(20)]
            for one in crowd:
                one.start()
            until = time.monotonic() + _SECONDS - 4
            while time.monotonic() < until:
                status, _, _, took = ask(
                    site.port, "POST", f"/api/v1/events/{other.pk}/rsvps/", {"party_size": 1}
                )
                worst["other"] = max(worst["other"], took)
                odd += [status] if status != 201 else []
                status, took = site.get("/healthz")
                worst["healthz"] = max(worst["healthz"], took)
                odd += [status] if status != 200 else []
                time.sleep(0.1)
            over.set()
        for one in crowd:
            one.join(timeout=40)
    held = worst["there"] <= 5 and worst["other"] <= 1 and worst["healthz"] <= 1 and not odd
    said = ", ".join(f"{name} at most {seconds:.1f} s" for name, seconds in worst.items())
    return Observed(held, f"{said}; {len(odd)} odd answers {sorted(set(odd))}")


def _table_locked(table: str) -> Observed:
    with a_site("web") as site:
        event = an_event()
        with residents(site, event, mail=False) as seen:
            time.sleep(1)
            with _held(site, f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE", 20):
                time.sleep(1)
            time.sleep(1)
        right, rows = counted(event, seen)
    held = right and seen.slowest <= 5 and seen.without_retry_after == 0
    return Observed(held, f"{seen}; {rows}")


@drill("activity_locked", fault="the table of acts locked for 20 s", expected="each answer within 5 s (503 with Retry-After), nothing half done")  # fmt: skip
def activity_locked() -> Observed:
    return _table_locked("engage_activity")


@drill("ledger_locked", fault="the ledger of letters locked for 20 s", expected="each answer within 5 s, nothing half done")  # fmt: skip
def ledger_locked() -> Observed:
    return _table_locked("outreach_delivery")


@drill("database_still", fault="PostgreSQL held still for 20 s (SIGSTOP)", expected="answered or 503; all there, letters once")  # fmt: skip
def database_still() -> Observed:
    with a_site() as site:
        event = an_event()
        with residents(site, event) as seen:
            time.sleep(1)
            site.held_still("postgres", 20)
            time.sleep(2)
        right, rows = counted(event, seen)
        arrived, post = mailed(site, seen, seconds=90)
    return Observed(right and arrived, f"{seen}; {rows}; {post}")


@drill("no_connection_left", fault="the role may hold 4 connections, all others are ended", expected="503 with Retry-After at once; all there; back within 2 s")  # fmt: skip
def no_connection_left() -> Observed:
    with a_site() as site:
        event = an_event()
        with psycopg.connect(
            host=str(site.postgres.sockets), user="postgres", dbname="postgres", autocommit=True
        ) as root:
            with residents(site, event, many=12, pause=0) as seen:
                time.sleep(1)
                root.execute("ALTER ROLE engage_app CONNECTION LIMIT 4")
                root.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'engage_app'"
                )
                time.sleep(8)
                root.execute("ALTER ROLE engage_app CONNECTION LIMIT -1")
                back = time.monotonic()
                time.sleep(3)
            first = min((at - back for at in seen.successes if at >= back), default=99.0)
        right, rows = counted(event, seen)
        arrived, post = mailed(site, seen, seconds=90)
    held = right and arrived and first <= 2 and seen.without_retry_after == 0
    return Observed(held, f"{seen}; back after {first:.2f} s; {rows}; {post}")
