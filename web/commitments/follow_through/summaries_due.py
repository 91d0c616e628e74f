"""Which summaries of meetings wait for somebody: to be written, to be approved, to be published."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.db.models import F

from engage.agencies.models import Agency
from engage.local_time import local_day
from events.event.models import Audience, Event, EventStatus
from outreach.summaries.models import SummaryStatus, SummaryVersion
from outreach.summaries.reading import open_versions

MOST: Final = 50


class Waits(StrEnum):
    """For what a summary waits."""

    TO_BE_WRITTEN = "to_be_written"
    FOR_APPROVAL = "for_approval"
    FOR_PUBLISHING = "for_publishing"


@dataclass(frozen=True, slots=True)
class SummaryDue:
    """One meeting's. days_late: days since it was due, 0 where it is not; drafted_on: the agency's day, if drafted."""

    event: Event
    waits: Waits
    due_on: dt.date
    days_late: int
    drafted_on: dt.date | None = None
    drafted_by: str = ""
    is_correction: bool = False


def summaries_due(agency: Agency, *, now: dt.datetime) -> list[SummaryDue]:
    """The meeting that was held first comes first, 50 at most; those to be written only once they are late.

    Due: the agency's ``summary_due_days`` after the day of the meeting. Two statements.
    """
    today = local_day(agency.timezone, now)
    open_ones = (
        open_versions()
        .filter(agency=agency)
        .select_related("summary__event", "drafted_by")
        .order_by("summary__event__ends_at", "pk")[:MOST]
    )
    waiting = [_drafted(version, agency, today) for version in open_ones]
    # Imported as already over: nobody here was there to write about it. What staff met about among themselves is
    # written down only by who wants to.
    late = (
        Event.objects.filter(
            agency=agency, status=EventStatus.ENDED, audience=Audience.PUBLIC, created_at__lt=F("ends_at")
        )
        .filter(summary=None, ends_at__lt=now - dt.timedelta(days=agency.summary_due_days + 1))
        .order_by("ends_at", "pk")[:MOST]
    )
    waiting += [_unwritten(event, agency, today) for event in late]
    return sorted(waiting, key=lambda one: (one.due_on, one.event.pk))[:MOST]


def _drafted(version: SummaryVersion, agency: Agency, today: dt.date) -> SummaryDue:
    event = version.summary.event
    approved = version.status == SummaryStatus.APPROVED
    due_on = _due_on(event, agency)
    correction = version.number > 1
    return SummaryDue(
        event=event,
        waits=Waits.FOR_PUBLISHING if approved else Waits.FOR_APPROVAL,
        due_on=due_on,
        days_late=0 if correction else max(0, (today - due_on).days),
        drafted_on=local_day(agency.timezone, version.drafted_at),
        drafted_by=version.drafted_by.name if version.drafted_by else "",
        is_correction=correction,
    )


def _unwritten(event: Event, agency: Agency, today: dt.date) -> SummaryDue:
    due_on = _due_on(event, agency)
    return SummaryDue(event, Waits.TO_BE_WRITTEN, due_on, max(0, (today - due_on).days))


def _due_on(event: Event, agency: Agency) -> dt.date:
    return event.local_ends_at.date() + dt.timedelta(days=agency.summary_due_days)
