"""When the beat ticks. It only ticks: due times live in our tables, and two beats do as one."""

from __future__ import annotations

from typing import Any, Final

from celery.schedules import crontab

_EVERY: Final = {
    # Seconds. Hints make most of it immediate; with every hint lost, this alone is enough.
    "look_now": 5,
    "advance_events": 15,
    "lapse_offers": 30,
    "promote_waiting": 60,
    "empty_intake_of_live_meetings": 120,
    "empty_intake_of_the_day": 3600,
    "freeze_totals": 300,
}

BEAT_SCHEDULE: Final[dict[str, dict[str, Any]]] = {
    name: {
        "task": f"outreach.tasks.{name}",
        "schedule": float(seconds),
        # A tick that nobody took before the next is worth nothing: a broker that comes back holds no pile of them.
        "options": {"expires": seconds},
    }
    for name, seconds in _EVERY.items()
} | {
    "recompute_instants": {
        "task": "outreach.tasks.recompute_instants",
        "schedule": crontab(hour="2", minute="10"),
    },
    # UTC; a missed night is caught up by the next, since every row carries its own day.
    "purge": {"task": "outreach.tasks.purge", "schedule": crontab(hour="3", minute="30")},
}
