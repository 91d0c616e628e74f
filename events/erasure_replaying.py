"""After a restore: erase again what was erased since the backup, from the list kept outside (``engage.erasure_list``)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import batched
from typing import Final
from uuid import UUID

from django.db import models, transaction

from engage.erasure_list import BLOCKED, ERASED, lines, mark_of
from engage.models import Contact
from engage.retention import erase_contacts
from engage.unproven_addresses import block_mark
from events import seats
from events.models import Rsvp
from events.resident_record import erase_places

_AT_ONCE: Final = 500


def replay_erasures(*, now: dt.datetime) -> dict[str, int]:
    """What was erased again, by table; nothing where it is gone already. Safe to run again. Raises OSError."""
    found = lines()
    erased = {line.mark for line in found if line.act == ERASED}
    done: Counter[str] = Counter()
    for event_id, places in _places(erased).items():
        done["places"] += _erase_places(event_id, places, now)
    for ids in batched(_marked(Contact, erased), _AT_ONCE):
        done["addresses"] += erase_contacts(ids, now=now, is_listed=True)
    for line in found:
        if line.act == BLOCKED:
            block_mark(line.mark, now=dt.datetime.combine(line.day, dt.time(), dt.UTC))
            done["blocked"] += 1
    return {what: number for what, number in done.items() if number}


def _places(erased: set[bytes]) -> dict[UUID, list[UUID]]:
    by_event: dict[UUID, list[UUID]] = {}
    marked = set(_marked(Rsvp, erased))
    for pk, event_id in Rsvp.objects.filter(pk__in=marked).values_list("pk", "event_id"):
        by_event.setdefault(event_id, []).append(pk)
    return by_event


def _marked(model: type[models.Model], erased: set[bytes]) -> list[UUID]:
    if not erased:
        return []
    table = model._meta.db_table
    rows = model._base_manager.order_by("pk").values_list("pk", flat=True)
    return [pk for pk in rows.iterator(chunk_size=5000) if mark_of(table, pk) in erased]


@transaction.atomic
def _erase_places(event_id: UUID, ids: list[UUID], now: dt.datetime) -> int:
    event = seats.locked(event_id)
    locked = Rsvp.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    places = list(locked)
    if places:
        erase_places(event, places, now=now, is_listed=True)
    return len(places)
