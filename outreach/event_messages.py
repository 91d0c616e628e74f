"""The messages of one event as staff see them: how many of each kind in which state, each without its address, and when
people are reminded."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.db.models import Count, Max, Q

from engage.models import Agency
from engage.rule_violation import Unknown
from events.models import Event
from outreach.models import Delivery, DeliveryState, ReminderRule

PAGE: Final = 50
_WAITING: Final = (DeliveryState.DUE, DeliveryState.CLAIMED, DeliveryState.SENDING)
_NOT_REACHED: Final = (DeliveryState.FAILED, DeliveryState.UNCERTAIN)
_DROPPED: Final = (DeliveryState.SUPPRESSED, DeliveryState.EXPIRED)


@dataclass(slots=True)
class KindOfMessage:
    """All messages of one kind. dropped: they had become pointless before they went. last: when one last went."""

    kind: str
    sent: int = 0
    waiting: int = 0
    failed: int = 0
    dropped: int = 0
    last: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class MessagePage:
    """One page, the newest first. next: the id to go on from, None at the end."""

    messages: list[Delivery]
    next: UUID | None


@dataclass(frozen=True, slots=True)
class Reminders:
    """The event's own rules, and those of its agency, which count while the event has none."""

    own: list[ReminderRule] = field(default_factory=list)
    agency: list[ReminderRule] = field(default_factory=list)


def kinds_of_message(event: Event) -> list[KindOfMessage]:
    """In the order in which each kind was last sent. One query."""
    rows = Delivery.objects.filter(event=event).values("kind").order_by("kind")
    counted = rows.annotate(
        sent=Count("pk", filter=Q(state=DeliveryState.SENT)),
        waiting=Count("pk", filter=Q(state__in=_WAITING)),
        failed=Count("pk", filter=Q(state__in=_NOT_REACHED)),
        dropped=Count("pk", filter=Q(state__in=_DROPPED)),
        last=Max("settled_at", filter=Q(state=DeliveryState.SENT)),
    )
    return [KindOfMessage(**row) for row in counted]


def list_messages(event: Event, *, kind: str = "", before: UUID | None = None) -> MessagePage:
    """Never an address: kind, state, reason and times. One query."""
    found = Delivery.objects.filter(event=event)
    if kind:
        found = found.filter(kind=kind)
    if before is not None:
        found = found.filter(pk__lt=before)
    columns = ("id", "kind", "channel", "state", "reason", "attempts", "due_at", "settled_at", "created_at")
    rows = list(found.only(*columns).order_by("-pk")[: PAGE + 1])
    return MessagePage(rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None)


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
