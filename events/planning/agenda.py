"""The order of the evening."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, Max
from django.utils.translation import gettext as _

from engage.activity.recording import record
from engage.commitments.models import Commitment
from engage.database.locking import lock
from engage.people.models import Person
from engage.refusals import FieldError, Invalid, Unknown
from events.event.models import Event
from events.planning.models import AgendaItem

MOST_ITEMS: Final = 100
LONGEST_MINUTES: Final = 24 * 60


def set_agenda(event: Event, items: Iterable[Mapping[str, Any] | str]) -> list[AgendaItem]:
    """Replace the whole order. items: titles, or ``{title, minutes?, commitment?}``, in order. Raises Invalid.

    Must run inside the transaction of the change that records it.
    """
    rows = [_read(event, number, item) for number, item in enumerate(items)]
    _must_fit_an_evening(len(rows))
    _commitments_must_be_ours(event, rows)
    AgendaItem.objects.filter(event=event).delete()
    return AgendaItem.objects.bulk_create(rows)


@transaction.atomic
def add_item(event: Event, *, actor: Person | None, now: dt.datetime, **fields: Any) -> AgendaItem:
    """One more point, at ``position`` or at the end. Raises Invalid."""
    # The event's row is held, so that two who add at once get two positions and no more than the most.
    lock(Event, event)
    standing = AgendaItem.objects.filter(event=event).aggregate(many=Count("pk"), last=Max("position"))
    _must_fit_an_evening(standing["many"] + 1)
    row = _read(event, 0 if standing["last"] is None else standing["last"] + 1, fields)
    _commitments_must_be_ours(event, [row])
    row.save(force_insert=True)
    _renew(event.pk)
    record("agenda.item_added", row, actor=actor, at=now)
    return row


@transaction.atomic
def edit_item(
    item: AgendaItem, *, actor: Person | None, now: dt.datetime, fields: Mapping[str, Any]
) -> AgendaItem:
    """Raises Invalid."""
    held = {name: getattr(item, name) for name in ("title", "minutes", "position")} | {
        "commitment": item.commitment_id
    }
    row = _read(item.event, item.position, held | dict(fields))
    row.pk = item.pk
    _commitments_must_be_ours(item.event, [row])
    row.save(force_update=True)
    _renew(item.event_id)
    record("agenda.item_edited", row, actor=actor, at=now)
    return row


@transaction.atomic
def remove_item(item: AgendaItem, *, actor: Person | None, now: dt.datetime) -> None:
    record("agenda.item_removed", item, actor=actor, at=now)
    item.delete()
    _renew(item.event_id)


def item_of(event: Event, item_id: UUID) -> AgendaItem:
    """Raises Unknown."""
    found = AgendaItem.objects.filter(event=event, pk=item_id).first()
    if found is None:
        raise Unknown
    return found


def _must_fit_an_evening(points: int) -> None:
    if points > MOST_ITEMS:
        raise Invalid(errors=[FieldError("agenda", "too_many", _("At most 100 points."))])


def _renew(event_id: UUID) -> None:
    """The order is part of what people read of the meeting: whoever has it from before has an old version."""
    Event.objects.filter(pk=event_id).update(edit_version=F("edit_version") + 1)


def _read(event: Event, number: int, item: Mapping[str, Any] | str) -> AgendaItem:
    given: Mapping[str, Any] = {"title": item} if isinstance(item, str) else item
    title, minutes, position = given.get("title"), given.get("minutes"), given.get("position", number)
    where = f"agenda/{number}"
    if not isinstance(title, str) or not title.strip() or len(title) > 200 or "\x00" in title:
        raise Invalid(
            errors=[FieldError(f"{where}/title", "invalid", _("A point has a title of 1 to 200 letters."))]
        )
    if minutes is not None and not (isinstance(minutes, int) and 0 < minutes <= LONGEST_MINUTES):
        raise Invalid(
            errors=[FieldError(f"{where}/minutes", "invalid", _("Minutes: 1 to 1,440, or nothing."))]
        )
    if not isinstance(position, int) or not 0 <= position <= 10_000:
        raise Invalid(errors=[FieldError(f"{where}/position", "invalid", _("Position: 0 to 10,000."))])
    commitment = given.get("commitment")
    if commitment is not None and not isinstance(commitment, UUID):
        try:
            commitment = commitment.pk if isinstance(commitment, Commitment) else UUID(str(commitment))
        except ValueError:
            raise _no_such_commitment(where) from None
    return AgendaItem(
        agency_id=event.agency_id,
        event=event,
        position=position,
        title=title.strip(),
        minutes=minutes,
        commitment_id=commitment,
    )


def _commitments_must_be_ours(event: Event, rows: list[AgendaItem]) -> None:
    asked = {row.commitment_id for row in rows if row.commitment_id}
    ours = Commitment.objects.filter(agency_id=event.agency_id, pk__in=asked).count() if asked else 0
    if ours != len(asked):
        raise _no_such_commitment("agenda")


def _no_such_commitment(where: str) -> Invalid:
    return Invalid(
        errors=[FieldError(f"{where}/commitment", "not_found", _("Your agency made no such promise."))]
    )
