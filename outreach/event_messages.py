"""The messages of one event as staff see them: how many of each kind, up to yesterday; and when people are reminded."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.db.models import Max, Q, Sum

from engage.models import Agency
from engage.rule_violation import Unknown
from events.models import Event
from outreach.delivery_counts import delivery_counts
from outreach.models import DeliveryState, ReminderRule

_NOT_REACHED: Final = (DeliveryState.FAILED, DeliveryState.UNCERTAIN)
_DROPPED: Final = (DeliveryState.SUPPRESSED, DeliveryState.EXPIRED)


@dataclass(frozen=True, slots=True)
class KindOfMessage:
    """All messages of one kind up to yesterday. dropped: they had become pointless before they went.

    last: the day on which one last went.
    """

    kind: str
    sent: int = 0
    failed: int = 0
    dropped: int = 0
    last: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Reminders:
    """The event's own rules, and those of its agency, which count while the event has none."""

    own: list[ReminderRule] = field(default_factory=list)
    agency: list[ReminderRule] = field(default_factory=list)


def kinds_of_message(event: Event, *, now: dt.datetime) -> list[KindOfMessage]:
    """In the order of their names. One query."""
    rows = delivery_counts([event.agency], now=now).filter(event=event).values("kind").order_by("kind")
    counted = rows.annotate(
        sent=Sum("number", filter=Q(state=DeliveryState.SENT), default=0),
        failed=Sum("number", filter=Q(state__in=_NOT_REACHED), default=0),
        dropped=Sum("number", filter=Q(state__in=_DROPPED), default=0),
        last=Max("day", filter=Q(state=DeliveryState.SENT)),
    )
    return [KindOfMessage(**row) for row in counted]


def reminders_of(event: Event) -> Reminders:
    """One query."""
    rules = ReminderRule.objects.filter(
        Q(event=event) | Q(event=None), agency_id=event.agency_id, ended_at=None
    ).order_by("-minutes_before")
    found = Reminders()
    for rule in rules:
        (found.own if rule.event_id else found.agency).append(rule)
    return found


def reminders_of_agency(agency: Agency) -> list[ReminderRule]:
    """The longest before first. One query."""
    rules = ReminderRule.objects.filter(agency=agency, event=None, ended_at=None)
    return list(rules.order_by("-minutes_before"))


def reminder_of(agency: Agency, rule_id: UUID, *, event: Event | None = None) -> ReminderRule:
    """A rule that stands, of the event or else of the agency. Raises Unknown."""
    found = ReminderRule.objects.filter(agency=agency, event=event, ended_at=None, pk=rule_id).first()
    if found is None:
        raise Unknown
    return found
