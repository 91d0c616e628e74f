"""The broker forgets everything, again and again, while reminders go out: nothing is lost, nothing comes twice."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass

from bench.rounds import Figure
from bench.worker_group import a_worker_group, wait_until

REMINDERS, FLUSHES = 500, 10
_SLOWLY = 0.02  # seconds a letter


@dataclass(frozen=True)
class Drill:
    """What came of it."""

    reminders: int
    arrived: int
    distinct: int
    seconds: float

    def holds(self) -> bool:
        return self.distinct == self.arrived == self.reminders


def drill(*, reminders: int, flushes: int, everything: bool = False) -> Drill:
    """everything: FLUSHALL, on a server that is ours alone; else only what the broker holds for these workers."""
    from bench.made_events import agency
    from bench.people import invited_people, reminder_due_now
    from outreach.ledger.models import Delivery
    from tests.makers.mail_server import a_mail_server

    event = reminder_due_now(agency())
    invited_people(event, reminders)
    rows = Delivery.objects.filter(event=event, kind="reminder")
    began = time.monotonic()
    with a_mail_server() as post:
        post.after_data = lambda _recipient: _SLOWLY
        with a_worker_group(post.port) as group:
            for number in range(flushes):
                share = reminders * number // (flushes + 1)
                wait_until(lambda share=share: len(post.letters) >= share, seconds=240, what="mail")  # type: ignore[misc]
                group.flush_broker(everything=everything)
            wait_until(
                lambda: rows.filter(state="sent").count() == reminders,
                seconds=120,
                what="the end of the ledger",
            )
        counted = Counter(str(letter["Message-ID"]) for letter in post.letters)
    return Drill(reminders, sum(counted.values()), len(counted), time.monotonic() - began)


def run() -> list[Figure]:
    came = drill(reminders=REMINDERS, flushes=FLUSHES, everything=True)
    if not came.holds():
        raise AssertionError(str(came))
    note = f"{came.arrived} arrived, {came.distinct} distinct; {came.seconds:.0f} s"
    return [Figure(f"{FLUSHES} FLUSHALLs under {REMINDERS} reminders", "", [float(came.distinct)], note=note)]
