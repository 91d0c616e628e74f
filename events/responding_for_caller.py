"""Saving a place for somebody on the telephone: once, however often the button is pressed."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final
from uuid import UUID

from engage.answer_keeping import Claim, KeptAnswers
from engage.models import Person
from events.models import Event, RsvpSource
from events.responding import Response, respond

# The key alone says that it is the same request: a form that is sent again is the same call.
_SAME: Final = b""


class _SavedBefore(Exception):
    def __init__(self, place_id: UUID) -> None:
        super().__init__()
        self.place_id = place_id


def respond_for_caller(event: Event, *, actor: Person, key: str, now: dt.datetime, **wishes: Any) -> UUID:
    """The id of the place. wishes: as ``respond`` takes them. key: made with the form, 22 letters of base64url or more.

    Must not run inside a transaction. Raises what ``respond`` raises, KeyInvalid, KeyInProgress.
    """
    scope: dict[str, Any] = {
        "method": "POST", "route": f"caller/{event.pk}", "agency": str(event.agency_id), "principal": str(actor.pk),
        "key": key, "body": _SAME, "now": now,
    }  # fmt: skip
    held: list[Claim] = []

    def open_once() -> None:
        claim = KeptAnswers.claim(**scope)
        if claim.stored is not None:
            raise _SavedBefore(UUID(claim.stored.body.decode()))
        held.append(claim)

    def settle(made: Response) -> None:
        held[-1].settle(status=201, body=str(made.rsvp.pk).encode())

    stored = KeptAnswers.look_up(**scope)
    if stored is not None:
        return UUID(stored.body.decode())
    among = Event.objects.filter(agency_id=event.agency_id)
    try:
        made = respond(
            event.pk,
            **wishes,
            source=RsvpSource.STAFF,
            among=among,
            now=now,
            opening=open_once,
            settle=settle,
        )
    except _SavedBefore as found:
        return found.place_id
    return made.rsvp.pk
