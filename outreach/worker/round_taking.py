"""Which worker goes a round: whoever looks first once it is time again, by the database's clock, however many there are."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

SWEEP: Final = "look_now"
BEAT: Final = "beat"
# A beginning in the future was written before the clock went back: it counts for nothing.
_TAKE: Final = """
INSERT INTO outreach_round AS r (name, began_at) VALUES (%(name)s, now())
ON CONFLICT (name) DO UPDATE SET began_at = now()
 WHERE r.began_at <= {before} OR r.began_at > now() + interval '1 minute'
RETURNING xmax = 0
"""
_THROUGH: Final = """
INSERT INTO outreach_round AS r (name, began_at, through_at) VALUES (%s, now(), now())
ON CONFLICT (name) DO UPDATE SET through_at = now()
"""


@dataclass(frozen=True, slots=True)
class Every:
    """So many seconds after it last began. The first time at once."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Daily:
    """At this time of day, UTC; later where nobody was there. The first time: the next day that comes."""

    at: dt.time


def take(name: str, when: Every | Daily) -> bool:
    """Whether it is time for this round, and it is ours. One statement."""
    values: dict[str, Any] = {"name": name}
    if isinstance(when, Every):
        before = "now() - make_interval(secs => %(seconds)s)"
        values["seconds"] = when.seconds
    else:
        # Today's hour where it has passed, else yesterday's.
        before = "(date_trunc('day', (now() - %(at)s::interval) AT TIME ZONE 'UTC') + %(at)s::interval) AT TIME ZONE 'UTC'"
        values["at"] = dt.timedelta(hours=when.at.hour, minutes=when.at.minute)
    with connection.cursor() as cursor:
        cursor.execute(_TAKE.replace("{before}", before), values)
        row = cursor.fetchone()
    is_first = bool(row and row[0])
    return row is not None and not (is_first and isinstance(when, Daily))


def through(name: str) -> None:
    """This round came to its end: what was due then has been looked at."""
    with connection.cursor() as cursor:
        cursor.execute(_THROUGH, [name])


def ages() -> dict[str, float]:
    """Seconds since each round last came through, by the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, extract(epoch FROM now() - through_at) FROM outreach_round WHERE through_at IS NOT NULL"
        )
        return {name: float(seconds) for name, seconds in cursor.fetchall()}
