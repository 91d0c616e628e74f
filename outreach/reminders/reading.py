"""Which reminder rules stand, which of them count for an event, and when they fall due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from engage.contacts.models import Channel
from events.event.models import Event, RsvpMode
from events.planning.fields import Remark
from outreach.reminders.models import ReminderRule


@dataclass(frozen=True, slots=True)
class Rules:
    """The event's own, and those of its agency; the longest before the start first."""

    own: list[ReminderRule] = field(default_factory=list)
    agency: list[ReminderRule] = field(default_factory=list)

    @property
    def counting(self) -> list[ReminderRule]:
        """An event's own rules replace its agency's."""
        return self.own or self.agency


def standing_rules(agencies: Iterable[UUID]) -> QuerySet[ReminderRule]:
    """Those of the agencies and of their events that have not ended."""
    return ReminderRule.objects.filter(agency_id__in=agencies, ended_at=None)


def rules_of(event: Event) -> Rules:
    """One query."""
    found = Rules()
    rules = standing_rules([event.agency_id]).filter(Q(event=event) | Q(event=None))
    for rule in rules.order_by("-minutes_before", "pk"):
        (found.own if rule.event_id else found.agency).append(rule)
    return found


def missing_reminder(event: Event) -> list[Remark]:
    """For whoever publishes an event that people save places at: that nobody will be reminded. At most one query."""
    if event.rsvp_mode != RsvpMode.OPEN or any(
        rule.channel == Channel.EMAIL for rule in rules_of(event).counting
    ):
        return []
    return [Remark("no_reminder", _("Nobody is reminded of this meeting: no reminder is set."))]


def reminder_times(event: Event, *, since: dt.datetime) -> list[dt.datetime]:
    """The instants after ``since`` at which rules of this event fall due, as the worker plans them; the earliest first. One query.

    since: when the place was saved, or now: whoever joins after a reminder was due has just been told.
    """
    counting = [rule for rule in rules_of(event).counting if rule.channel == Channel.EMAIL]
    times = {event.starts_at - dt.timedelta(minutes=rule.minutes_before) for rule in counting}
    return sorted(time for time in times if time > since)
