"""The Celery app. The broker is a doorbell: everything that is due stands in PostgreSQL."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_init, worker_process_init, worker_process_shutdown
from kombu.transport.redis import Transport
from redis.exceptions import OutOfMemoryError, ReadOnlyError

from config.time_limits import WORK, this_process_does
from outreach.beat_schedule import BEAT_SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("engage")
# Not read before it is needed: a worker or a clock whose settings are wrong ends there, with one sentence.
app.config_from_object("config.worker_settings:settings", namespace="CELERY")
app.autodiscover_tasks(["outreach"])
app.conf.beat_schedule = BEAT_SCHEDULE
# For ever: a worker goes on without a broker, by timers of its own, and takes rings again once it is back.
app.conf.broker_connection_max_retries = None
# A broker that is full, or a copy that only reads, is one to come back to; Celery would end the worker.
Transport.connection_errors = (*Transport.connection_errors, OutOfMemoryError, ReadOnlyError)

_sweeper: Any = None


@worker_init.connect
def work_at_its_own_pace(**_: Any) -> None:
    """Before the worker's processes are forked: they inherit the longer limits."""
    this_process_does(WORK)


@worker_process_init.connect
def look_by_its_own_timer(**_: Any) -> None:
    """In each process that was forked: what is due is found without broker and beat."""
    global _sweeper
    from outreach.sweeping import Sweeper

    _sweeper = Sweeper()
    _sweeper.start()


@worker_process_shutdown.connect
def finish_what_is_under_way(**_: Any) -> None:
    if _sweeper is not None:
        _sweeper.end()
