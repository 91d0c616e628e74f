"""Celery's door: each task makes one call. A message from the broker says at most "look now"; what is due stands in tables."""

from __future__ import annotations

from celery import shared_task

from outreach.worker import rounds
from outreach.worker.doorbell import answered
from outreach.worker.round_taking import BEAT, SWEEP, through


@shared_task
def look_now() -> None:
    """Announce, plan and send whatever is due, until nothing is."""
    answered()
    rounds.look_now()


@shared_task
def tick() -> None:
    """From the beat, and only a bonus: whatever is due, if no worker's own timer was there before."""
    through(BEAT)
    rounds.Rota([*rounds.ROUNDS]).look()


def _by_name(name: str) -> None:
    def go() -> None:
        rounds.go_if_due(name)

    go.__name__ = name
    shared_task(name=f"{__name__}.{name}")(go)


# As older beats ask for them: each at most as often as its time comes.
for _name in rounds.ROUNDS:
    if _name != SWEEP:
        _by_name(_name)
