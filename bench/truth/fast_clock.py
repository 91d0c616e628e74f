"""One clock for the process and for the database, which goes as fast as the story needs.

The database's own functions are not touched: functions of the same names in a schema that is searched first add a shift to
what they say. Python's clocks go by time-machine; ``time.monotonic``, which measures patience, stays real.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import time_machine
from django.core.cache import cache
from django.db import connections
from psycopg import sql

_TOLD_BY: Final = {
    "now": "STABLE",
    "statement_timestamp": "STABLE",
    "transaction_timestamp": "STABLE",
    "clock_timestamp": "VOLATILE",
}
_SEARCHED: Final = 'clock, "$user", public, pg_catalog'


class FastClock:
    """Time runs on as it does, and leaps ahead when it is told to; never back."""

    def __init__(self, traveller: time_machine.Traveller) -> None:
        self._traveller = traveller

    @property
    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC)

    def leap_to(self, moment: dt.datetime) -> None:
        """Nothing where that is past already. What a cache would have forgotten meanwhile is forgotten."""
        if moment <= self.now:
            return
        if moment - self.now > dt.timedelta(minutes=1):
            cache.clear()
        self._traveller.move_to(moment, tick=True)
        _shift_the_database(moment)

    def leap(self, length: dt.timedelta) -> None:
        self.leap_to(self.now + length)


@contextmanager
def fast_clock(start: dt.datetime) -> Iterator[FastClock]:
    """From ``start`` on, until the block ends: then every clock is right again."""
    _make_schema()
    try:
        with time_machine.travel(start, tick=True) as traveller:
            _shift_the_database(start)
            yield FastClock(traveller)
    finally:
        _drop_schema()


def _make_schema() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE SCHEMA clock")
        cursor.execute("CREATE TABLE clock.shift (by interval NOT NULL)")
        cursor.execute("INSERT INTO clock.shift VALUES ('0')")
        for name, how in _TOLD_BY.items():
            cursor.execute(
                f"CREATE FUNCTION clock.{name}() RETURNS timestamptz LANGUAGE sql {how} PARALLEL SAFE AS "
                f"'SELECT pg_catalog.{name}() + (SELECT by FROM clock.shift)'"
            )
        cursor.execute("GRANT USAGE ON SCHEMA clock TO PUBLIC")
        cursor.execute("GRANT SELECT ON clock.shift TO PUBLIC")
        _searches(cursor, "SET search_path = " + _SEARCHED)
    _begin_anew()


def _drop_schema() -> None:
    with connections["owner"].cursor() as cursor:
        _searches(cursor, "RESET search_path")
        cursor.execute("DROP SCHEMA IF EXISTS clock CASCADE")
    _begin_anew()


def _searches(cursor: object, setting: str) -> None:
    name = connections["owner"].settings_dict["NAME"]
    statement = sql.SQL("ALTER DATABASE {} " + setting).format(sql.Identifier(name))
    cursor.execute(statement)  # type: ignore[attr-defined]


def _begin_anew() -> None:
    # A session reads the database's settings once, when it begins.
    for alias in ("owner", "default"):
        connections[alias].close()


def _shift_the_database(moment: dt.datetime) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE clock.shift SET by = %s - pg_catalog.clock_timestamp()", [moment])
