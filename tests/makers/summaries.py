"""What was heard, written down and published."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from engage.agencies.models import Agency
from events.event.models import Event
from events.planning import lifecycle
from outreach.summaries.models import SummaryVersion
from outreach.summaries.writing import approve, draft, edit, publish
from tests.makers.agencies import a_person, an_agency
from tests.makers.events import an_event


def an_event_that_is_over(agency: Agency | None = None, **fields: Any) -> Event:
    event = lifecycle.start(an_event(agency or an_agency(), **fields), now=timezone.now()).event
    return lifecycle.end(event, now=timezone.now()).event


def a_published_summary(event: Event, *, reply: str = "", **fields: Any) -> SummaryVersion:
    """The next version of the event's summary, with these parts, approved and public."""
    now = timezone.now()
    note = fields.get("correction_note", "A number was wrong.")
    version = draft(event, actor=None, now=now, correction_note=note).version
    if fields:
        version = edit(version, actor=None, fields=fields, now=now)
    approve(version, actor=a_person(event.agency, "leader"), reply=reply, now=now + dt.timedelta(seconds=1))
    return publish(version, actor=None, now=now + dt.timedelta(seconds=2)).version
