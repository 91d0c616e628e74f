"""Places that came by the dozen from one connection, without an address: staff give all of them back in one act.

Anybody may save a place without saying who they are; so twenty requests take a hundred seats in seconds. Which places
came from one network is remembered for a day, in the cache and nowhere else: beside the id of a place stands a mark
that differs for every event and every day, and is made with a salt that no disk ever held. Nobody sees networks or
marks; what staff see is how many came in which minutes.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from engage.activity_recording import record
from engage.models import Activity, Person
from engage.rate_counting import mark_of_network
from engage.rule_violation import RuleViolation, WrongState
from events import seats
from events.leaving import stop_messages
from events.models import AccessRequest, CheckIn, Event, Rsvp, RsvpStatus
from events.needs_forgetting import forget_needs
from events.waitlisting import promote

REMEMBERED_FOR: Final = dt.timedelta(hours=24)
# Fewer may be a family, or a neighbor's telephone that went from hand to hand; and so few are given back one by one.
FEWEST: Final = 10
WITHIN: Final = dt.timedelta(hours=1)
_OTHER_ENDS: Final = ("rsvp.cancelled", "rsvp.lapsed", "rsvp.bounced")
_log = logging.getLogger(__name__)


class FloodGone(RuleViolation):
    code = "flood_gone"
    sentence = _("These places are not there any more, or it is too long ago to say where they came from.")


@dataclass(frozen=True, slots=True)
class Flood:
    """Places of one event that came from one connection within an hour. first: the id of the one that came first."""

    first: UUID
    places: tuple[UUID, ...]
    people: int
    began_at: dt.datetime
    ended_at: dt.datetime

    @property
    def minutes(self) -> int:
        """Begun minutes."""
        return int((self.ended_at - self.began_at) / dt.timedelta(minutes=1)) + 1


def remember_connection(place: Rsvp, network: str) -> None:
    """Of a place that was just saved, without an address; of any other nothing is kept."""
    if place.email_contact_id is not None or place.phone_contact_id is not None:
        return
    try:
        mark = mark_of_network(f"place {place.event_id}", network)
        cache.set(_key(place.pk), mark, timeout=int(REMEMBERED_FOR.total_seconds()))
    # The cache's own exceptions are its driver's; without it a flood is given back one by one.
    except Exception:  # noqa: BLE001
        _log.warning("cache_unavailable", extra={"keeping": "connections"})


def floods_of(event: Event, *, now: dt.datetime) -> list[Flood]:
    """The first to come first; none once the meeting is over. One query, and one question to the cache."""
    if event.status not in seats.OPEN:
        return []
    rows = list(
        _standing(event.pk)
        .filter(created_at__gt=now - REMEMBERED_FOR)
        .order_by("created_at", "pk")
        .values_list("pk", "created_at", "party_size")
    )
    if len(rows) < FEWEST:
        return []
    marks = _marks([pk for pk, *_rest in rows])
    marked = sorted((row for row in rows if row[0] in marks), key=lambda row: marks[row[0]])
    found = [
        flood
        for _mark, group in groupby(marked, key=lambda row: marks[row[0]])
        for flood in _by_the_hour(list(group))
    ]
    return sorted(found, key=lambda flood: (flood.began_at, flood.first))


def give_back(
    event_id: UUID, first: UUID, *, until: dt.datetime, actor: Person | None, now: dt.datetime
) -> Flood:
    """Cancel the places of a flood that came until then: those that whoever decides was shown, and no later ones.

    One act: their seats go to those who wait, what they needed goes, and one line stands in the record. Whoever is
    there already, and whoever left an address, keeps the place. Returns what was given back. Raises Unknown,
    WrongState once the meeting is over, FloodGone.
    """
    event = Event.objects.filter(pk=event_id).first()
    # Asked before anything is locked: nobody waits for a cache.
    known = (
        next((flood for flood in floods_of(event, now=now) if flood.first == first), None) if event else None
    )
    with transaction.atomic():
        event = seats.locked(event_id)
        if event.status not in seats.OPEN:
            raise WrongState
        rows = _standing(event_id).filter(pk__in=known.places if known else (), created_at__lte=until)
        places = list(rows.select_for_update(no_key=True, of=("self",)).order_by("pk"))
        if known is None or not places:
            raise FloodGone
        _cancel(event, places, now)
        gone = _flood([(place.pk, place.created_at, place.party_size) for place in places])
        data = {"places": len(places), "people": gone.people}
        record("event.places_given_back", event, actor=actor, data=data, at=now)
        promote(event, now=now)
    _forget(gone.places)
    return gone


def was_taken_back(place: Rsvp) -> bool:
    """Whether a place ended in this way: each other way leaves a line of its own in the record. One query, or none."""
    if place.status != RsvpStatus.CANCELLED or place.email_contact_id or place.phone_contact_id:
        return False
    lines = Activity.objects.filter(object_type="rsvp", object_id=place.pk, verb__in=_OTHER_ENDS)
    return not lines.exists()


def _standing(event_id: UUID) -> QuerySet[Rsvp]:
    """Places that may be part of one: without an address, not given back, and nobody there yet."""
    here = CheckIn.objects.filter(rsvp=OuterRef("pk"), undone_at=None)
    return Rsvp.objects.filter(~Exists(here), event=event_id, email_contact=None, phone_contact=None).exclude(
        status=RsvpStatus.CANCELLED
    )


def _cancel(event: Event, places: list[Rsvp], now: dt.datetime) -> None:
    """As ``leaving.leave``, for many at once: the event's row is held for few statements however many they are."""
    ids = [place.pk for place in places]
    Rsvp.objects.filter(pk__in=ids).update(
        status=RsvpStatus.CANCELLED,
        queue_number=None,
        offer_expires_at=None,
        cancelled_at=now,
        edit_version=F("edit_version") + 1,
    )
    seats.move(
        event,
        taken=-sum(place.party_size for place in places if place.status == RsvpStatus.CONFIRMED),
        held=-sum(place.party_size for place in places if place.status == RsvpStatus.OFFERED),
        waiting=-sum(1 for place in places if place.status == RsvpStatus.WAITLISTED),
    )
    forget_needs(AccessRequest.objects.filter(rsvp__in=ids))
    stop_messages(ids, now=now)


def _by_the_hour(rows: list[tuple[UUID, dt.datetime, int]]) -> Iterator[Flood]:
    """Of one connection, in order of arrival: an hour begins with the first that no earlier one holds."""
    while rows:
        within = [row for row in rows if row[1] < rows[0][1] + WITHIN]
        if len(within) >= FEWEST:
            yield _flood(within)
        rows = rows[len(within) :]


def _flood(rows: list[tuple[UUID, dt.datetime, int]]) -> Flood:
    moments = [moment for _pk, moment, _party in rows]
    people = sum(party for _pk, _moment, party in rows)
    return Flood(rows[0][0], tuple(pk for pk, *_rest in rows), people, min(moments), max(moments))


def _marks(place_ids: list[UUID]) -> dict[UUID, bytes]:
    try:
        found = cache.get_many([_key(pk) for pk in place_ids])
    except Exception:  # noqa: BLE001 - as above
        _log.warning("cache_unavailable", extra={"reading": "connections"})
        return {}
    return {pk: found[_key(pk)] for pk in place_ids if _key(pk) in found}


def _forget(place_ids: tuple[UUID, ...]) -> None:
    try:
        cache.delete_many([_key(pk) for pk in place_ids])
    except Exception:  # noqa: BLE001 - as above; they end by themselves
        _log.warning("cache_unavailable", extra={"keeping": "connections"})


def _key(place_id: UUID) -> str:
    return f"connection:{place_id}"
