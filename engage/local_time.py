"""The agency's own day: the calendar on its wall decides what is late."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache, lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, Case, DateField, F, Func, TextField, Value, When

# Two and no more: three are meant.
_TWO_STOPS: Final = re.compile(r"(?<!\.)\.\.(?!\.)")


def local_day(zone: str, now: dt.datetime) -> dt.date:
    """The date in ``zone`` (IANA) at the instant ``now``."""
    return now.astimezone(ZoneInfo(zone)).date()


def one_stop(text: str) -> str:
    """An English time brings a stop of its own ("6 p.m."): at the end of a sentence it is not followed by another."""
    return _TWO_STOPS.sub(".", text)


@cache
def zones() -> frozenset[str]:
    """The zones of the tz database, without the one that a machine has whose zone nobody has set."""
    return frozenset(available_timezones() - {"Factory"})


def is_zone(name: object) -> bool:
    """Whether ``name`` is one of ``zones``. The list is asked, since ZoneInfo turns a name into a path."""
    return isinstance(name, str) and name in zones()


def local_day_of_each(zone: str, now: dt.datetime) -> Case:
    """The date at ``now`` in the zone that each row's column ``zone`` names, as a column.

    Worked out here, by the same rules as everything else: PostgreSQL has a copy of its own, of another year. On the whole
    earth it is never more than three dates at once, so each row is asked for at most two lists of zones.
    """
    here = now.astimezone(dt.UTC).date()
    elsewhere = _zones_by_day(now.astimezone(dt.UTC).replace(second=0, microsecond=0))
    return Case(
        *(
            When(_among(zone, names), then=Value(day, output_field=DateField()))
            for day, names in elsewhere.items()
            if day != here
        ),
        default=Value(here, output_field=DateField()),
        output_field=DateField(),
    )


@lru_cache(maxsize=4)
def _zones_by_day(minute: dt.datetime) -> dict[dt.date, list[str]]:
    """No zone's day begins within a minute: offsets since 1972 are whole minutes."""
    found: dict[dt.date, list[str]] = {}
    for name in sorted(zones()):
        found.setdefault(minute.astimezone(ZoneInfo(name)).date(), []).append(name)
    return found


def _among(column: str, values: list[str]) -> Any:
    listed = Value(values, output_field=ArrayField(TextField()))
    # One value, however long the list: the database makes a table of it to look the row's zone up in.
    return Func(
        F(column), listed, arg_joiner=" = ANY(", template="%(expressions)s)", output_field=BooleanField()
    )
