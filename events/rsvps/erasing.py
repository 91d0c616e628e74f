"""Erasing a resident by their own link, and after a restore what was erased since the backup.

The list of the erased is kept outside (``engage.restoring.erasure_list``).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import batched
from typing import Final
from uuid import UUID

from django.db import models, transaction
from django.db.models import Q

from engage.activity.forgetting import forget_acts_about
from engage.contacts.models import Contact
from engage.contacts.unproven import block_mark
from engage.refusals import Unknown
from engage.restoring.erasure_list import BLOCKED, ERASED, lines, mark_of, write_down_erased
from engage.retention.models import Destruction
from engage.retention.purge import erase_contacts
from events.event.locking import locked
from events.event.models import Event
from events.rsvps.leaving import give_back, stop_messages
from events.rsvps.links import Reach, reached
from events.rsvps.models import CheckIn, Rsvp
from events.rsvps.needs.asking import forget_needs
from events.rsvps.needs.models import AccessRequest
from events.rsvps.readdressing import earlier_addresses
from events.rsvps.waitlisting import promote

_AT_ONCE: Final = 500


def replay_erasures(*, now: dt.datetime) -> dict[str, int]:
    """What was erased again, by table; nothing where it is gone already. Safe to run again. Raises OSError."""
    found = lines()
    erased = {line.mark for line in found if line.act == ERASED}
    done: Counter[str] = Counter()
    for event_id, rsvps in _rsvps(erased).items():
        done["places"] += _erase_rsvps(event_id, rsvps, now)
    for ids in batched(_marked(Contact, erased), _AT_ONCE):
        done["addresses"] += erase_contacts(ids, now=now, is_listed=True)
    for line in found:
        if line.act == BLOCKED:
            block_mark(line.mark, now=dt.datetime.combine(line.day, dt.time(), dt.UTC))
            done["blocked"] += 1
    return {what: number for what, number in done.items() if number}


def _rsvps(erased: set[bytes]) -> dict[UUID, list[UUID]]:
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
def _erase_rsvps(event_id: UUID, ids: list[UUID], now: dt.datetime) -> int:
    event = locked(event_id)
    rsvps = list(Rsvp.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))
    if rsvps:
        erase_rsvps(event, rsvps, now=now, is_listed=True)
    return len(rsvps)


@transaction.atomic
def erase(reach: Reach, *, now: dt.datetime) -> int:
    """Delete what the link reaches: one RSVP by a screen link, all of the address by a mailed one.

    Seats go back unless the event's totals are frozen; those who wait move up. The address goes with its last RSVP.
    Nothing more is sent. An arrival stays as a number. The record loses what these RSVPs did, and keeps that
    somebody was erased on that day. Returns how many RSVPs were erased; the link is dead.
    """
    event = locked(reach.rsvp.event_id)
    rsvps = list(reached(reach).select_for_update(no_key=True, of=("self",)).order_by("pk"))
    if not rsvps:
        raise Unknown
    write_down_erased("events_rsvp", [rsvp.pk for rsvp in rsvps], now=now)
    erase_rsvps(event, rsvps, now=now)
    return len(rsvps)


def erase_rsvps(event: Event, rsvps: list[Rsvp], *, now: dt.datetime, is_listed: bool = False) -> None:
    """These RSVPs, locked like their event, and every address that had no other. is_listed: see ``erase_contacts``."""
    ids = [rsvp.pk for rsvp in rsvps]
    if event.totals_frozen_at is None:
        for rsvp in rsvps:
            give_back(event, rsvp)
    contact_ids = {
        pk for rsvp in rsvps for pk in (rsvp.email_contact_id, rsvp.phone_contact_id) if pk is not None
    }
    contact_ids |= earlier_addresses(ids)
    stop_messages(ids, now=now)
    CheckIn.objects.filter(rsvp__in=ids).update(rsvp=None)
    needs = forget_needs(AccessRequest.objects.filter(rsvp__in=ids))
    Rsvp.objects.filter(pk__in=ids).delete()
    shared = Rsvp.objects.filter(Q(email_contact__in=contact_ids) | Q(phone_contact__in=contact_ids))
    for pair in shared.values_list("email_contact_id", "phone_contact_id"):
        contact_ids.difference_update(pair)
    erase_contacts(sorted(contact_ids), now=now, is_listed=is_listed)
    Destruction.objects.create(
        agency_id=event.agency_id,
        on=now.date(),
        cause="erasure",
        counts={"rsvp": len(ids), "accessrequest": needs},
    )
    forget_acts_about(ids)
    promote(event, now=now)
