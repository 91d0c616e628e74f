"""The Celery app. The broker is a doorbell: everything that is due stands in PostgreSQL."""

import os
import signal
import threading
from typing import Any

from celery import Celery
from celery.signals import (
    worker_init,
    worker_process_init,
    worker_process_shutdown,
    worker_shutting_down,
)
from kombu.transport.redis import Transport
from redis.exceptions import OutOfMemoryError, ReadOnlyError

from config.time_limits import WORK, this_process_does

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("engage")
# Not read before it is needed: a worker or a clock whose settings are wrong ends there, with one sentence.
app.config_from_object("config.worker_settings:settings", namespace="CELERY")
app.autodiscover_tasks(["outreach"])
# The beat is a bonus: workers look by timers of their own, and two beats, or none, do as one. Every 15 s; what is due, and
# how often it is looked for, stands in outreach/worker/rounds.py. A tick is kept for a day: that only keeps a broker
# without a worker from holding ticks for ever, and decides nothing, whatever the clocks of two machines say.
app.conf.beat_schedule = {
    "tick": {"task": "outreach.tasks.tick", "schedule": 15.0, "options": {"expires": 86_400}}
}
# For ever: a worker goes on without a broker, by timers of its own, and takes rings again once it is back.
app.conf.broker_connection_max_retries = None
# A broker that is full, or a copy that only reads, is one to come back to; Celery would end the worker.
Transport.connection_errors = (*Transport.connection_errors, OutOfMemoryError, ReadOnlyError)

_sweeper: Any = None
# Its writing end is the parent's alone: closed, it tells every process below to begin nothing more.
_told_to_end: tuple[int, int] | None = None
_parent = 0


@worker_init.connect
def work_at_its_own_pace(**_: Any) -> None:
    """Before the worker's processes are forked: they inherit the longer limits."""
    global _told_to_end, _parent
    this_process_does(WORK)
    _told_to_end, _parent = os.pipe(), os.getpid()


@worker_shutting_down.connect
def tell_those_below(**_: Any) -> None:
    global _told_to_end
    if _told_to_end is not None:
        _reading, writing = _told_to_end
        _told_to_end = None
        os.close(writing)


@worker_process_init.connect
def look_by_its_own_timer(**_: Any) -> None:
    """In each process that works: what is due is found without broker and beat."""
    global _sweeper
    from outreach.worker.sweeping import Sweeper

    # With ``--pool solo`` nobody is below: the one process hears of its end by itself.
    below = _told_to_end if os.getpid() != _parent else None
    if below is not None:
        # systemd and a terminal tell the whole group to end. A letter cut off in the middle would be one of which nobody
        # knows whether it came; the parent was told too, and ends this process when what is under way is done.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _sweeper = Sweeper()
    _sweeper.start()
    if below is not None:
        reading, writing = below
        os.close(writing)
        threading.Thread(target=_end_with_the_parent, args=(reading,), daemon=True).start()


def _end_with_the_parent(told: int) -> None:
    """Waits until the parent was told to end, or is gone."""
    from outreach.sending.batch import ending

    os.read(told, 1)
    ending.set()


@worker_process_shutdown.connect
def finish_what_is_under_way(**_: Any) -> None:
    if _sweeper is not None:
        _sweeper.end()
