"""What is counted for /metrics: requests by route, and what the ledger holds. Nothing here has a resident's trait."""

from __future__ import annotations

import os
from collections.abc import Iterator

from django.db import connection
from prometheus_client import CollectorRegistry, Counter, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily, Metric

from engage.intake_watching import troubles

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
_UNANNOUNCED = """
    SELECT count(*), coalesce(extract(epoch FROM max(now() - at)), 0)
    FROM engage_activity WHERE announced_at IS NULL
"""


def count_request(*, method: str, route: str, status: int, speed: str) -> None:
    # A client may send any word as a method; each would be a series for ever.
    known = method if method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} else "other"
    _requests.labels(known, route, str(status), speed).inc()


class _Ledger:
    """Asked at each scrape: what still waits, and for how long the oldest has been due. Partial indexes answer."""

    def collect(self) -> Iterator[Metric]:
        count = GaugeMetricFamily(
            "engage_deliveries_open", "Messages not settled yet, by state.", labels=["state"]
        )
        age = GaugeMetricFamily(
            "engage_delivery_oldest_seconds", "How long the oldest message has been due.", labels=["state"]
        )
        acts = GaugeMetricFamily("engage_activities_unannounced", "Acts that nobody has announced yet.")
        waited = GaugeMetricFamily(
            "engage_activity_oldest_seconds", "How long the oldest of them has waited."
        )
        with connection.cursor() as cursor:
            cursor.execute(_LEDGER)
            for state, number, seconds in cursor.fetchall():
                count.add_metric([state], number)
                age.add_metric([state], float(seconds))
            cursor.execute(_UNANNOUNCED)
            number, seconds = cursor.fetchone() or (0, 0)
            acts.add_metric([], number)
            waited.add_metric([], float(seconds))
        yield from (count, age, acts, waited)


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
