"""The agency's own day: the calendar on its wall decides what is late."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def local_day(zone: str, now: dt.datetime) -> dt.date:
    """The date in ``zone`` (IANA) at the instant ``now``."""
    return now.astimezone(ZoneInfo(zone)).date()


def midnight_after(zone: str, day: dt.date, days: int) -> dt.datetime:
    """The instant at which the local day ``day`` + ``days`` begins."""
    return dt.datetime.combine(day + dt.timedelta(days=days), dt.time(), tzinfo=ZoneInfo(zone))


def is_zone(name: str) -> bool:
    """Whether the tz database knows ``name``."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return False
    return bool(name)
