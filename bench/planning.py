"""Planning reminders for 100,000 places: one statement; and a sweep with nothing due over the rows it left."""

from __future__ import annotations

from bench.made_events import agency
from bench.people import invited_people, reminder_due_now
from bench.rounds import Figure, timed

RSVPS = 100_000


def run() -> list[Figure]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from outreach.ledger.claiming import claim, recover_lost
    from outreach.ledger.models import Delivery
    from outreach.reminders.planning import plan_reminders

    event = reminder_due_now(agency())
    invited_people(event, RSVPS)
    planning = timed(plan_reminders) / 1000
    planned = Delivery.objects.filter(event=event)
    assert planned.count() == RSVPS
    planned.update(state="sent")
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")

    def nothing_due() -> None:
        recover_lost()
        assert not claim().ids

    with CaptureQueriesContext(connection) as queries:
        nothing_due()
    idle = [timed(nothing_due, times=20) for _ in range(5)]
    return [
        Figure("planning 100,000 reminders", "s", [planning], target="≤ 5 s"),
        Figure(
            "sweep with nothing due, 100,000 rows",
            "ms",
            idle,
            target="≤ 20 ms",
            note=f"{len(queries)} statements",
        ),
    ]
