"""Server time of pages, wall clock and CPU, and their number of queries, beside the least a page of this server can take.

Once on the demo's data (with DEMO_DATA also the real notices), once on an agency with 20,000 promises. The figures are
of one process without a network: what a page costs the server. On a machine that others use too, the least of many is
what the page takes, and the median what it took.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bench.page_acts import check_ins, rsvps
from bench.pages_to_measure import big_pages, public_pages, staff_pages
from bench.rounds import Figure

TIMES = 60
# The first ones load what every process loads once.
_UNCOUNTED = 5
# Who is there and what they may do: the same three for every page of the staff.
_SIGN_IN = ('FROM "engage_signinsession"', 'FROM "engage_person"', 'FROM "engage_role"')
# Statements that open and close transactions are no questions.
_NO_QUESTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


@dataclass(frozen=True)
class Page:
    """What is measured. ask: one request; before: what comes first and is not timed.

    queries: at the most, who is signed in not counted. milliseconds: at the median.
    """

    name: str
    ask: Callable[[], Any]
    milliseconds: float
    queries: int
    expected: tuple[int, ...] = (200,)
    before: Callable[[], object] = lambda: None


@dataclass
class Measured:
    """Milliseconds of each request, by the clock and of this process's CPU."""

    wall: list[float]
    cpu: list[float]


def run() -> list[Figure]:
    from django.core.management import call_command
    from django.test import Client

    call_command("load_demo", data=os.environ.get("DEMO_DATA") or None)
    client = Client()
    bare = Page("a bare answer", lambda: client.get("/healthz"), 0, 0)
    pages = [Page(*given) for given in (*public_pages(), *staff_pages(), *big_pages())]
    acts = [Page(*given) for given in (rsvps(TIMES), check_ins(TIMES))]
    return [_figure(page, bare) for page in (*pages, *acts)]


def _figure(page: Page, bare: Page) -> Figure:
    ours, least = _in_turn(page, bare)
    all_queries, queries = _queries(page)
    signed_in = f" and {all_queries - queries} for the sign-in" if all_queries > queries else ""
    note = (
        f"least {min(ours.wall):.1f}, CPU {statistics.median(ours.cpu):.1f} (least {min(ours.cpu):.1f}) ms; "
    )
    note += f"{queries} queries{signed_in}"
    if queries > page.queries:
        note += f": **more than {page.queries}**"
    if statistics.median(ours.wall) > page.milliseconds:
        note += "; **over its budget**"
    target = f"≤ {page.milliseconds:.0f} ms, ≤ {page.queries}"
    return Figure(page.name, "ms", ours.wall, least.wall, "ms for a bare answer", target, note)


def _queries(page: Page) -> tuple[int, int]:
    """All, and those without the sign-in's."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    page.before()
    with CaptureQueriesContext(connection) as asked:
        page.ask()
    found = [row["sql"] for row in asked if not row["sql"].startswith(_NO_QUESTION)]
    return len(found), sum(not any(part in sql for part in _SIGN_IN) for sql in found)


def _in_turn(page: Page, bare: Page) -> tuple[Measured, Measured]:
    ours, least = Measured([], []), Measured([], [])
    for number in range(TIMES + _UNCOUNTED):
        for asked, found in ((page, ours), (bare, least)):
            asked.before()
            began, cpu = time.perf_counter(), time.process_time()
            answer = asked.ask()
            took, worked = time.perf_counter() - began, time.process_time() - cpu
            if answer.status_code not in asked.expected:
                raise AssertionError(f"{asked.name} answered {answer.status_code}")
            if number >= _UNCOUNTED:
                found.wall.append(took * 1000)
                found.cpu.append(worked * 1000)
    return ours, least
