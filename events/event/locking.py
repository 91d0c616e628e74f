"""The event's row first, then whatever hangs on it: every act that moves seats or times waits here for its turn."""

from __future__ import annotations

from uuid import UUID

from engage.database.locking import lock
from events.event.models import Event


def locked(event: Event | UUID, *, if_version: int | None = None) -> Event:
    """The event's row, read anew with its agency and venue, held until the transaction ends. Raises Unknown, StaleEdit."""
    return lock(Event, event, if_version=if_version, also=("agency", "venue"))
