"""When somebody who holds a place will be reminded: worked out from the rules, as the planning does it."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from engage.models import Channel
from events.models import Event
from outreach.models import ReminderRule


def reminder_times(event: Event, *, since: dt.datetime) -> list[dt.datetime]:
    """The instants after ``since`` at which rules of this meeting fall due, the earliest first. One query.

    since: when the place was saved, or now: whoever joins after a reminder was due has just been told.
    """
    rules = list(
        ReminderRule.objects.filter(
            Q(event=event) | Q(event=None), agency_id=event.agency_id, channel=Channel.EMAIL, ended_at=None
        )
    )
    own = [rule for rule in rules if rule.event_id is not None] or rules
    times = {event.starts_at - dt.timedelta(minutes=rule.minutes_before) for rule in own}
    return sorted(time for time in times if time > since)
