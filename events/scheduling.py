"""Scheduling a meeting, and changing what was scheduled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from engage.activity_recording import record
from engage.models import Agency, Person
from engage.rule_violation import RuleViolation, StaleEdit, Unknown, WrongState
from events import waitlisting
from events.agenda_keeping import set_agenda
from events.calendar_export import renew_vevent
from events.calendar_identity import uid_for
from events.erasure_dates import move_erasure_dates
from events.event_fields import COLUMNS, read_fields, read_links
from events.event_warnings import Remark, warnings_about
from events.models import AccessRequest, AccessStatus, Audience, ChecklistItem, Event, EventStatus
from events.time_reading import instant_of, zone_called
from events.usual_checklist import move_along, usual_items

_TIME: Final = ("starts_at", "ends_at", "timezone")
_PLACE: Final = ("venue_id", "online_url", "format")
# What people were told to come to; once it is over, it is history and stands.
_FIXED_AFTERWARDS: Final = (
    *_TIME,
    *_PLACE,
    "doors_open_at",
    "capacity",
    "rsvp_mode",
    "rsvp_opens_at",
    "rsvp_closes_at",
)
OPEN: Final = frozenset({EventStatus.PUBLISHED.value, EventStatus.LIVE.value})
_AHEAD: Final = OPEN | {EventStatus.DRAFT.value}


class CapacityBelowSeatsTaken(RuleViolation):
    """``seats_taken`` in ``extra``: how many seats are taken or held now."""

    code = "capacity_below_seats_taken"
    sentence = _("More seats are taken already. Choose a larger number.")


class Changed(NamedTuple):
    """What an act on an event left behind: the event as it stands, and remarks that hinder nothing."""

    event: Event
    warnings: list[Remark]


def schedule(*, agency: Agency, actor: Person | None, now: dt.datetime, **fields: Any) -> Event:
    """Make a draft with its usual checklist. fields: see ``event_fields.SETTABLE``; ``title starts_at ends_at`` are required.

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
        _link(event, links, fields, actor)
        ChecklistItem.objects.bulk_create(usual_items(event, now=now))
        record("event.drafted", event, actor=actor, at=now)
    return event


def locked(event: Event | UUID) -> Event:
    """The event's row, held until the transaction ends, so that seats and times stand still. Raises Unknown."""
    found = (
        Event.objects.select_for_update(no_key=True, of=("self",))
        .select_related("agency", "venue")
        .filter(pk=event.pk if isinstance(event, Event) else event)
        .first()
    )
    if found is None:
        raise Unknown
    return found


@transaction.atomic
def edit(
    event: Event | UUID,
    *,
    actor: Person | None,
    now: dt.datetime,
    fields: Mapping[str, Any],
    if_version: int | None = None,
) -> Changed:
    """Change what ``fields`` names. if_version: the edit version that the editor saw.

    A change of time or place raises ``sequence``, a new start also ``schedule_version`` and ``rescheduled_at``, also
    when it moves back. Every edit raises ``edit_version``; one that changes nothing, nothing. Raises StaleEdit, WrongState (a
    meeting that is over keeps its time and place), CapacityBelowSeatsTaken, Invalid and the errors of time_reading.
    """
    row = locked(event)
    if if_version is not None and row.edit_version != if_version:
        raise StaleEdit
    before = {name: getattr(row, name) for name in _columns(row)}
    read_fields(row, fields)
    changed = [name for name, value in before.items() if getattr(row, name) != value]
    _must_be_possible(row, changed)
    links = _changed_links(row, read_links(row.agency, fields))
    if not changed and not links and "agenda" not in fields:
        return Changed(row, warnings_about(row, now=now))
    what = _time_or_place(changed)
    _raise_numbers(row, changed, what, now)
    renew_vevent(row, now=now)
    row.save(
        update_fields=[
            *COLUMNS, "sequence", "schedule_version", "rescheduled_at", "edit_version", "vevent", "feed_changed_at",
        ]
    )  # fmt: skip
    _link(row, links, fields, actor)
    if what and row.status in OPEN:
        reopen_needs(row)
    if "time" in what:
        move_erasure_dates(row)
        move_along(row, days=(row.local_starts_at.date() - before["local_starts_at"].date()).days)
    _record_edit(row, before, sorted({*changed, *links}), what, actor, now)
    if "capacity" in changed and row.waiting:
        waitlisting.promote(row, now=now)
        row = locked(row)
    return Changed(row, warnings_about(row, now=now))


def would_move(event: Event, fields: Mapping[str, Any]) -> list[str]:
    """What of a meeting's ``time`` and ``place`` an edit would change, without changing it.

    Sets ``fields`` on ``event``: hand over a row of your own. Raises what ``edit`` raises about the fields.
    """
    before = {name: getattr(event, name) for name in _columns(event)}
    read_fields(event, fields)
    changed = [name for name, value in before.items() if getattr(event, name) != value]
    _must_be_possible(event, changed)
    return _time_or_place(changed)


@transaction.atomic
def delete_draft(event: Event | UUID, *, actor: Person | None, now: dt.datetime) -> None:
    """Raises WrongState for anything that was ever published: cancel it instead."""
    row = locked(event)
    if row.status != EventStatus.DRAFT:
        raise WrongState(_("Only a draft can be deleted. Cancel the meeting instead."))
    record("event.draft_deleted", row, actor=actor, at=now)
    row.delete()


def reopen_needs(event: Event) -> None:
    """An interpreter booked for Tuesday is not booked for Thursday: what was settled is work again."""
    AccessRequest.objects.filter(
        event=event, status__in=[AccessStatus.ARRANGED, AccessStatus.NOT_MET]
    ).update(status=AccessStatus.ARRANGING, outcome="", edit_version=F("edit_version") + 1)


def recompute_instants(*, now: dt.datetime) -> int:
    """After new time zone rules: meetings ahead stay at their local time, their instants follow. Returns how many.

    No ``schedule_version`` and no message: what people were told, 18:00 there, still holds.
    """
    moved = 0
    ahead = Event.objects.filter(ends_at__gt=now - dt.timedelta(days=1), status__in=_AHEAD)
    for pk in list(ahead.values_list("pk", flat=True)):
        with transaction.atomic():
            row = locked(pk)
            starts = instant_of(row.local_starts_at, row.timezone, row.starts_fold)
            ends = instant_of(row.local_ends_at, row.timezone, row.ends_fold)
            if (starts, ends) == (row.starts_at, row.ends_at) or ends <= starts:
                continue
            row.starts_at, row.ends_at, row.edit_version = starts, ends, row.edit_version + 1
            renew_vevent(row, now=now)
            row.save(update_fields=["starts_at", "ends_at", "edit_version", "vevent", "feed_changed_at"])
            move_erasure_dates(row)
            record("event.instants_recomputed", row, at=now, born_announced=True)
            moved += 1
    return moved


def _time_or_place(changed: list[str]) -> list[str]:
    return [kind for kind, names in (("time", _TIME), ("place", _PLACE)) if set(names) & set(changed)]


def _columns(row: Event) -> list[str]:
    return [row._meta.get_field(name).attname for name in COLUMNS]  # type: ignore[union-attr]


def _must_be_possible(row: Event, changed: list[str]) -> None:
    if row.status not in _AHEAD and set(changed) & set(_FIXED_AFTERWARDS):
        raise WrongState(_("This meeting is over or cancelled; its time and place stand."))
    if row.status == EventStatus.LIVE and "starts_at" in changed:
        raise WrongState(_("This meeting has begun; its start stands."))
    taken = row.seats_taken + row.seats_held
    if "capacity" in changed and row.capacity is not None and row.capacity < taken:
        raise CapacityBelowSeatsTaken(field="capacity", seats_taken=taken)


def _raise_numbers(row: Event, changed: list[str], what: list[str], now: dt.datetime) -> None:
    row.edit_version += 1
    if what:
        row.sequence += 1
    if "starts_at" in changed:
        row.schedule_version += 1
        row.rescheduled_at = now


def _changed_links(row: Event, links: dict[str, list[Any]]) -> dict[str, list[Any]]:
    return {
        name: things
        for name, things in links.items()
        if {thing.pk for thing in things} != set(getattr(row, name).values_list("pk", flat=True))
    }


def _link(event: Event, links: dict[str, list[Any]], fields: Mapping[str, Any], actor: Person | None) -> None:
    for name, things in links.items():
        getattr(event, name).set(things)
    if "agenda" in fields:
        set_agenda(event, fields["agenda"])


def _record_edit(
    row: Event,
    before: dict[str, Any],
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
        data |= {"what": what, "from": before["starts_at"].isoformat(), "to": row.starts_at.isoformat()}
    public = row.audience == Audience.PUBLIC and row.status != EventStatus.DRAFT
    record(verb, row, actor=actor, data=data, public=public, at=now)
