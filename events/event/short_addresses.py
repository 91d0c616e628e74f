"""The address of a meeting that fits on a poster and can be typed: ``/m/`` and six consonants, kept for ever.

It leads to the public page and nowhere else, so it tells no more than that page does.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from typing import Final

from django.conf import settings
from django.db.models import F

from engage.refusals import Unknown
from events.event.models import Audience, Event, EventStatus
from events.event.permissions import public_events

# Typed on a telephone, so small letters alone. No vowel, so that it says no word; nor what the abbreviations of rude ones
# are made of in English and Spanish (c, f, k, s, t), what looks like a figure (l), and what is read as a vowel (y).
ALPHABET: Final = "bdghjmnpqrvwxz"
LENGTH: Final = 6
# What can still be read as one by people who leave out the vowels.
_NEVER: Final = re.compile(r"(.)\1|hdp|jdr|mrd|ngr|pqp|prn|vrg")


def short_address(event: Event) -> str:
    """The whole address, with its scheme; empty where there is no public page that it could lead to. No query."""
    if event.audience != Audience.PUBLIC or event.status == EventStatus.DRAFT or not event.short_code:
        return ""
    return f"{settings.PUBLIC_URL}/m/{event.short_code}"


def as_typed(given: str) -> str:
    """A code as it is stored, from what was typed in whatever case; empty for what is none."""
    code = given[:40].strip().lower()
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""


def event_called(given: str) -> Event:
    """The public meeting that has this code. Raises Unknown, the same for one that is no meeting's and one that is not for everyone."""
    code = as_typed(given)
    event = public_events().filter(short_code=code).first() if code else None
    if event is None:
        raise Unknown
    return event


def give_short_codes(events: Iterable[Event]) -> None:
    """Each that was published and has none gets one, in the objects alone: whoever calls saves them. One query."""
    without = [event for event in events if event.published_at and not event.short_code]
    codes: set[str] = set()
    while len(codes) < len(without):
        more = {_new_code() for _ in range(len(without) - len(codes))}
        codes |= more - set(Event.objects.filter(short_code__in=more).values_list("short_code", flat=True))
    for event, code in zip(without, codes, strict=True):
        event.short_code = code


def give_what_is_missing(*, most: int = 500) -> int:
    """For what the version before published while both were serving. Returns how many got one."""
    without = list(Event.objects.filter(short_code="", published_at__isnull=False)[:most])
    give_short_codes(without)
    return sum(
        # Who holds an answer of the API has one without the address.
        Event.objects.filter(pk=event.pk, short_code="").update(
            short_code=event.short_code, edit_version=F("edit_version") + 1
        )
        for event in without
    )


def _new_code() -> str:
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        if not _NEVER.search(code):
            return code
