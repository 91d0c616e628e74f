"""The hours in which an agency leaves people in peace, and where they end. Each agency's clock; over midnight too."""

from __future__ import annotations

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

from engage.agencies.models import Agency

# Where an agency set no hours for email: those in which callers must not call (47 CFR 64.1200(c)(1)).
NIGHT: Final = (dt.time(21), dt.time(8))


def end_of_hours(begins: dt.time, ends: dt.time, *, zone: str, at: dt.datetime) -> dt.datetime | None:
    """When the hours that ``at`` lies in are over, or None where it lies in none: begins ≤ t < ends on the clock of ``zone``.

    In the hour that spring skips, the instant after it.
    """
    local = at.astimezone(ZoneInfo(zone))
    clock, day = local.time(), local.date()
    if begins <= ends:
        inside = begins <= clock < ends
    else:
        inside = clock >= begins or clock < ends
        if clock >= begins:
            day += dt.timedelta(days=1)
    if not inside:
        return None
    over = dt.datetime.combine(day, ends, tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)
    # Where the clock goes back, that may have passed once already.
    return over if over > at else at + dt.timedelta(hours=1)


def morning_after(agency: Agency, at: dt.datetime) -> dt.datetime | None:
    """When people are up again whom ``at`` finds asleep, or None: by the agency's quiet hours for email, else by the night."""
    begins, ends = agency.email_quiet_from, agency.email_quiet_until
    hours = NIGHT if begins is None or ends is None else (begins, ends)
    return end_of_hours(*hours, zone=agency.timezone, at=at)
