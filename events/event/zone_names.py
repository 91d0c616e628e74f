"""What people call a time zone: "Mountain Time", and no name of a file such as America/Denver.

The names are Unicode's (CLDR), in ``zone_names.json``; ``python -m tools.zone_names`` writes it.
"""

from __future__ import annotations

import datetime as dt
import json
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _


def zone_name(zone: str, at: dt.datetime) -> str:
    """In the language that is active. at: an instant at which it is meant.

    Where the clocks of the place go another way than the name lets expect, the place is named too: "Pacific Time
    (Vancouver)" in a winter in which Vancouver stays at summer time.
    """
    offset = at.astimezone(ZoneInfo(zone)).utcoffset()
    known = _table()
    group = known["zones"].get(zone)
    if group is None:
        city = _city(zone)
        return _offset_name(offset) if zone.startswith("Etc/") or "/" not in zone else _city_time(city)
    names = known["names"][group]
    name: str = names.get(get_language() or "", names[settings.LANGUAGE_CODE])
    if at.astimezone(ZoneInfo(known["known_by"][group])).utcoffset() == offset:
        return name
    return f"{name} ({_city(zone)})"


def _city_time(city: str) -> str:
    return _("{city} time").format(city=city)


def _city(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")


def _offset_name(offset: dt.timedelta | None) -> str:
    minutes = int((offset or dt.timedelta()).total_seconds()) // 60
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'−' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


@lru_cache(maxsize=1)
def _table() -> Any:
    return json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
