"""Planning or changing an event together with a place that is new: both, or neither."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from engage.models import Agency, Person
from engage.rule_violation import FieldError, Invalid
from events import scheduling
from events.event_warnings import warnings_about
from events.models import Event
from events.scheduling import Changed
from events.venue_keeping import add_venue


@transaction.atomic
def plan(
    *,
    agency: Agency,
    actor: Person,
    now: dt.datetime,
    fields: Mapping[str, Any],
    new_place: Mapping[str, Any] | None = None,
) -> Changed:
    """A draft, held at ``new_place`` where one is given. Raises what ``schedule`` and ``add_venue`` raise.

    What is wrong with the new place is told by fields that begin with ``place_``.
    """
    wanted = dict(fields) | _place(agency, actor, now, new_place)
    event = scheduling.schedule(agency=agency, actor=actor, now=now, **wanted)
    return Changed(event, warnings_about(event, now=now))


@transaction.atomic
def change_plan(
    event: Event | UUID,
    *,
    agency: Agency,
    actor: Person,
    now: dt.datetime,
    fields: Mapping[str, Any],
    new_place: Mapping[str, Any] | None = None,
    if_version: int | None = None,
) -> Changed:
    """As ``scheduling.edit``, at ``new_place`` where one is given."""
    wanted = dict(fields) | _place(agency, actor, now, new_place)
    return scheduling.edit(event, actor=actor, now=now, fields=wanted, if_version=if_version)


def _place(
    agency: Agency, actor: Person, now: dt.datetime, new_place: Mapping[str, Any] | None
) -> dict[str, Any]:
    if new_place is None:
        return {}
    try:
        return {"venue": add_venue(agency=agency, actor=actor, now=now, **new_place)}
    except Invalid as wrong:
        raise Invalid(
            errors=[FieldError(f"place_{error.field}", error.code, error.detail) for error in wrong.errors]
        ) from None
