"""One turn in a meeting's life: what every one of them writes, and what is said where the state does not allow one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from engage.activity.recording import record
from engage.people.models import Person
from engage.refusals import WrongState
from events.calendars.export import renew_vevent
from events.door.links import LATE_SYNCS, closing_time
from events.event.models import Audience, Event, EventStatus
from events.planning.fields import warnings_about
from events.planning.scheduling import Changed
from events.rsvps.erasure_dates import people_are_erased

_STANDS: Final[Mapping[str, Any]] = {
    EventStatus.DRAFT.value: _("This meeting is a draft."),
    EventStatus.PUBLISHED.value: _("This meeting is published, and has not begun."),
    EventStatus.LIVE.value: _("This meeting is on."),
    EventStatus.ENDED.value: _("This meeting is over."),
    EventStatus.REPORTED.value: _("This meeting is over, and what came of it is published."),
    EventStatus.CANCELLED.value: _("This meeting is cancelled."),
}


def possible_acts(event: Event, now: dt.datetime) -> list[str]:
    """Which turns it can take now, by the names that they have in the API. No query."""
    if event.status == EventStatus.DRAFT:
        return ["publish", "delete"]
    if event.status == EventStatus.PUBLISHED:
        return ["start", "cancel"]
    if event.status == EventStatus.LIVE:
        return ["end", "cancel", *(["undo-start"] if now < event.starts_at else [])]
    if event.status == EventStatus.ENDED:
        return ["undo-end"] if _can_go_on(event, now) else []
    if event.status == EventStatus.CANCELLED:
        return ["reinstate"] if now < event.ends_at else []
    return []


def must_allow(event: Event, act: str, now: dt.datetime) -> None:
    """Raises WrongState, with the state that stands (``state``) and what can be done now (``possible``)."""
    possible = possible_acts(event, now)
    if act not in possible:
        raise WrongState(_why_not(event, act), state=event.status, possible=possible)


def turn(
    row: Event,
    status: EventStatus,
    verb: str,
    actor: Person | None,
    now: dt.datetime,
    *columns: str,
    data: Mapping[str, Any] | None = None,
) -> Changed:
    """Save a locked event in its new state, with the columns that the act has set, its numbers and the record."""
    was, row.status = row.status, status.value
    row.sequence += 1
    row.edit_version += 1
    renew_vevent(row, now=now)
    row.save(update_fields=["status", "sequence", "edit_version", "vevent", "feed_changed_at", *columns])
    told: dict[str, Any] = {"from": was, "to": row.status, "sequence": row.sequence}
    public = row.audience == Audience.PUBLIC
    record(verb, row, actor=actor, data=told | dict(data or {}), public=public, at=now)
    return Changed(row, warnings_about(row, now=now))


def latest_open_until(event: Event) -> dt.datetime:
    """Twelve hours after the end. Taking an end back again and again does not move it: what was promised about erasure holds."""
    if event.open_until is None:
        return closing_time(event)
    return max(event.ends_at + LATE_SYNCS, event.open_until)


def _can_go_on(event: Event, now: dt.datetime) -> bool:
    """For so long the door takes what comes late, and nothing that people left here is gone."""
    held = event.seats_taken or event.seats_held or event.waiting
    gone = held and people_are_erased(event, now)
    return event.totals_frozen_at is None and now < latest_open_until(event) and not gone


def _why_not(event: Event, act: str) -> Any:
    if act == "undo-start" and event.status == EventStatus.LIVE:
        return _("The planned start has come, so the meeting goes on. End it, or cancel it.")
    if act == "undo-end" and event.status == EventStatus.ENDED:
        return _("It ended too long ago: the counts are final, or what people left here is erased.")
    if act == "reinstate" and event.status == EventStatus.CANCELLED:
        return _("Its planned end has passed. Plan a new meeting.")
    return _STANDS[event.status]
