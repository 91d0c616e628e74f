"""What is counted for /metrics: requests by route, and what the ledger holds. Nothing here has a resident's trait."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator

from django.db import connection
from django.db.backends.utils import CursorWrapper
from prometheus_client import CollectorRegistry, Counter, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily, Metric

from engage.listening.intake_watching import troubles
from outreach.worker.round_taking import BEAT, SWEEP

_registry = CollectorRegistry()
_requests = Counter(
    "engage_requests",
    "Requests answered, by route name and speed class.",
    ["method", "route", "status", "speed"],
    registry=_registry,
)

_LEDGER = """
    SELECT state, count(*), coalesce(extract(epoch FROM max(now() - due_at)), 0)
    FROM outreach_delivery WHERE state IN ('due', 'claimed', 'sending') GROUP BY state
"""
_ENDED_BADLY = """
    SELECT state, count(*) FROM outreach_delivery WHERE state IN ('failed', 'uncertain') GROUP BY state
"""
_AGAIN = """
    SELECT reason, count(*) FROM outreach_delivery WHERE state = 'due' AND reason <> '' GROUP BY reason
"""
# A trouble that nobody has met for ten minutes is over, or nothing was due since.
_CHANNELS = """
    SELECT channel, trouble, extract(epoch FROM now() - since) FROM outreach_channelstate
    WHERE trouble <> '' AND last_seen_at > now() - interval '10 minutes'
"""
_ROUNDS = """
    SELECT name, extract(epoch FROM now() - coalesce(through_at, began_at)) FROM outreach_round
"""
_UNANNOUNCED = """
    SELECT count(*), coalesce(extract(epoch FROM max(now() - at)), 0)
    FROM engage_activity WHERE announced_at IS NULL
"""


def count_request(*, method: str, route: str, status: int, speed: str) -> None:
    # A client may send any word as a method; each would be a series for ever.
    known = method if method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} else "other"
    _requests.labels(known, route, str(status), speed).inc()


class _Ledger:
    """Asked at each scrape: what waits, what ended badly, what stands still. Partial indexes answer."""

    def collect(self) -> Iterator[Metric]:
        with connection.cursor() as cursor:
            yield from _open_messages(cursor)
            yield from _ended_badly(cursor)
            yield from _acts(cursor)
            yield from _what_stands_still(cursor)


def _open_messages(cursor: CursorWrapper) -> Iterator[Metric]:
    count = GaugeMetricFamily(
        "engage_deliveries_open", "Messages not settled yet, by state.", labels=["state"]
    )
    age = GaugeMetricFamily(
        "engage_delivery_oldest_seconds", "How long the oldest message has been due.", labels=["state"]
    )
    cursor.execute(_LEDGER)
    for state, number, seconds in cursor.fetchall():
        count.add_metric([state], number)
        age.add_metric([state], float(seconds))
    again = GaugeMetricFamily(
        "engage_deliveries_tried_again", "Messages due again, by what was in the way.", labels=["reason"]
    )
    cursor.execute(_AGAIN)
    for reason, number in cursor.fetchall():
        again.add_metric([reason], number)
    yield from (count, age, again)


def _ended_badly(cursor: CursorWrapper) -> Iterator[Metric]:
    cursor.execute(_ENDED_BADLY)
    counted = dict(cursor.fetchall())
    for state, words in (
        ("failed", "Messages given up for good; manage.py send_again sends them again."),
        ("uncertain", "Messages of which nobody knows whether they arrived."),
    ):
        yield GaugeMetricFamily(f"engage_deliveries_{state}", words, value=counted.get(state, 0))


def _acts(cursor: CursorWrapper) -> Iterator[Metric]:
    cursor.execute(_UNANNOUNCED)
    number, seconds = cursor.fetchone() or (0, 0)
    yield GaugeMetricFamily(
        "engage_activities_unannounced", "Acts that nobody has announced yet.", value=number
    )
    yield GaugeMetricFamily(
        "engage_activity_oldest_seconds", "How long the oldest of them has waited.", value=float(seconds)
    )


def _what_stands_still(cursor: CursorWrapper) -> Iterator[Metric]:
    down = GaugeMetricFamily(
        "engage_channel_down_seconds",
        "For how long a channel has taken nothing, and why.",
        labels=["channel", "error"],
    )
    cursor.execute(_CHANNELS)
    for channel, error, seconds in cursor.fetchall():
        down.add_metric([channel, error], float(seconds))
    rounds = GaugeMetricFamily(
        "engage_round_age_seconds", "Since a worker last came through this round.", labels=["round"]
    )
    cursor.execute(_ROUNDS)
    ages = {name: float(seconds) for name, seconds in cursor.fetchall()}
    for name, seconds in sorted(ages.items()):
        rounds.add_metric([name], seconds)
    yield from (down, rounds)
    # NaN until the first: an alarm on "not less than a minute" then rings.
    for name, metric, words in (
        (SWEEP, "engage_last_sweep_seconds", "Since a worker last looked for what is due."),
        (BEAT, "engage_last_beat_seconds", "Since a tick of the beat last reached a worker."),
    ):
        yield GaugeMetricFamily(metric, words, value=ages.get(name, math.nan))


class _Intake:
    """What keeps words without a name from going on; numbers of runs and texts, never whose."""

    def collect(self) -> Iterator[Metric]:
        found = troubles()
        missed = GaugeMetricFamily(
            "engage_intake_runs_missed",
            "Runs of the intake in a row that did not get its table; 5 are an alarm.",
        )
        unopened = GaugeMetricFamily(
            "engage_intake_texts_unopened", "Due texts that the worker has no key for; any is an alarm."
        )
        missed.add_metric([], found.missed)
        unopened.add_metric([], found.unopened)
        yield from (missed, unopened)


def exposition() -> bytes:
    """Prometheus' text format. Requests of all web processes where PROMETHEUS_MULTIPROC_DIR is set, else of this one."""
    ledger = CollectorRegistry(auto_describe=False)
    ledger.register(_Ledger())
    ledger.register(_Intake())
    requests = _registry
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        requests = CollectorRegistry()
        multiprocess.MultiProcessCollector(requests)
    return generate_latest(requests) + generate_latest(ledger)
