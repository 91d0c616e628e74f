"""What the staff still have to do for an event: added, ticked, unticked, renamed, removed, by hand or from the usual list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from engage.activity_recording import record
from engage.models import Person
from engage.rule_violation import FieldError, Invalid, StaleEdit, Unknown
from events.models import ChecklistItem, Event

MOST_ITEMS: Final = 100
LONGEST_TITLE: Final = 200
_EDITABLE: Final = ("title", "due_on", "position")


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
    Event.objects.select_for_update(no_key=True).get(pk=event.pk)
    standing = ChecklistItem.objects.filter(event=event)
    if standing.count() >= MOST_ITEMS:
        raise Invalid(errors=[FieldError("title", "too_many", _("A checklist has at most 100 lines."))])
    last = standing.aggregate(last=Max("position"))["last"]
    item = ChecklistItem(agency_id=event.agency_id, event=event, created_at=now)
    place = (0 if last is None else last + 1) if position is None else position
    _set(item, {"title": title, "due_on": due_on, "position": place})
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
    """Change ``title``, ``due_on`` or ``position``, or tick with ``done``. Raises Unknown, StaleEdit, Invalid."""
    row = _locked(item)
    if if_version is not None and row.edit_version != if_version:
        raise StaleEdit
    changed = _set(row, fields)
    if changed:
        row.edit_version += 1
        row.save(update_fields=[*_EDITABLE, "edit_version"])
        record("checklist.item_edited", row, actor=actor, data=_told(row) | {"fields": changed}, at=now)
    if "done" in fields:
        _turn(row, done=bool(fields["done"]), actor=actor, now=now)
    return row


@transaction.atomic
def tick(item: ChecklistItem | UUID, *, actor: Person | None, now: dt.datetime) -> ChecklistItem:
    """It is done. A second time changes nothing: whoever did it first stays named. Raises Unknown."""
    return _turn(_locked(item), done=True, actor=actor, now=now)


@transaction.atomic
def untick(item: ChecklistItem | UUID, *, actor: Person | None, now: dt.datetime) -> ChecklistItem:
    """It is to be done after all. Raises Unknown."""
    return _turn(_locked(item), done=False, actor=actor, now=now)


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
    for row in different:
        _turn(row, done=row.pk in done, actor=actor, now=now)
    return len(different)


@transaction.atomic
def remove_item(item: ChecklistItem | UUID, *, actor: Person | None, now: dt.datetime) -> None:
    """Raises Unknown."""
    row = _locked(item)
    record("checklist.item_removed", row, actor=actor, data=_told(row), at=now)
    row.delete()


def _locked(item: ChecklistItem | UUID) -> ChecklistItem:
    pk = item.pk if isinstance(item, ChecklistItem) else item
    row = ChecklistItem.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if row is None:
        raise Unknown
    return row


def _turn(row: ChecklistItem, *, done: bool, actor: Person | None, now: dt.datetime) -> ChecklistItem:
    if done == (row.done_at is not None):
        return row
    row.done_at, row.done_by = (now, actor) if done else (None, None)
    row.edit_version += 1
    row.save(update_fields=["done_at", "done_by", "edit_version"])
    verb = "checklist.item_done" if done else "checklist.item_reopened"
    record(verb, row, actor=actor, data=_told(row), at=now)
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
