"""Scheduling a meeting, and changing what was scheduled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from engage.activity.recording import record
from engage.agencies.models import Agency
from engage.confirming import ask
from engage.people.models import Person
from engage.refusals import RuleViolation, WrongState
from events.calendars.export import renew_vevent, uid_for, where_line
from events.event.announced import Schedule, remember, schedule_of
from events.event.locking import locked
from events.event.models import OPEN, STANDING, Audience, Event, EventStatus
from events.planning.agenda import set_agenda
from events.planning.checklist import move_along, usual_items
from events.planning.fields import COLUMNS, Remark, read_fields, read_links, warnings_about
from events.planning.foreseeing import is_known_of, is_past, of_a_move
from events.planning.models import ChecklistItem
from events.planning.time_reading import zone_called
from events.rsvps import waitlisting
from events.rsvps.erasure_dates import move_erasure_dates
from events.rsvps.needs.arranging import reopen_needs

_TIME: Final = ("starts_at", "ends_at", "timezone")
_WHERE: Final = ("venue_id", "online_url", "format")
# What people were told to come to; once it is over, it is history and stands.
_FIXED_AFTERWARDS: Final = (
    *_TIME,
    *_WHERE,
    "doors_open_at",
    "capacity",
    "rsvp_mode",
    "rsvp_opens_at",
    "rsvp_closes_at",
)


_HAS_PASSED: Final = _("This time has passed: the meeting begins and ends by itself at once.")


class CapacityBelowSeatsTaken(RuleViolation):
    """``seats_taken`` in ``extra``: how many seats are taken or held now."""

    code = "capacity_below_seats_taken"
    sentence = _("More seats are taken already. Choose a larger number.")


class MovesIntoThePast(RuleViolation):
    """The clock would begin and end it at once, and whoever was to come would hear of it too late or never."""

    code = "moves_into_the_past"
    sentence = _(
        "This time has passed, and people count on this meeting. Choose a time ahead, end the meeting, or cancel it."
    )


class Changed(NamedTuple):
    """What an act on an event left behind: the event as it stands, and remarks that hinder nothing."""

    event: Event
    warnings: list[Remark]


def schedule(*, agency: Agency, actor: Person | None, now: dt.datetime, **fields: Any) -> Event:
    """Make a draft with its usual checklist. fields: see ``fields.SETTABLE``; ``title starts_at ends_at`` are required.

    ``timezone`` defaults to the agency's. Raises Invalid, EndsBeforeStart and the errors of time_reading.
    """
    event = Event(
        agency=agency, created_by=actor, created_at=now, timezone=agency.timezone, feed_changed_at=now
    )
    event.uid = uid_for(event.pk)
    zone_called(fields.setdefault("timezone", agency.timezone))
    fields.setdefault("starts_at", None)
    fields.setdefault("ends_at", None)
    read_fields(event, fields)
    links = read_links(agency, fields)
    with transaction.atomic():
        event.save(force_insert=True)
        _link(event, links, fields)
        ChecklistItem.objects.bulk_create(usual_items(event, now=now))
        record("event.drafted", event, actor=actor, at=now)
    return event


@transaction.atomic
def edit(
    event: Event | UUID,
    *,
    actor: Person | None,
    now: dt.datetime,
    fields: Mapping[str, Any],
    if_version: int | None = None,
    confirm: str | None = None,
) -> Changed:
    """Change what ``fields`` names. if_version: the edit version that the editor saw.

    A change of time or place raises ``sequence``, a new start also ``schedule_version`` and ``rescheduled_at``, also
    when it moves back; it asks (engage.confirming), with who is told and which of its new days are days off. Every edit raises ``edit_version``; one that changes
    nothing, nothing. Raises StaleEdit, WrongState (a meeting that is over keeps its time and place), MovesIntoThePast
    (while anybody counts on it), CapacityBelowSeatsTaken, ConfirmRequired, Invalid and the errors of time_reading.
    """
    row = locked(event, if_version=if_version)
    before = {name: getattr(row, name) for name in _columns(row)}
    stood, was = as_it_stood(row), schedule_of(row)
    read_fields(row, fields)
    changed = [name for name, value in before.items() if getattr(row, name) != value]
    _must_be_possible(row, changed)
    links = _changed_links(row, read_links(row.agency, fields))
    if not changed and not links and "agenda" not in fields:
        return Changed(row, warnings_about(row, now=now))
    what = _time_or_where(changed)
    into_the_past = _moves_into_the_past(row, changed, now)
    if what and confirm is not None:
        ask(of_a_move(row, was, into_the_past=into_the_past), confirm=confirm)
    _raise_numbers(row, changed, what, was, now)
    renew_vevent(row, now=now)
    row.save(
        update_fields=[
            *COLUMNS, "sequence", "schedule_version", "rescheduled_at", "schedules", "followed_rules_at", "open_until",
            "edit_version", "vevent", "feed_changed_at",
        ]
    )  # fmt: skip
    _link(row, links, fields)
    if what and row.status in OPEN:
        reopen_needs(row)
    if "time" in what:
        _move_what_hangs_on_it(row, before["local_starts_at"])
    _record_edit(row, stood, sorted({*changed, *links}), what, actor, now)
    if "capacity" in changed and row.waiting:
        waitlisting.follow_capacity(row, before["capacity"], now=now)
        row = locked(row)
    return Changed(row, [*_remarks(into_the_past), *warnings_about(row, now=now)])


@transaction.atomic
def delete_draft(event: Event | UUID, *, actor: Person | None, now: dt.datetime) -> None:
    """Raises WrongState for anything that was ever published: cancel it instead."""
    row = locked(event)
    if row.status != EventStatus.DRAFT:
        raise WrongState(_("Only a draft can be deleted. Cancel the meeting instead."))
    record("event.draft_deleted", row, actor=actor, at=now)
    row.delete()


def as_it_stood(event: Event) -> dict[str, Any]:
    """What a record of a move keeps of the event as it was, taken before anything is set."""
    return {
        "from": event.starts_at.isoformat(),
        "before": {
            "starts": event.local_starts_at.isoformat(),
            "ends": event.local_ends_at.isoformat(),
            "zone": event.timezone,
            "where": where_line(event),
            "format": event.format,
        },
    }


def _time_or_where(changed: list[str]) -> list[str]:
    return [kind for kind, names in (("time", _TIME), ("place", _WHERE)) if set(names) & set(changed)]


def _columns(row: Event) -> list[str]:
    return [row._meta.get_field(name).attname for name in COLUMNS]  # type: ignore[union-attr]


def _must_be_possible(row: Event, changed: list[str]) -> None:
    if row.status not in STANDING and set(changed) & set(_FIXED_AFTERWARDS):
        raise WrongState(_("This meeting is over or cancelled; its time and place stand."))
    if row.status == EventStatus.LIVE and "starts_at" in changed:
        raise WrongState(_("This meeting has begun; its start stands."))
    taken = row.seats_taken + row.seats_held
    if "capacity" in changed and row.capacity is not None and row.capacity < taken:
        raise CapacityBelowSeatsTaken(field="capacity", seats_taken=taken)


def _moves_into_the_past(row: Event, changed: list[str], now: dt.datetime) -> bool:
    """Raises MovesIntoThePast where anybody counts on a meeting that is known."""
    if row.status not in OPEN or not {"starts_at", "ends_at"} & set(changed) or not is_past(row, now):
        return False
    if is_known_of(row):
        raise MovesIntoThePast(field="ends_at" if row.status == EventStatus.LIVE else "starts_at")
    return True


def _remarks(into_the_past: bool) -> list[Remark]:
    return [Remark(MovesIntoThePast.code, str(_HAS_PASSED))] if into_the_past else []


def _move_what_hangs_on_it(row: Event, started_at: dt.datetime) -> None:
    move_erasure_dates(row)
    move_along(row, days=(row.local_starts_at.date() - started_at.date()).days)


def _raise_numbers(row: Event, changed: list[str], what: list[str], was: Schedule, now: dt.datetime) -> None:
    row.edit_version += 1
    if "ends_at" in changed:
        row.open_until = None
    if what:
        row.sequence += 1
    if "time" in what:
        row.followed_rules_at = None
    if "starts_at" in changed:
        row.schedule_version += 1
        row.rescheduled_at = now
    if what and row.status in OPEN:
        remember(row, was, now=now)


def _changed_links(row: Event, links: dict[str, list[Any]]) -> dict[str, list[Any]]:
    return {
        name: things
        for name, things in links.items()
        if {thing.pk for thing in things} != set(getattr(row, name).values_list("pk", flat=True))
    }


def _link(event: Event, links: dict[str, list[Any]], fields: Mapping[str, Any]) -> None:
    for name, things in links.items():
        getattr(event, name).set(things)
    if "agenda" in fields:
        set_agenda(event, fields["agenda"])


def _record_edit(
    row: Event,
    stood: dict[str, Any],
    fields: list[str],
    what: list[str],
    actor: Person | None,
    now: dt.datetime,
) -> None:
    data: dict[str, Any] = {
        "fields": fields,
        "sequence": row.sequence,
        "schedule_version": row.schedule_version,
    }
    verb = "event.edited"
    if what and row.status in OPEN:
        verb = "event.moved"
        data |= {"what": what, "to": row.starts_at.isoformat(), **stood}
    public = row.audience == Audience.PUBLIC and row.status != EventStatus.DRAFT
    record(verb, row, actor=actor, data=data, public=public, at=now)
