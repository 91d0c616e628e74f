"""The life of a meeting: draft → published → live → ended (→ reported, by its summary), or cancelled."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from engage.activity_recording import record
from engage.models import Person
from engage.rule_violation import FieldError, Invalid, ReasonRequired, RuleViolation, WrongState
from events.calendar_export import renew_vevent
from events.event_warnings import warnings_about
from events.models import Audience, Event, EventStatus
from events.room_codes import new_code
from events.scheduling import OPEN, Changed, locked


class TimeToSet(RuleViolation):
    code = "time_to_set"
    sentence = _("This notice has a day but no hour yet. Set the time, then publish.")


@transaction.atomic
def publish(event: Event | UUID, *, actor: Person | None, now: dt.datetime) -> Changed:
    """Make a draft known. RSVPs open now unless an opening was set. Raises WrongState, TimeToSet."""
    row = locked(event)
    _must_be(row, EventStatus.DRAFT)
    if row.time_to_set:
        raise TimeToSet
    row.published_at, row.room_code = now, new_code()
    return _turn(row, EventStatus.PUBLISHED, "event.published", actor, now, "published_at", "room_code")


@transaction.atomic
def start(event: Event | UUID, *, actor: Person | None = None, now: dt.datetime) -> Changed:
    """The meeting begins, at any time a liaison says so; the clock does it at its hour. Raises WrongState."""
    row = locked(event)
    _must_be(row, EventStatus.PUBLISHED)
    row.started_at, row.room_code = now, row.room_code or new_code()
    return _turn(row, EventStatus.LIVE, "event.started", actor, now, "started_at", "room_code")


@transaction.atomic
def end(event: Event | UUID, *, actor: Person | None = None, now: dt.datetime) -> Changed:
    """The meeting is over. Raises WrongState."""
    row = locked(event)
    _must_be(row, EventStatus.LIVE)
    row.ended_at, row.room_code = now, ""
    return _turn(row, EventStatus.ENDED, "event.ended", actor, now, "ended_at", "room_code")


@transaction.atomic
def cancel(event: Event | UUID, *, reason: str, actor: Person | None, now: dt.datetime) -> Changed:
    """Call a published or live meeting off. The places stay on the record; everyone who holds one is told.

    reason: 1 to 500 characters, public. Raises WrongState, ReasonRequired, Invalid.
    """
    row = locked(event)
    if row.status not in OPEN:
        raise WrongState
    reason = reason.strip()
    if not reason:
        raise ReasonRequired(field="reason")
    if len(reason) > 500 or "\x00" in reason:
        raise Invalid(errors=[FieldError("reason", "max_length", str(_("At most 500 characters.")))])
    row.cancelled_at, row.cancelled_reason, row.room_code = now, reason, ""
    return _turn(
        row, EventStatus.CANCELLED, "event.cancelled", actor, now, "cancelled_at", "cancelled_reason",
        "room_code",
    )  # fmt: skip


def advance_by_clock(*, now: dt.datetime, most: int = 500) -> dict[str, int]:
    """Start and end what is due and nobody has started or ended. Safe to run twice at once, or not at all for a day.

    most: how many of each in one run. Returns how many were started and ended.
    """
    due = Event.objects.filter(status=EventStatus.PUBLISHED, starts_at__lte=now).order_by("starts_at")
    started = sum(_each(pk, EventStatus.PUBLISHED, now) for pk in due.values_list("pk", flat=True)[:most])
    over = Event.objects.filter(status=EventStatus.LIVE, ends_at__lte=now).order_by("ends_at")
    ended = sum(_each(pk, EventStatus.LIVE, now) for pk in over.values_list("pk", flat=True)[:most])
    return {"started": started, "ended": ended}


@transaction.atomic
def _each(pk: UUID, status: EventStatus, now: dt.datetime) -> bool:
    # Another sweep, or a liaison, has the row: it will be looked at again in a moment.
    row = Event.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=pk, status=status).first()
    if row is None:
        return False
    if status is EventStatus.PUBLISHED and row.starts_at <= now:
        start(row, now=now)
        return True
    if status is EventStatus.LIVE and row.ends_at <= now:
        end(row, now=now)
        return True
    return False


def _must_be(row: Event, status: EventStatus) -> None:
    if row.status != status:
        raise WrongState


def _turn(
    row: Event, status: EventStatus, verb: str, actor: Person | None, now: dt.datetime, *columns: str
) -> Changed:
    was, row.status = row.status, status.value
    row.sequence += 1
    row.edit_version += 1
    renew_vevent(row, now=now)
    row.save(update_fields=["status", "sequence", "edit_version", "vevent", "feed_changed_at", *columns])
    data: dict[str, Any] = {"from": was, "to": row.status, "sequence": row.sequence}
    record(verb, row, actor=actor, data=data, public=row.audience == Audience.PUBLIC, at=now)
    return Changed(row, warnings_about(row, now=now))


@transaction.atomic
def mark_reported(event: Event | UUID, *, now: dt.datetime) -> Event:
    """Its outcome summary is public: ended → reported. Called in the summary's own transaction, which records it.

    Says nothing where it is reported already (a corrected summary). Raises WrongState.
    """
    row = locked(event)
    if row.status == EventStatus.REPORTED:
        return row
    _must_be(row, EventStatus.ENDED)
    row.status = EventStatus.REPORTED.value
    row.sequence += 1
    row.edit_version += 1
    renew_vevent(row, now=now)
    row.save(update_fields=["status", "sequence", "edit_version", "vevent", "feed_changed_at"])
    return row
