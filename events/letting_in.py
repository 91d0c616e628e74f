"""One field at the door: a whole code lets its people in at once, anything else finds who may be meant."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from events.checking_in import Arrival, CodeUnknown, check_in
from events.door_list import Found, code_in, guests_matching, is_of_another_meeting
from events.door_times import must_take_arrivals
from events.models import Event


@dataclass(frozen=True, slots=True)
class Outcome:
    """Either an arrival, or whom the words may mean. elsewhere: it is a code of another meeting of this agency."""

    arrival: Arrival | None = None
    found: Found | None = None
    elsewhere: bool = False


def let_in_or_find(event: Event, typed: str, *, client_id: str, now: dt.datetime) -> Outcome:
    """As the door's field is sent. Ten letters may be a code or a name: the code goes first.

    client_id: of this one act, so that it may be sent again. Raises WrongState, Invalid.
    """
    code = code_in(typed)
    if code:
        try:
            return Outcome(arrival=check_in(event, client_id=client_id, code=code, now=now))
        except CodeUnknown:
            return look_for(event, typed, now=now)
    return look_for(event, typed, now=now)


def look_for(event: Event, typed: str, *, now: dt.datetime) -> Outcome:
    """Whom ``typed`` may mean, while it is being typed: nobody is let in. Raises WrongState."""
    must_take_arrivals(event, now)
    found, code = guests_matching(event, typed), code_in(typed)
    elsewhere = bool(code) and not found.total and is_of_another_meeting(event, code, now=now)
    return Outcome(found=found, elsewhere=elsewhere)
