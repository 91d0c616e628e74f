"""The name somebody gave with a place: sealed, and opened for the door list and for themselves."""

from __future__ import annotations

from engage.sealing import seal, unseal
from events.models import Rsvp

_TABLE, _COLUMN = "events_rsvp", "sealed_name"


def seal_name(place: Rsvp, name: str) -> None:
    """Put ``name`` under seal on a place that has its id and agency; an empty one is none."""
    place.sealed_name = (
        seal(name, table=_TABLE, column=_COLUMN, row=place.pk, agency=place.agency_id) if name else None
    )


def name_of(place: Rsvp) -> str:
    """The name, opened; empty where none was given. Raises SealBroken."""
    if place.sealed_name is None:
        return ""
    return unseal(
        bytes(place.sealed_name), table=_TABLE, column=_COLUMN, row=place.pk, agency=place.agency_id
    )
