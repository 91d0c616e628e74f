"""What the staff still have to do for an event: added, ticked, unticked, renamed, removed, by hand or from the usual list.

The usual list is worked out from what the event is; its days count back from the event's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from engage.activity.recording import record, record_all
from engage.agencies.working_days import WorkingDays
from engage.database.locking import lock
from engage.local_time import local_day
from engage.people.models import Person
from engage.refusals import FieldError, Invalid, Unknown
from events.event.models import Event, EventFormat, RsvpMode
from events.planning.models import ChecklistItem
from events.rsvps.needs.models import NeedKind

MOST_ITEMS: Final = 100
LONGEST_TITLE: Final = 200
_EDITABLE: Final = ("title", "due_on", "position")
_TURNED: Final = {True: "checklist.item_done", False: "checklist.item_reopened"}
_TO_DO: Final[Mapping[str, Any]] = {"done_at": None, "done_by": None}
# In working days. What is booked from others takes notice: the usual time that interpreters ask for.
_BOOKED_BEFORE: Final = 10


def items_of(event: Event) -> list[ChecklistItem]:
    """All of them, in the order of their days, with who did them. One query."""
    items = ChecklistItem.objects.filter(event=event).select_related("done_by")
    return list(items.order_by(F("due_on").asc(nulls_last=True), "position", "pk"))


def item_of(event: Event, item_id: UUID) -> ChecklistItem:
    """Raises Unknown."""
    found = ChecklistItem.objects.filter(event=event, pk=item_id).first()
    if found is None:
        raise Unknown
    return found


@transaction.atomic
def add_item(
    event: Event,
    *,
    actor: Person | None,
    now: dt.datetime,
    title: str,
    due_on: dt.date | None = None,
    position: int | None = None,
    done: bool = False,
) -> ChecklistItem:
    """One more thing to do, at the end unless ``position`` (0 to 10,000) says where. Raises Invalid."""
    # The event's row is held, so that two who add at once get two positions and no more than the most.
    lock(Event, event)
    standing = ChecklistItem.objects.filter(event=event)
    if standing.count() >= MOST_ITEMS:
        raise Invalid(errors=[FieldError("title", "too_many", _("A checklist has at most 100 lines."))])
    last = standing.aggregate(last=Max("position"))["last"]
    item = ChecklistItem(agency_id=event.agency_id, event=event, created_at=now)
    where = (0 if last is None else last + 1) if position is None else position
    _set(item, {"title": title, "due_on": due_on, "position": where})
    if done:
        item.done_at, item.done_by = now, actor
    item.save(force_insert=True)
    record("checklist.item_added", item, actor=actor, data=_told(item), at=now)
    return item


@transaction.atomic
def edit_item(
    item: ChecklistItem | UUID,
    *,
    actor: Person | None,
    now: dt.datetime,
    fields: Mapping[str, Any],
    if_version: int | None = None,
) -> ChecklistItem:
    """Change ``title``, ``due_on`` or ``position``, or tick with ``done``: whoever did that first stays named. Raises Unknown, StaleEdit, Invalid."""
    row = lock(ChecklistItem, item, if_version=if_version)
    changed = _set(row, fields)
    if changed:
        row.edit_version += 1
        row.save(update_fields=[*_EDITABLE, "edit_version"])
        record("checklist.item_edited", row, actor=actor, data=_told(row) | {"fields": changed}, at=now)
    if "done" in fields:
        _turn(row, done=bool(fields["done"]), actor=actor, now=now)
    return row


@transaction.atomic
def save_ticks(
    event: Event, *, shown: Iterable[UUID], ticked: Iterable[UUID], actor: Person | None, now: dt.datetime
) -> int:
    """The whole list as somebody ticked it. shown: the lines they saw; a line added since stays as it is.

    Returns how many lines changed.
    """
    done = set(ticked)
    rows = ChecklistItem.objects.select_for_update(no_key=True).filter(event=event, pk__in=list(shown))
    different = [row for row in rows.order_by("pk") if (row.pk in done) != (row.done_at is not None)]
    for is_done, values in ((True, {"done_at": now, "done_by": actor}), (False, _TO_DO)):
        turned = [row for row in different if (row.pk in done) == is_done]
        if turned:
            ids = [row.pk for row in turned]
            ChecklistItem.objects.filter(pk__in=ids).update(edit_version=F("edit_version") + 1, **values)
            record_all(_TURNED[is_done], turned, actor=actor, data=_told(turned[0]), at=now)
    return len(different)


@transaction.atomic
def remove_item(item: ChecklistItem | UUID, *, actor: Person | None, now: dt.datetime) -> None:
    """Raises Unknown."""
    row = lock(ChecklistItem, item)
    record("checklist.item_removed", row, actor=actor, data=_told(row), at=now)
    row.delete()


def _turn(row: ChecklistItem, *, done: bool, actor: Person | None, now: dt.datetime) -> ChecklistItem:
    if done == (row.done_at is not None):
        return row
    row.done_at, row.done_by = (now, actor) if done else (None, None)
    row.edit_version += 1
    row.save(update_fields=["done_at", "done_by", "edit_version"])
    record(_TURNED[done], row, actor=actor, data=_told(row), at=now)
    return row


def _set(row: ChecklistItem, fields: Mapping[str, Any]) -> list[str]:
    """What is different now. Raises Invalid."""
    wanted = {name: fields[name] for name in _EDITABLE if name in fields}
    wrong = []
    if "title" in wanted:
        wanted["title"] = str(wanted["title"]).strip()
        if not 1 <= len(wanted["title"]) <= LONGEST_TITLE or "\x00" in wanted["title"]:
            wrong.append(FieldError("title", "invalid", _("Say what is to be done in 1 to 200 letters.")))
    if not 0 <= wanted.get("position", 0) <= 10_000:
        wrong.append(FieldError("position", "invalid", _("Position: 0 to 10,000.")))
    if wrong:
        raise Invalid(errors=wrong)
    changed = [name for name, value in wanted.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, wanted[name])
    return changed


def _told(row: ChecklistItem) -> dict[str, Any]:
    return {"event": str(row.event_id)}


@transaction.atomic
def start_usual_list(event: Event, *, actor: Person | None, now: dt.datetime) -> list[ChecklistItem]:
    """Write the usual lines for an event that has none yet; where some stand already, nothing."""
    lock(Event, event)
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
    for position, (title, due) in enumerate(_lines(event, WorkingDays(event.agency))):
        items.append(
            ChecklistItem(
                agency_id=event.agency_id,
                event=event,
                title=title,
                due_on=max(due, today) if due <= day else due,
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


def _lines(event: Event, working: WorkingDays) -> Iterator[tuple[str, dt.date]]:
    """Each line and its day. What is done at the office falls on a working day, before the event or after it."""
    day = event.local_starts_at.date()

    def before(days: int) -> dt.date:
        return working.on_or_before(day - dt.timedelta(days=days))

    in_person, online = event.format != EventFormat.ONLINE, event.format != EventFormat.IN_PERSON
    if in_person:
        yield (
            (_("Choose a place people trust") if event.venue_id is None else _("Confirm the place")),
            before(28),
        )
    yield _("Write the text in each language people read"), before(21)
    if online:
        yield _("Test the link, the sound and the captions"), before(3)
    if in_person:
        yield _("Put up posters where people already go"), before(14)
    for kind in (NeedKind.SIGN_LANGUAGE, NeedKind.CAPTIONS, NeedKind.INTERPRETER, NeedKind.CHILDCARE):
        if kind.value in event.access_offered:
            yield _booking(kind), working.add(day, -_BOOKED_BEFORE).day
    asked_until = event.access_deadline_on
    looked_at = min(asked_until, day) if asked_until else before(7)
    yield _("Look through the needs people told us, and name who arranges each"), looked_at
    yield _("Group the questions and send them to whoever answers"), before(4)
    if event.rsvp_mode == RsvpMode.OPEN:
        yield _("Tell people what was arranged for them"), before(2)
    if in_person:
        yield _("Print the sign-in sheets"), before(1)
        yield _("Set up the door on two devices"), day
    yield _("Say the ground rules, and that nobody has to give a name"), day
    yield (
        _("Draft the summary while you remember the evening"),
        working.on_or_after(day + dt.timedelta(days=2)),
    )
    # As everyone was promised, whatever day that is.
    yield _("Publish the summary"), day + dt.timedelta(days=event.agency.summary_due_days)


def _booking(kind: NeedKind) -> str:
    return {
        NeedKind.SIGN_LANGUAGE: _("Book the sign language interpreters"),
        NeedKind.CAPTIONS: _("Book the live captions"),
        NeedKind.INTERPRETER: _("Book the language interpreters"),
        NeedKind.CHILDCARE: _("Book the childcare"),
    }[kind]
