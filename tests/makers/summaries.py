"""What was heard, written down and published."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from engage.models import Agency
from events import event_lifecycle
from events.models import Event
from outreach.models import SummaryVersion
from outreach.outcome_summarising import approve, draft, edit, publish
from tests.makers.agencies import a_person, an_agency
from tests.makers.events import a_meeting


def a_meeting_that_is_over(agency: Agency | None = None, **fields: Any) -> Event:
    event = event_lifecycle.start(a_meeting(agency or an_agency(), **fields), now=timezone.now()).event
    return event_lifecycle.end(event, now=timezone.now()).event


def a_published_summary(event: Event, *, reply: str = "", **fields: Any) -> SummaryVersion:
    """The next version of the event's summary, with these parts, approved and public."""
    now = timezone.now()
    version = draft(event, actor=None, now=now).version
    if fields:
        version = edit(version, actor=None, fields=fields, now=now)
    approve(version, actor=a_person(event.agency, "leader"), reply=reply, now=now + dt.timedelta(seconds=1))
    return publish(version, actor=None, now=now + dt.timedelta(seconds=2)).version
