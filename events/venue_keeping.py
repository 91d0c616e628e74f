"""Places to meet: added, corrected, removed while nothing points at them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engage.activity_recording import record
from engage.models import Agency, Person
from engage.rule_violation import FieldError, Invalid, RuleViolation, StaleEdit, Unknown
from events.calendar_export import renew_vevent
from events.models import Audience, Event, EventStatus, Venue
from events.scheduling import OPEN, locked, reopen_needs

SETTABLE: Final = frozenset(
    {"name", "room", "address", "latitude", "longitude", "capacity", "access_features", "getting_there"}
)
# A change of these is a change of place for everyone who was told to go there.
_WHERE: Final = frozenset({"name", "room", "address"})


class VenueInUse(RuleViolation):
    code = "venue_in_use"
    sentence = gettext_lazy("Meetings are or were held there, so this place stays on the record.")


@transaction.atomic
def add_venue(*, agency: Agency, actor: Person | None, now: dt.datetime, **fields: Any) -> Venue:
    """fields: see ``SETTABLE``; ``name`` is required. Raises Invalid."""
    venue = Venue(agency=agency, created_at=now)
    _read(venue, fields)
    venue.save(force_insert=True)
    record("venue.added", venue, actor=actor, at=now)
    return venue


@transaction.atomic
def edit_venue(
    venue: Venue | UUID,
    *,
    actor: Person | None,
    now: dt.datetime,
    fields: Mapping[str, Any],
    if_version: int | None = None,
) -> Venue:
    """Correct a place. A new name or address is a change of place of every meeting ahead there, and is told as one.

    Raises Unknown, StaleEdit, Invalid.
    """
    row = _locked(venue)
    if if_version is not None and row.edit_version != if_version:
        raise StaleEdit
    before = {name: getattr(row, name) for name in SETTABLE}
    _read(row, fields)
    changed = {name for name, value in before.items() if getattr(row, name) != value}
    if not changed:
        return row
    row.edit_version += 1
    row.save(update_fields=[*SETTABLE, "edit_version"])
    record("venue.edited", row, actor=actor, data={"fields": sorted(changed)}, at=now)
    if changed & (_WHERE | {"latitude", "longitude"}):
        _tell_meetings(row, moved=bool(changed & _WHERE), actor=actor, now=now)
    return row


@transaction.atomic
def remove_venue(venue: Venue | UUID, *, actor: Person | None, now: dt.datetime) -> None:
    """Raises Unknown, VenueInUse."""
    row = _locked(venue)
    if Event.objects.filter(venue=row).exists():
        raise VenueInUse
    record("venue.removed", row, actor=actor, at=now)
    row.delete()


def _locked(venue: Venue | UUID) -> Venue:
    pk = venue.pk if isinstance(venue, Venue) else venue
    row = Venue.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if row is None:
        raise Unknown
    return row


def _tell_meetings(venue: Venue, *, moved: bool, actor: Person | None, now: dt.datetime) -> None:
    """Past meetings keep what was said of them; those ahead go to the new address."""
    ahead = Event.objects.filter(venue=venue, status__in=[*OPEN, EventStatus.DRAFT], ends_at__gt=now)
    # Events are locked in the order of their ids, as everywhere.
    for pk in ahead.order_by("pk").values_list("pk", flat=True):
        event = locked(pk)
        event.edit_version += 1
        event.sequence += 1 if moved else 0
        renew_vevent(event, now=now)
        event.save(update_fields=["edit_version", "sequence", "vevent", "feed_changed_at"])
        if moved and event.status in OPEN:
            reopen_needs(event)
            start = event.starts_at.isoformat()
            data = {
                "fields": ["venue"], "what": ["place"], "from": start, "to": start,
                "sequence": event.sequence, "schedule_version": event.schedule_version,
            }  # fmt: skip
            record(
                "event.moved", event, actor=actor, data=data, public=event.audience == Audience.PUBLIC, at=now
            )


def _read(venue: Venue, fields: Mapping[str, Any]) -> None:
    errors = [
        FieldError(name, "unknown_field", _("There is no such field.")) for name in fields.keys() - SETTABLE
    ]
    for name in SETTABLE & fields.keys():
        setattr(venue, name, fields[name])
        if "\x00" in str(fields[name]):
            errors.append(FieldError(name, "invalid", _("This text holds a character that cannot be kept.")))
    try:
        venue.clean_fields(exclude={field.name for field in Venue._meta.fields} - SETTABLE)
    except ValidationError as refused:
        for name, troubles in refused.error_dict.items():
            errors += [FieldError(name, each.code or "invalid", " ".join(each.messages)) for each in troubles]
    if not errors and (venue.latitude is None) != (venue.longitude is None):
        errors.append(FieldError("longitude", "required", _("Give both coordinates, or neither.")))
    elif not errors and (abs(float(venue.latitude or 0)) > 90 or abs(float(venue.longitude or 0)) > 180):
        errors.append(FieldError("latitude", "invalid", _("These coordinates are not on Earth.")))
    if errors:
        raise Invalid(errors=errors)
