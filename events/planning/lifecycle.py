"""The life of a meeting: draft → published → live → ended (→ reported, by its summary), or cancelled.

The ways back from each of these stand in ``ways_back``.
"""

from __future__ import annotations

import datetime as dt
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from engage.confirming import ask
from engage.database.one_by_one import one_by_one
from engage.people.models import Person
from engage.refusals import FieldError, Invalid, ReasonRequired, RuleViolation, WrongState
from events.calendars.export import renew_vevent
from events.event.locking import locked
from events.event.models import OVER_AT, Event, EventStatus
from events.event.short_addresses import give_short_codes
from events.planning.fields import warnings_before_people_come
from events.planning.foreseeing import of_a_cancellation, of_an_early_end, of_an_early_start
from events.planning.room_codes import new_code
from events.planning.scheduling import Changed
from events.planning.turning import must_allow, turn

LONGEST_REASON: Final = 500


class TimeToSet(RuleViolation):
    code = "time_to_set"
    sentence = _("This notice has a day but no hour yet. Set the time, then publish.")


@transaction.atomic
def publish(event: Event | UUID, *, actor: Person | None, now: dt.datetime) -> Changed:
    """Make a draft known. RSVPs open now unless an opening was set. Raises WrongState, TimeToSet."""
    row = locked(event)
    must_allow(row, "publish", now)
    if row.time_to_set:
        raise TimeToSet
    row.published_at, row.room_code = now, new_code()
    give_short_codes([row])
    columns = ("published_at", "room_code", "short_code")
    turn(row, EventStatus.PUBLISHED, "event.published", actor, now, *columns)
    return Changed(row, warnings_before_people_come(row, now=now))


@transaction.atomic
def start(
    event: Event | UUID, *, actor: Person | None = None, now: dt.datetime, confirm: str | None = None
) -> Changed:
    """The meeting begins; the clock does it at its hour. Earlier than two hours before, it asks (engage.confirming).

    Raises WrongState, ConfirmRequired.
    """
    row = locked(event)
    must_allow(row, "start", now)
    ask(of_an_early_start(row, now), confirm=confirm)
    row.started_at, row.room_code = now, row.room_code or new_code()
    return turn(row, EventStatus.LIVE, "event.started", actor, now, "started_at", "room_code")


@transaction.atomic
def end(
    event: Event | UUID, *, actor: Person | None = None, now: dt.datetime, confirm: str | None = None
) -> Changed:
    """The meeting is over. Before its planned end it asks. Raises WrongState, ConfirmRequired."""
    row = locked(event)
    must_allow(row, "end", now)
    ask(of_an_early_end(row, now), confirm=confirm)
    row.ended_at, row.room_code = now, ""
    return turn(row, EventStatus.ENDED, "event.ended", actor, now, "ended_at", "room_code")


@transaction.atomic
def cancel(
    event: Event | UUID, *, reason: str, actor: Person | None, now: dt.datetime, confirm: str | None = None
) -> Changed:
    """Call a published or live meeting off. The places stay on the record; everyone who holds one is told.

    reason: 1 to 500 characters, public. Asks, with how many are told. Raises WrongState, ReasonRequired, Invalid,
    ConfirmRequired.
    """
    row = locked(event)
    must_allow(row, "cancel", now)
    reason = reason.strip()
    if not reason:
        raise ReasonRequired(field="reason")
    row.cancelled_at, row.cancelled_reason, row.room_code = now, public_text(reason, "reason"), ""
    ask(of_a_cancellation(row), confirm=confirm)
    return turn(
        row, EventStatus.CANCELLED, "event.cancelled", actor, now, "cancelled_at", "cancelled_reason",
        "room_code",
    )  # fmt: skip


def public_text(text: str, field: str) -> str:
    """A few sentences that everyone can read. Raises Invalid."""
    if len(text) > LONGEST_REASON or "\x00" in text:
        raise Invalid(errors=[FieldError(field, "max_length", str(_("At most 500 characters.")))])
    return text


def advance_by_clock(*, now: dt.datetime, most: int = 500) -> dict[str, int]:
    """Start and end what is due and nobody has started or ended. Safe to run twice at once, or not at all for a day.

    most: how many of each in one run. Returns how many were started and ended.
    """
    due = Event.objects.filter(status=EventStatus.PUBLISHED, starts_at__lte=now).order_by("starts_at")
    started = one_by_one(
        due.values_list("pk", flat=True)[:most], lambda pk: _each(pk, EventStatus.PUBLISHED, now)
    )
    over = Event.objects.filter(status=EventStatus.LIVE).alias(over=OVER_AT).filter(over__lte=now)
    over = over.order_by("ends_at")
    ended = one_by_one(over.values_list("pk", flat=True)[:most], lambda pk: _each(pk, EventStatus.LIVE, now))
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
    if status is EventStatus.LIVE and row.over_at <= now:
        end(row, now=now)
        return True
    return False


@transaction.atomic
def mark_reported(event: Event | UUID, *, now: dt.datetime) -> Event:
    """Its outcome summary is public: ended → reported. Called in the summary's own transaction, which records it.

    Says nothing where it is reported already (a corrected summary). Raises WrongState.
    """
    row = locked(event)
    if row.status == EventStatus.REPORTED:
        return row
    if row.status != EventStatus.ENDED:
        raise WrongState
    row.status = EventStatus.REPORTED.value
    row.sequence += 1
    row.edit_version += 1
    renew_vevent(row, now=now)
    row.save(update_fields=["status", "sequence", "edit_version", "vevent", "feed_changed_at"])
    return row
