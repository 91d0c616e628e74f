"""Places to meet: added, corrected, removed while nothing points at them, or made together with the event held there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engage.activity.recording import record
from engage.agencies.languages import errors_in_translations
from engage.agencies.models import Agency
from engage.confirming import ask
from engage.database.locking import lock
from engage.people.models import Person
from engage.refusals import FieldError, Invalid, RuleViolation, errors_in_fields
from events.calendars.export import renew_vevent
from events.event.announced import remember, schedule_of
from events.event.locking import locked
from events.event.models import OPEN, STANDING, Audience, Event, Venue
from events.planning.fields import warnings_about
from events.planning.foreseeing import of_a_plan
from events.planning.scheduling import Changed, as_it_stood, edit, schedule
from events.rsvps.needs.arranging import reopen_needs

SETTABLE: Final = frozenset(
    {
        "name", "room", "address", "latitude", "longitude", "capacity", "access_features", "getting_there",
        "translations",
    }
)  # fmt: skip
# What is said of a place in further languages. Its name is what stands on its door.
TRANSLATED: Final = ("room", "getting_there")
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
    row = lock(Venue, venue, if_version=if_version)
    before = {name: getattr(row, name) for name in SETTABLE}
    _read(row, fields)
    changed = {name for name, value in before.items() if getattr(row, name) != value}
    if not changed:
        return row
    row.edit_version += 1
    row.save(update_fields=[*SETTABLE, "edit_version"])
    record("venue.edited", row, actor=actor, data={"fields": sorted(changed)}, at=now)
    if changed & (_WHERE | {"latitude", "longitude"}):
        _tell_events(row, moved=bool(changed & _WHERE), before=before, actor=actor, now=now)
    return row


@transaction.atomic
def remove_venue(venue: Venue | UUID, *, actor: Person | None, now: dt.datetime) -> None:
    """Raises Unknown, VenueInUse."""
    row = lock(Venue, venue)
    if Event.objects.filter(venue=row).exists():
        raise VenueInUse
    record("venue.removed", row, actor=actor, at=now)
    row.delete()


def _tell_events(
    venue: Venue, *, moved: bool, before: dict[str, Any], actor: Person | None, now: dt.datetime
) -> None:
    """Past meetings keep what was said of them; those ahead go to the new address. before: what it was."""
    ahead = Event.objects.filter(venue=venue, status__in=STANDING, ends_at__gt=now)
    was = before["name"], before["room"], before["address"]
    # Events are locked in the order of their ids, as everywhere.
    for pk in ahead.order_by("pk").values_list("pk", flat=True):
        event = locked(pk)
        event.edit_version += 1
        event.sequence += 1 if moved else 0
        if moved and event.status in OPEN:
            remember(event, replace(schedule_of(event), venue=was), now=now)
        renew_vevent(event, now=now)
        event.save(update_fields=["edit_version", "sequence", "schedules", "vevent", "feed_changed_at"])
        if moved and event.status in OPEN:
            reopen_needs(event)
            stood = as_it_stood(event)
            stood["before"]["where"] = ", ".join(part for part in was if part)
            data = {
                "fields": ["venue"], "what": ["place"], "to": stood["from"], **stood,
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
    errors += errors_in_fields(venue, among=SETTABLE)
    errors += errors_in_translations(venue.translations, TRANSLATED)
    if not errors and (venue.latitude is None) != (venue.longitude is None):
        errors.append(FieldError("longitude", "required", _("Give both coordinates, or neither.")))
    if errors:
        raise Invalid(errors=errors)


@transaction.atomic
def plan(
    *,
    agency: Agency,
    actor: Person,
    now: dt.datetime,
    fields: Mapping[str, Any],
    new_venue: Mapping[str, Any] | None = None,
    confirm: str | None = None,
) -> Changed:
    """A draft, held at ``new_venue`` where one is given. Raises what ``schedule`` and ``add_venue`` raise, and ConfirmRequired
    on a day off.

    What is wrong with the new place is told by fields that begin with ``venue_``.
    """
    wanted = dict(fields) | _venue(agency, actor, now, new_venue)
    event = schedule(agency=agency, actor=actor, now=now, **wanted)
    if confirm is not None:
        ask(of_a_plan(event), confirm=confirm)
    return Changed(event, warnings_about(event, now=now))


@transaction.atomic
def change_plan(
    event: Event | UUID,
    *,
    agency: Agency,
    actor: Person,
    now: dt.datetime,
    fields: Mapping[str, Any],
    new_venue: Mapping[str, Any] | None = None,
    if_version: int | None = None,
    confirm: str | None = None,
) -> Changed:
    """As ``scheduling.edit``, at ``new_venue`` where one is given."""
    wanted = dict(fields) | _venue(agency, actor, now, new_venue)
    return edit(event, actor=actor, now=now, fields=wanted, if_version=if_version, confirm=confirm)


def _venue(
    agency: Agency, actor: Person, now: dt.datetime, new_venue: Mapping[str, Any] | None
) -> dict[str, Any]:
    if new_venue is None:
        return {}
    try:
        return {"venue": add_venue(agency=agency, actor=actor, now=now, **new_venue)}
    except Invalid as wrong:
        raise Invalid(
            errors=[FieldError(f"venue_{error.field}", error.code, error.detail) for error in wrong.errors]
        ) from None
