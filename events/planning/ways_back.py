"""A turn taken back: a start before its hour, an end of the last hours, a cancellation."""

from __future__ import annotations

import datetime as dt
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from engage.confirming import ask
from engage.local_time import one_stop
from engage.people.models import Person
from engage.refusals import FieldError, Invalid
from events.event.locking import locked
from events.event.models import Event, EventStatus
from events.event.when import moment_of
from events.planning.foreseeing import of_reinstating
from events.planning.lifecycle import public_text
from events.planning.room_codes import new_code
from events.planning.scheduling import Changed
from events.planning.time_reading import read_time
from events.planning.turning import latest_open_until, must_allow, turn
from events.rsvps import waitlisting
from events.rsvps.erasure_dates import move_erasure_dates
from events.rsvps.needs.arranging import reopen_needs

# Where nobody says until when it is open again, and its planned end has passed.
AN_HOUR: Final = dt.timedelta(hours=1)


@transaction.atomic
def undo_start(event: Event | UUID, *, actor: Person | None, now: dt.datetime) -> Changed:
    """It has not begun after all: published again. Only before the planned start, after which the clock would start it anew.

    Raises WrongState.
    """
    row = locked(event)
    must_allow(row, "undo-start", now)
    row.started_at = None
    return turn(row, EventStatus.PUBLISHED, "event.start_undone", actor, now, "started_at")


@transaction.atomic
def undo_end(
    event: Event | UUID,
    *,
    actor: Person | None,
    now: dt.datetime,
    open_until: str | dt.datetime | None = None,
) -> Changed:
    """It goes on, also where the clock ended it; as long as the door takes what comes late.

    open_until: when the clock ends it, an instant or the clock at the place; at the latest 12 hours after the end. By
    default its planned end, or an hour from now where that has passed. The door, the final counts and the days after which
    addresses go follow it. Raises WrongState, Invalid and the errors of time_reading.
    """
    row = locked(event)
    must_allow(row, "undo-end", now)
    row.open_until = _until(row, open_until, now)
    row.ended_at, row.room_code = None, new_code()
    columns = ("ended_at", "open_until", "room_code")
    data = {"open_until": row.open_until.isoformat() if row.open_until else None}
    changed = turn(row, EventStatus.LIVE, "event.end_undone", actor, now, *columns, data=data)
    move_erasure_dates(row)
    waitlisting.renew_offers(row, now=now)
    waitlisting.promote(row, now=now)
    return Changed(locked(row.pk), changed.warnings)


@transaction.atomic
def reinstate(
    event: Event | UUID,
    *,
    actor: Person | None,
    now: dt.datetime,
    note: str = "",
    confirm: str | None = None,
) -> Changed:
    """It takes place after all, at the time at which it was planned: published, and the clock starts it where that has come.

    Confirmed places stand, offers get a new full term, the queue goes on, settled needs are work again; everybody who was
    told that it is off is told that it is on. note: up to 500 characters, for everybody. It asks. Raises WrongState,
    Invalid, ConfirmRequired.
    """
    row = locked(event)
    must_allow(row, "reinstate", now)
    row.reinstated_note = public_text(note.strip(), "note")
    ask(of_reinstating(row), confirm=confirm)
    row.reinstated_at, row.room_code = now, new_code()
    row.started_at, row.cancelled_at, row.cancelled_reason = None, None, ""
    columns = (
        "reinstated_at", "reinstated_note", "room_code", "started_at", "cancelled_at", "cancelled_reason",
    )  # fmt: skip
    changed = turn(row, EventStatus.PUBLISHED, "event.reinstated", actor, now, *columns)
    reopen_needs(row)
    waitlisting.renew_offers(row, now=now)
    waitlisting.promote(row, now=now)
    return Changed(locked(row.pk), changed.warnings)


def usual_open_until(event: Event, now: dt.datetime) -> dt.datetime:
    """What is proposed for an ended meeting: its planned end, or an hour from now."""
    return event.ends_at if now < event.ends_at else min(now + AN_HOUR, latest_open_until(event))


def _until(event: Event, given: str | dt.datetime | None, now: dt.datetime) -> dt.datetime | None:
    if given is None:
        return None if now < event.ends_at else usual_open_until(event, now)
    until, latest = read_time(given, event.timezone, field="open_until").at, latest_open_until(event)
    if not now < until <= latest:
        words = one_stop(
            _("Choose a time ahead, at the latest {when}.").format(when=moment_of(event, latest))
        )
        raise Invalid(errors=[FieldError("open_until", "out_of_range", words)])
    return None if until == event.ends_at else until
