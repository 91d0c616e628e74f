"""The worker group is killed again and again while reminders go out: each arrives; doubles only where a kill hit one.

The two minutes of a lease are skipped by setting it back in the table, so that the drill takes minutes and not hours.
"""

from __future__ import annotations

import datetime as dt
import random
import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from bench.rounds import Figure
from bench.worker_group import a_worker_group, wait_until

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from outreach.ledger.models import Delivery

REMINDERS, KILLS = 500, 40
# A server that takes its time, so that a kill finds something in flight.
_SLOWLY = 0.03  # seconds a letter


@dataclass(frozen=True)
class Drill:
    """What came of it. in_flight: letters that were being sent at the moment of a kill, summed over kills."""

    reminders: int
    kills: int
    arrived: int
    distinct: int
    in_flight: int
    doubled_elsewhere: int
    states: dict[str, int]
    seconds: float

    def holds(self) -> bool:
        return (
            self.distinct == self.reminders
            and self.doubled_elsewhere == 0
            and self.arrived - self.distinct <= self.in_flight
            and set(self.states) == {"sent"}
        )


def drill(*, reminders: int, kills: int, concurrency: int = 2) -> Drill:
    """Kill ``kills`` times, then let the rest go out. Raises TimeoutError."""
    from bench.made_events import agency
    from bench.people import invited_people, reminder_due_now
    from outreach.ledger.models import Delivery
    from tests.makers.mail_server import a_mail_server

    event = reminder_due_now(agency())
    invited_people(event, reminders)
    rows = Delivery.objects.filter(event=event, kind="reminder")
    hit: Counter[str] = Counter()
    began = time.monotonic()
    with a_mail_server() as post:
        post.after_data = lambda _recipient: _SLOWLY
        with a_worker_group(post.port, concurrency=concurrency) as group:
            for _kill in range(kills):
                share = max(1, reminders // (2 * kills))
                enough = len(post.letters) + random.randint(1, share)
                wait_until(lambda enough=enough: len(post.letters) >= enough, seconds=240, what="mail")  # type: ignore[misc]
                time.sleep(random.uniform(0, _SLOWLY))
                group.kill_worker()
                hit.update(_name(pk) for pk in rows.filter(state="sending").values_list("pk", flat=True))
                _skip_the_lease(rows)
                group.start_worker()
            wait_until(lambda: _settled(rows, reminders), seconds=180, what="the end of the ledger")
        counted = Counter(str(letter["Message-ID"]) for letter in post.letters)
    return Drill(
        reminders=reminders,
        kills=kills,
        arrived=sum(counted.values()),
        distinct=len(counted),
        in_flight=sum(hit.values()),
        doubled_elsewhere=sum(max(0, count - 1 - hit[name]) for name, count in counted.items()),
        states=dict(Counter(rows.values_list("state", flat=True))),
        seconds=time.monotonic() - began,
    )


def _name(pk: UUID) -> str:
    from outreach.letters.wire_format import message_id

    return message_id(pk)


def _skip_the_lease(rows: QuerySet[Delivery]) -> None:
    over = timezone.now() - dt.timedelta(seconds=1)
    rows.filter(claimed_until__isnull=False).update(claimed_until=over)


def _settled(rows: QuerySet[Delivery], reminders: int) -> bool:
    # What waits for its next try (an uncertain one, say) need not wait here for the clock.
    rows.filter(state="due", due_at__gt=timezone.now()).update(due_at=timezone.now())
    return rows.filter(state="sent").count() == reminders


def run() -> list[Figure]:
    came = drill(reminders=REMINDERS, kills=KILLS)
    if not came.holds():
        raise AssertionError(str(came))
    note = (
        f"{came.distinct} distinct Message-IDs, {came.arrived - came.distinct} came twice, "
        f"{came.in_flight} were in flight at a kill; {came.seconds:.0f} s"
    )
    return [Figure(f"{KILLS} SIGKILLs under {REMINDERS} reminders", "", [float(came.distinct)], note=note)]
