"""A crowd that wants the same seats at the same moment: threads, and processes with connections of their own."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

from django.db import connections


def all_at_once(acts: list[Callable[[], Any]], *, threads: int) -> list[Any]:
    """Run ``acts`` on as many threads, which start together; what was raised stands in the place of an answer."""
    start = threading.Barrier(min(threads, len(acts)))
    waited = threading.local()

    def run(act: Callable[[], Any]) -> Any:
        if not hasattr(waited, "done"):
            waited.done = True
            start.wait(timeout=30)
        try:
            return act()
        except Exception as raised:
            return raised
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=threads) as pool:
        return list(pool.map(run, acts))


def in_processes(
    event_id: UUID, parties: list[int], *, processes: int, threads: int
) -> list[tuple[str, int | None]]:
    """Ask for a place for each of ``parties``, spread over processes: (status, position) of each, or the error's name."""
    database = str(connections["default"].settings_dict["NAME"])
    shares = [(event_id, parties[number::processes], database, threads) for number in range(processes)]
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        return [answer for share in pool.starmap(_take_a_share, shares) for answer in share]


def _take_a_share(
    event_id: UUID, parties: list[int], database: str, threads: int
) -> list[tuple[str, int | None]]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    for alias in ("default", "owner"):
        connections[alias].settings_dict["NAME"] = database
        connections.settings[alias]["NAME"] = database
    return [as_words(answer) for answer in all_at_once(asking(event_id, parties), threads=threads)]


def asking(event_id: UUID, parties: list[int]) -> list[Callable[[], Any]]:
    from django.utils import timezone

    from events.rsvps.responding import respond

    def ask(number: int, party: int) -> Callable[[], Any]:
        email = f"r{number}@mail.example" if number % 2 else ""
        return lambda: respond(event_id, party_size=party, email=email, now=timezone.now())

    return [ask(number, party) for number, party in enumerate(parties)]


def as_words(answer: Any) -> tuple[str, int | None]:
    if isinstance(answer, Exception):
        return type(answer).__name__, None
    return str(answer.rsvp.status), answer.waitlist_position
