"""Asking for a letter to an address, with the same work whatever the address: who asks must not learn whether it is known.

The request writes one row and rings; the worker looks the address up (``outreach.announcing.letters_asked_for``). Evening out what
the request itself did for known and unknown addresses was tried, and the times still told 78 of 100 apart.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable
from typing import Final
from uuid import UUID, uuid4

from django.db import OperationalError, transaction
from django.db.models import Q
from django.db.models.functions import Now

from engage.activity.recording import ring
from engage.contacts.models import LetterAsk
from engage.sealing.seals import seal, unseal

# Longer, nobody waits for it; and with the hourly round that forgets, no row lives for a day.
_WAITS: Final = dt.timedelta(hours=20)
_TRY_AGAIN: Final = dt.timedelta(minutes=10)
_SEALED_IN: Final = {"table": "engage_letterask", "column": "sealed_address"}


@transaction.atomic
def ask_for_letter(
    letter: str,
    address: str,
    *,
    agency_id: UUID | None = None,
    event_id: UUID | None = None,
    now: dt.datetime,
) -> None:
    """letter: a ``LetterAsk.Letter``. address: as typed; whether it is one has been looked at. Raises TooLongToSeal."""
    row, asked_at = uuid4(), now.replace(microsecond=0)
    typed = unicodedata.normalize("NFKC", address).strip()
    LetterAsk.objects.create(
        id=row,
        letter=LetterAsk.Letter(letter),
        agency_id=agency_id,
        event_id=event_id,
        sealed_address=seal(typed, row=row, agency=agency_id, **_SEALED_IN),
        asked_at=asked_at,
        erase_after=asked_at + _WAITS,
    )
    ring()


def address_asked_for(ask: LetterAsk) -> str:
    """In clear. Raises SealBroken."""
    return unseal(bytes(ask.sealed_address), row=ask.pk, agency=ask.agency_id, **_SEALED_IN)


@transaction.atomic
def answer_next(answer: Callable[[LetterAsk], None]) -> tuple[LetterAsk, Exception | None] | None:
    """Give the oldest ask that nobody else has to ``answer``, and delete it in the same transaction.

    Killed before the commit, all of it is still to be done; after it, nothing is. One that cannot be answered stays,
    for ten minutes behind the others. Returns it and what was in the way, or None where no ask waits. Raises the
    database's error where the database is away.
    """
    due = Q(next_try_at=None) | Q(next_try_at__lte=Now())
    waiting = LetterAsk.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        due, erase_after__gt=Now()
    )
    ask = waiting.order_by("asked_at", "pk").first()
    if ask is None:
        return None
    try:
        with transaction.atomic():
            answer(ask)
    except OperationalError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not hold up the others
        LetterAsk.objects.filter(pk=ask.pk).update(next_try_at=Now() + _TRY_AGAIN)
        return ask, error
    ask.delete()
    return ask, None


def try_asks_again() -> None:
    """At once, whatever waits for its next try: with these keys it may go through."""
    LetterAsk.objects.exclude(next_try_at=None).update(next_try_at=None)


def forget_old_asks(*, now: dt.datetime) -> int:
    """Delete those that nobody answered in time. How many."""
    return LetterAsk.objects.filter(erase_after__lte=now).delete()[0]
