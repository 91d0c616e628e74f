"""The code on the wall of a meeting: whoever has it sits in the hall, behind the one address that the hall has.

It opens nothing and tells nothing. It only lets the people of a full hall be counted apart from the rest of their
network, for as long as their meeting lasts.
"""

from __future__ import annotations

import datetime as dt
import re
import secrets
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from engage.counting.rates import Verdict, allow, count, look, network_of
from events.event.models import OPEN, Event, EventStatus

# Read from the back row and typed on a telephone: no two that look alike, no vowels that could make a word.
ALPHABET: Final = "3479CDFHJKMNPQRTVWXY"
LENGTH: Final = 6
# While people come in: the code on the wall counts from so long before the start.
BEFORE_THE_START: Final = dt.timedelta(hours=12)
_BETWEEN: Final = re.compile(r"[\s-]+")


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def as_typed(given: str) -> str:
    """A code as it is stored, from what somebody typed: whatever the case, spaces and hyphens. Empty for what is none."""
    code = _BETWEEN.sub("", given[:40]).upper()
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""


def give_code(event_id: UUID) -> None:
    """For a meeting that has none yet: one that was planned before there were any. Harmless where there is one."""
    Event.objects.filter(pk=event_id, room_code="", status__in=OPEN).update(room_code=new_code())


def is_for_a_hall(event: Event, now: dt.datetime) -> bool:
    """Whether a code on the wall counts now: from 12 hours before the start until the meeting is ended."""
    if event.status == EventStatus.LIVE:
        return True
    return event.status == EventStatus.PUBLISHED and event.starts_at - BEFORE_THE_START <= now < event.ends_at


def count_public_post(
    meta: Mapping[str, Any], event_id: UUID | None, given: str, *, now: dt.datetime
) -> Verdict | None:
    """Count one public POST of the network it comes from. meta: the request's META. None where throttles are off.

    given: what was sent as the code, empty for most. With the code of a meeting that is on, the network has a bucket
    for that meeting alone; with any other, or none, the one that all its public posts share. A wrong code is never a
    reason to refuse; but it is a try, and whoever tries too many is not asked any more. One query where something was
    given that may be a code, else none. Raises TooOften.
    """
    code, network = as_typed(given), network_of(meta)
    if (
        event_id is not None
        and code
        and settings.THROTTLES != "off"
        and _is_right(event_id, code, network, now)
    ):
        return count(meta, "hall_posts", whom=f"{event_id}\0{network}")
    return count(meta, "public_posts", whom=network)


def _is_right(event_id: UUID, code: str, network: str, now: dt.datetime) -> bool:
    limit, seconds = settings.RATES["room_code_guesses"]
    if not look("room_code_guesses", network, limit=limit, window_seconds=seconds).allowed:
        return False
    if _with_a_hall(now).filter(pk=event_id, room_code=code).exists():
        return True
    allow("room_code_guesses", network, limit=limit, window_seconds=seconds)
    return False


def _with_a_hall(now: dt.datetime) -> QuerySet[Event]:
    soon = Q(status=EventStatus.PUBLISHED, starts_at__lte=now + BEFORE_THE_START, ends_at__gt=now)
    return Event.objects.filter(Q(status=EventStatus.LIVE) | soon)
