"""Hours in which the agency does not want to wake anybody. They hold news and reminders back, never an answer."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from engage.models import Agency, Channel


def quiet_until(agency: Agency, channel: str, *, zone: str, now: dt.datetime) -> dt.datetime | None:
    """The end of the quiet hours that ``now`` lies in, or None. zone: where the recipient is, as far as is known.

    Email has none unless the agency set them; text messages have 20:00 to 09:00 by default. From ≤ t < until, over
    midnight too; in the hour that spring skips, the instant after it.
    """
    if channel == Channel.SMS:
        begins, ends = agency.sms_quiet_from, agency.sms_quiet_until
    elif agency.email_quiet_from is not None and agency.email_quiet_until is not None:
        begins, ends = agency.email_quiet_from, agency.email_quiet_until
    else:
        return None
    local = now.astimezone(ZoneInfo(zone))
    clock = local.time()
    day = local.date()
    if begins <= ends:
        inside = begins <= clock < ends
    else:
        inside = clock >= begins or clock < ends
        if clock >= begins:
            day += dt.timedelta(days=1)
    if not inside:
        return None
    until = dt.datetime.combine(day, ends, tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)
    # Where the clock goes back, "until" may have passed once already.
    return until if until > now else now + dt.timedelta(hours=1)
