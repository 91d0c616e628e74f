"""RSVPs that came by the dozen from one connection, without an address: two of the staff give all of them back in one act.

Anybody may save an RSVP without saying who they are; so twenty requests take a hundred seats in seconds. Each flood is
remembered for a day, and reckoned once.

Which RSVPs came from one network stands in the cache and nowhere else: beside the id of an RSVP a mark that differs for
every event and every half hour, and is made with a salt that no disk ever held.

Nobody sees networks or marks. But whoever saves RSVPs from their own network and then sees a flood of one more has
learnt that somebody else is on it; so each flood is reckoned once, of a half hour that is over, and by no later act:
the RSVPs are counted as they come, whatever becomes of them, and a number that nobody can know or draw again is
added before the sum is compared and rounded. What staff read changes with one RSVP more or less no more than by
chance (differential privacy: Dwork et al., Calibrating Noise to Sensitivity, 2006, §3).
"""

from __future__ import annotations

import datetime as dt
import logging
import math
from bisect import bisect
from dataclasses import dataclass
from itertools import accumulate
from typing import Final
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from engage.activity.models import Activity
from engage.activity.recording import record
from engage.counting.rates import mark_of_network
from engage.people.models import Person
from engage.readings.granting import ask_to_give_back, grant
from engage.readings.models import ContactRead, ReadingRequest, ReadPurpose
from engage.readings.recording import HOUR, record_read
from engage.refusals import RuleViolation, Unknown, WrongState
from engage.roles.permissions import Viewer
from events.event.locking import locked
from events.event.models import OPEN, Event
from events.rsvps import seats
from events.rsvps.leaving import stop_messages
from events.rsvps.models import CheckIn, Rsvp, RsvpStatus
from events.rsvps.needs.asking import forget_needs
from events.rsvps.needs.models import AccessRequest
from events.rsvps.waitlisting import promote

REMEMBERED_FOR: Final = dt.timedelta(hours=24)
_LIVES: Final = int(REMEMBERED_FOR.total_seconds())
# Of the clock, and not from the first RSVP on: where a half hour begins must tell of nobody's RSVP.
HALF_HOUR: Final = dt.timedelta(minutes=30)
# What was saved in its last second is remembered a moment later.
_SETTLES: Final = dt.timedelta(minutes=1)
# RSVPs and what is added to them, together. Fewer may be a family; and so few are given back one by one.
FROM: Final = 14
# Discrete Laplace: one RSVP more makes anything that can be shown at the most 1.95 times (e to 1/1.5) as likely. Cut off
# where it would call six RSVPs a flood or twenty-two none; of so few or so many it happens once in 600 that one counts.
MOST_ADDED: Final = 8
_SPREAD: Final = 1.5
_ADDED: Final = range(-MOST_ADDED, MOST_ADDED + 1)
_HOW_OFTEN: Final = tuple(accumulate(math.exp(-abs(one) / _SPREAD) for one in _ADDED))
_log = logging.getLogger(__name__)
_OTHER_ENDS: Final = ("rsvp.cancelled", "rsvp.lapsed", "rsvp.bounced")


class FloodGone(RuleViolation):
    code = "flood_gone"
    sentence = _("These places are not there any more, or it is too long ago to say where they came from.")


@dataclass(frozen=True, slots=True)
class Flood:
    """RSVPs of one event that came from one connection within a half hour of the clock.

    about: how many, in tens, and not exactly. handle: stands for it before one viewer, and before nobody else.
    """

    half_hour: int
    mark: bytes
    slot: str
    about: int
    handle: str


def remember_connection(rsvp: Rsvp, network: str) -> None:
    """Of an RSVP that was just saved, without an address; of any other nothing is kept."""
    if rsvp.email_contact_id is not None or rsvp.phone_contact_id is not None:
        return
    half_hour = _half_hour(rsvp.created_at)
    try:
        mark = mark_of_network(f"place {rsvp.event_id} {half_hour}", network, at=_begins(half_hour))
        # Once each: a request that is sent again is no second RSVP.
        if cache.add(_key(rsvp.pk), mark, timeout=_LIVES):
            _count(rsvp.event_id, half_hour, mark)
    # The cache's own exceptions are its driver's; without it a flood is given back one by one.
    except Exception:  # noqa: BLE001
        _log.warning("cache_unavailable", extra={"keeping": "connections"})


def floods_of(event: Event, *, viewer: Person, now: dt.datetime) -> list[Flood]:
    """Those of half hours that are over; none once the meeting is. No query, and one question to the cache where there is none."""
    if event.status not in OPEN:
        return []
    newest = _half_hour(now - _SETTLES) - 1
    floods = [
        (half_hour, _floods(event.pk, half_hour))
        for half_hour in range(newest, newest - REMEMBERED_FOR // HALF_HOUR, -1)
    ]
    try:
        many = cache.get_many([name for _when, name in floods])
        slots = {f"{name}:{one}": when for when, name in floods for one in range(1, many.get(name, 0) + 1)}
        marks = cache.get_many(list(slots)) if slots else {}
        counts = cache.get_many([_counter(event.pk, slots[slot], marks[slot]) for slot in marks])
        found = [
            _flood(event.pk, viewer, slot, slots[slot], mark, counts[counter])
            for slot, mark in marks.items()
            if (counter := _counter(event.pk, slots[slot], mark)) in counts
        ]
    except Exception:  # noqa: BLE001 - as above
        _log.warning("cache_unavailable", extra={"reading": "connections"})
        return []
    # By handle: which of two began first is nobody's business.
    return sorted(found, key=lambda flood: flood.handle)


def flood_called(event: Event, handle: str, *, viewer: Person, now: dt.datetime) -> Flood:
    """Raises FloodGone for what is no handle of this event's before this viewer."""
    for flood in floods_of(event, viewer=viewer, now=now):
        if flood.handle == handle:
            return flood
    raise FloodGone


def rsvps_in(event_id: UUID, flood: Flood) -> list[UUID]:
    """Whatever became of them since."""
    begins = dt.datetime.fromtimestamp(_begins(flood.half_hour), dt.UTC)
    there = Rsvp.objects.filter(event=event_id, created_at__gte=begins, created_at__lt=begins + HALF_HOUR)
    marks = _marks(list(there.values_list("pk", flat=True)))
    return [pk for pk, mark in marks.items() if mark == flood.mark]


def forget(event_id: UUID, flood: Flood, rsvp_ids: list[UUID]) -> None:
    """Once it is given back."""
    counter = _counter(event_id, flood.half_hour, flood.mark)
    try:
        cache.delete_many([flood.slot, counter, *(_key(pk) for pk in rsvp_ids)])
    except Exception:  # noqa: BLE001 - as above; they end by themselves
        _log.warning("cache_unavailable", extra={"keeping": "connections"})


def _count(event_id: UUID, half_hour: int, mark: bytes) -> None:
    """One more; and at the one that makes it a flood, written down as one, so that no later act decides about it."""
    counter = _counter(event_id, half_hour, mark)
    cache.add(counter, 0, timeout=_LIVES)
    if cache.incr(counter) + _added(event_id, half_hour, mark) != FROM:
        return
    floods = _floods(event_id, half_hour)
    cache.add(floods, 0, timeout=_LIVES)
    cache.set(f"{floods}:{cache.incr(floods)}", mark, timeout=_LIVES)


def _added(event_id: UUID, half_hour: int, mark: bytes) -> int:
    """-8 to 8, always the same for one network in one half hour of one event: asking again averages nothing out."""
    drawn = mark_of_network(f"added {event_id} {half_hour}", mark.hex(), at=_begins(half_hour))
    return _ADDED[bisect(_HOW_OFTEN, int.from_bytes(drawn) / 2**64 * _HOW_OFTEN[-1])]


def _flood(event_id: UUID, viewer: Person, slot: str, half_hour: int, mark: bytes, count: int) -> Flood:
    handle = mark_of_network(f"handle {event_id} {half_hour} {viewer.pk}", mark.hex(), at=_begins(half_hour))
    about = (count + _added(event_id, half_hour, mark) + 5) // 10 * 10
    return Flood(half_hour, mark, slot, about, handle.hex())


def _marks(rsvp_ids: list[UUID]) -> dict[UUID, bytes]:
    try:
        found = cache.get_many([_key(pk) for pk in rsvp_ids])
    except Exception:  # noqa: BLE001 - as above
        _log.warning("cache_unavailable", extra={"reading": "connections"})
        return {}
    return {pk: found[_key(pk)] for pk in rsvp_ids if _key(pk) in found}


def _half_hour(moment: dt.datetime) -> int:
    """Its number, counted from 1970."""
    return int(moment.timestamp() // HALF_HOUR.total_seconds())


def _begins(half_hour: int) -> float:
    return half_hour * HALF_HOUR.total_seconds()


def _key(rsvp_id: UUID) -> str:
    return f"connection:{rsvp_id}"


def _counter(event_id: UUID, half_hour: int, mark: bytes) -> str:
    return f"connections:{event_id}:{half_hour}:{mark.hex()}"


def _floods(event_id: UUID, half_hour: int) -> str:
    return f"floods:{event_id}:{half_hour}"


def look_at_floods(event: Event, *, viewer: Person, now: dt.datetime) -> list[Flood]:
    """As ``floods_of``, on record with the viewer's name once an hour, among the readings one person may have in it.

    Raises SecondPersonNeeded.
    """
    found = floods_of(event, viewer=viewer, now=now)
    what = ContactRead.What.FLOOD
    lately = ContactRead.objects.filter(reader=viewer, event_id=event.pk, what=what, at__gt=now - HOUR)
    if found and not lately.exists():
        record_read(
            viewer,
            agency=event.agency,
            what=what,
            purpose=ReadPurpose.PREPARE_DOOR,
            event_id=event.pk,
            shown=0,
            now=now,
        )
    return found


def ask_about(event: Event, handle: str, *, viewer: Person, now: dt.datetime) -> ReadingRequest:
    """Ask a second person whether these RSVPs may be given back. Raises FloodGone, WrongState once the meeting is over."""
    if event.status not in OPEN:
        raise WrongState
    flood = flood_called(event, handle, viewer=viewer, now=now)
    return ask_to_give_back(event.agency, reader=viewer, event_id=event.pk, flood=flood.handle, now=now)


def give_back(asked: ReadingRequest, *, viewer: Viewer, now: dt.datetime) -> Flood:
    """Say yes to it, and cancel the RSVPs of the flood: those of its half hour, and no later ones.

    One act: their seats go to those who wait, what they needed goes, and it is on record. Whoever is there already, and
    whoever left an address, keeps the RSVP. Where nobody's is left it is the same: whether one was would tell. Raises
    what ``grant`` raises, Unknown, WrongState once the meeting is over, FloodGone.
    """
    if asked.event_id is None:
        raise Unknown
    event = Event.objects.filter(pk=asked.event_id, agency=asked.agency_id).first()
    if event is None:
        raise Unknown
    # Asked before anything is locked: nobody waits for a cache.
    known = next(
        (one for one in floods_of(event, viewer=asked.reader, now=now) if one.handle == asked.flood), None
    )
    rsvps = rsvps_in(event.pk, known) if known else []
    with transaction.atomic():
        event = locked(event.pk)
        granted = grant(asked, viewer=viewer, now=now)
        if event.status not in OPEN:
            raise WrongState
        if known is None:
            raise FloodGone
        rows = _standing(event.pk).filter(pk__in=rsvps)
        _cancel(event, list(rows.select_for_update(no_key=True, of=("self",)).order_by("pk")), now)
        record(
            "event.places_given_back", event, actor=granted.granted_by, data={"about": known.about}, at=now
        )
        _tell_administrators(event, granted, now)
        promote(event, now=now)
    forget(event.pk, known, rsvps)
    return known


def was_taken_back(rsvp: Rsvp) -> bool:
    """Whether an RSVP ended in this way: each other way leaves a line of its own in the record. One query, or none."""
    if rsvp.status != RsvpStatus.CANCELLED or rsvp.email_contact_id or rsvp.phone_contact_id:
        return False
    lines = Activity.objects.filter(object_type="rsvp", object_id=rsvp.pk, verb__in=_OTHER_ENDS)
    return not lines.exists()


def _standing(event_id: UUID) -> QuerySet[Rsvp]:
    """RSVPs that may be part of one: without an address, not given back, and nobody there yet."""
    here = CheckIn.objects.filter(rsvp=OuterRef("pk"), undone_at=None)
    return Rsvp.objects.filter(~Exists(here), event=event_id, email_contact=None, phone_contact=None).exclude(
        status=RsvpStatus.CANCELLED
    )


def _cancel(event: Event, rsvps: list[Rsvp], now: dt.datetime) -> None:
    """As ``leaving.leave``, for many at once: the event's row is held for few statements however many they are."""
    ids = [rsvp.pk for rsvp in rsvps]
    waited = [rsvp for rsvp in rsvps if rsvp.status == RsvpStatus.WAITLISTED]
    Rsvp.objects.filter(pk__in=ids).update(
        status=RsvpStatus.CANCELLED,
        queue_number=None,
        offer_expires_at=None,
        cancelled_at=now,
        edit_version=F("edit_version") + 1,
    )
    seats.move(
        event,
        taken=-sum(rsvp.party_size for rsvp in rsvps if rsvp.status == RsvpStatus.CONFIRMED),
        held=-sum(rsvp.party_size for rsvp in rsvps if rsvp.status == RsvpStatus.OFFERED),
        waiting=-len(waited),
        too_large=-sum(seats.is_too_large(event, rsvp.party_size) for rsvp in waited),
    )
    forget_needs(AccessRequest.objects.filter(rsvp__in=ids))
    stop_messages(ids, now=now)


def _tell_administrators(event: Event, granted: ReadingRequest, now: dt.datetime) -> None:
    """Among the readings, past the hour's number: a second person has said yes, or it says that nobody had to."""
    ContactRead.objects.create(
        agency=event.agency,
        reader=granted.reader,
        what=ContactRead.What.UNDONE,
        purpose=ReadPurpose.PREPARE_DOOR,
        event_id=event.pk,
        shown=0,
        granted_alone=granted.granted_by_id == granted.reader_id,
        at=now,
    )
