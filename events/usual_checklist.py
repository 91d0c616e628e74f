"""The checklist that an event starts with, worked out from what it is; its days count back from the event's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from engage.activity_recording import record
from engage.agency_time import local_day
from engage.models import Person
from events.models import AccessKind, ChecklistItem, Event, EventFormat, RsvpMode

# What is booked from others takes notice: the usual time that interpreters ask for.
_BOOKED_BEFORE: Final = 10


@transaction.atomic
def start_usual_list(event: Event, *, actor: Person | None, now: dt.datetime) -> list[ChecklistItem]:
    """Write the usual lines for an event that has none yet; where some stand already, nothing."""
    Event.objects.select_for_update(no_key=True).get(pk=event.pk)
    if ChecklistItem.objects.filter(event=event).exists():
        return []
    items = usual_items(event, now=now)
    ChecklistItem.objects.bulk_create(items)
    record("checklist.started", event, actor=actor, data={"lines": len(items)}, at=now)
    return items


def usual_items(event: Event, *, now: dt.datetime) -> list[ChecklistItem]:
    """The usual lines, unsaved. No day before the event lies in the past: what is overdue is due today."""
    day, today = event.local_starts_at.date(), local_day(event.timezone, now)
    items = []
    for position, (title, days) in enumerate(_lines(event)):
        due = day + dt.timedelta(days=days)
        items.append(
            ChecklistItem(
                agency_id=event.agency_id,
                event=event,
                title=title,
                due_on=max(due, today) if days <= 0 else due,
                position=position,
                created_at=now,
            )
        )
    return items


def move_along(event: Event, *, days: int) -> None:
    """The event moved by so many days: what is not done yet moves with it. In the transaction of the move."""
    if days:
        items = ChecklistItem.objects.filter(event=event, done_at=None).exclude(due_on=None)
        items.update(due_on=F("due_on") + dt.timedelta(days=days), edit_version=F("edit_version") + 1)


def _lines(event: Event) -> Iterator[tuple[str, int]]:
    """Each line and its day, counted from the event's: −7 is a week before."""
    in_person, online = event.format != EventFormat.ONLINE, event.format != EventFormat.IN_PERSON
    if in_person:
        yield (_("Choose a place people trust") if event.venue_id is None else _("Confirm the place")), -28
    yield _("Write the text in each language people read"), -21
    if online:
        yield _("Test the link, the sound and the captions"), -3
    if in_person:
        yield _("Put up posters where people already go"), -14
    for kind in (AccessKind.SIGN_LANGUAGE, AccessKind.CAPTIONS, AccessKind.INTERPRETER, AccessKind.CHILDCARE):
        if kind.value in event.access_offered:
            yield _booking(kind), -_BOOKED_BEFORE
    asked_until = event.access_deadline_on
    days = (asked_until - event.local_starts_at.date()).days if asked_until else -7
    yield _("Look through the needs people told us, and name who arranges each"), min(days, 0)
    yield _("Group the questions and send them to whoever answers"), -4
    if event.rsvp_mode == RsvpMode.OPEN:
        yield _("Tell people what was arranged for them"), -2
    if in_person:
        yield _("Print the sign-in sheets"), -1
        yield _("Set up the door on two devices"), 0
    yield _("Say the ground rules, and that nobody has to give a name"), 0
    yield _("Draft the summary while you remember the evening"), 2
    yield _("Publish the summary"), event.agency.summary_due_days


def _booking(kind: AccessKind) -> str:
    return {
        AccessKind.SIGN_LANGUAGE: _("Book the sign language interpreters"),
        AccessKind.CAPTIONS: _("Book the live captions"),
        AccessKind.INTERPRETER: _("Book the language interpreters"),
        AccessKind.CHILDCARE: _("Book the childcare"),
    }[kind]
