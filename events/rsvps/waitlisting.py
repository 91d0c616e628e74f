"""Who waits, and what happens when a seat is free: offered, accepted, declined, lapsed, or confirmed straight away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from itertools import batched
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from engage.activity.recording import record, record_all
from engage.agencies.quiet_hours import morning_after
from engage.database.one_by_one import one_by_one
from engage.people.models import Person
from engage.refusals import RuleViolation, WrongState
from events.event.locking import locked
from events.event.models import OPEN, OVER_AT, Event
from events.event.standing import free_seats
from events.rsvps import seats
from events.rsvps.leaving import leave
from events.rsvps.links import Reach, prove_by
from events.rsvps.models import Rsvp, RsvpStatus

# So near to the start nobody is asked first, and no offer waits for its message.
DIRECT_WITHIN: Final = dt.timedelta(hours=4)

_NONE_UNDELIVERED: Final[set[UUID]] = set()


def _nothing_undelivered(rsvp_ids: list[UUID]) -> set[UUID]:
    return _NONE_UNDELIVERED


# Outreach sets this when the app starts (``deliver_by``): of these offered RSVPs, those whose message we have not
# tried to send yet, because mail stands still, it is still due, or its activity has not been announced.
undelivered_offers: Callable[[list[UUID]], set[UUID]] = _nothing_undelivered


def deliver_by(undelivered: Callable[[list[UUID]], set[UUID]]) -> None:
    """Set the one hook that tells which offers nobody can have read yet."""
    global undelivered_offers
    undelivered_offers = undelivered


class OfferExpired(RuleViolation):
    code = "offer_expired"
    sentence = _("This offer has ended. You are on the waitlist again, or your place was given on.")


def promote(event: Event, *, now: dt.datetime) -> list[Rsvp]:
    """Give the free seats of an event to those who wait, in the transaction that freed them.

    Strictly in order; from the agency's ``pass_over_hours`` before the start a smaller party may pass one that does
    not fit. A party larger than the whole capacity (it was lowered) holds nobody up. Returns who was promoted. Harmless where
    nobody waits or nothing is free.
    """
    event = locked(event.pk)
    if event.waiting == 0 or event.status not in OPEN or now >= event.over_at:
        return []
    chosen = list(_chosen(event, now))
    direct = [rsvp for rsvp in chosen if _straight_away(event, rsvp, now)]
    offered = [rsvp for rsvp in chosen if not _straight_away(event, rsvp, now)]
    _confirm_all(direct, now)
    _offer_all(event, offered, now)
    seats.move(
        event,
        taken=sum(rsvp.party_size for rsvp in direct),
        held=sum(rsvp.party_size for rsvp in offered),
        waiting=-len(chosen),
    )
    return chosen


def follow_capacity(event: Event, before: int | None, *, now: dt.datetime) -> None:
    """After a locked event's capacity was set, in that transaction: who waits and can never be seated now is told so and
    holds nobody up; what is free goes to the others. before: the capacity that it was.
    """
    seats.count_too_large(event)
    lowered = event.capacity is not None and (before is None or event.capacity < before)
    if lowered and event.waiting_too_large:
        told = list(_queue(event).filter(party_size__gt=event.capacity))
        record_all("rsvp.outgrew_the_room", told, data={"capacity": event.capacity}, at=now)
    promote(event, now=now)


def accept(
    rsvp_id: UUID, *, actor: Person | None = None, reach: Reach | None = None, now: dt.datetime
) -> Rsvp:
    """Take an offered RSVP. Works while the row says ``offered``, whatever the clock says.

    reach: the link that was used; actor: who of the staff takes it for a caller. A second click finds the RSVP confirmed
    and changes nothing. Raises Unknown, OfferExpired, WrongState.
    """
    with transaction.atomic():
        event, rsvp = seats.locked_with_rsvp(rsvp_id)
        prove_by(reach, now=now)
        if rsvp.status == RsvpStatus.CONFIRMED:
            return rsvp
        if event.status not in OPEN:
            raise WrongState
        if rsvp.status != RsvpStatus.OFFERED:
            raise OfferExpired if rsvp.offers_lapsed or rsvp.status == RsvpStatus.CANCELLED else WrongState
        rsvp.kept_at = now
        _confirm(event, rsvp, now)
        record("rsvp.accepted", rsvp, actor=actor, at=now)
        return rsvp


def decline(
    rsvp_id: UUID, *, actor: Person | None = None, reach: Reach | None = None, now: dt.datetime
) -> Rsvp:
    """Give an offered RSVP on to the next in the queue. Raises Unknown, OfferExpired, WrongState."""
    with transaction.atomic():
        event, rsvp = seats.locked_with_rsvp(rsvp_id)
        prove_by(reach, now=now)
        if rsvp.status == RsvpStatus.CANCELLED:
            return rsvp
        if event.status not in OPEN:
            raise WrongState
        if rsvp.status != RsvpStatus.OFFERED:
            raise OfferExpired if rsvp.offers_lapsed else WrongState
        leave(event, rsvp, now=now)
        record("rsvp.cancelled", rsvp, actor=actor, data={"was": RsvpStatus.OFFERED.value}, at=now)
        promote(event, now=now)
        return rsvp


def lapse_offers(*, now: dt.datetime, most: int = 500) -> int:
    """End the offers whose time is over: to the tail of the queue once, the second time cancelled.

    One whose message we have not tried to send yet waits for it, except within 4 hours of the start. Only this sweep
    lapses; safe to run twice at once. most: how many offers in one run. Returns how many ended.
    """
    over = Rsvp.objects.filter(status=RsvpStatus.OFFERED, offer_expires_at__lte=now, event__status__in=OPEN)
    rows = list(over.order_by("offer_expires_at").values_list("event_id", "pk", "event__starts_at")[:most])
    far_off = [pk for _event, pk, starts_at in rows if now < starts_at - DIRECT_WITHIN]
    unread = undelivered_offers(far_off) if far_off else _NONE_UNDELIVERED
    by_event: dict[UUID, list[UUID]] = {}
    for event_id, pk, _starts_at in rows:
        if pk not in unread:
            by_event.setdefault(event_id, []).append(pk)
    return one_by_one(sorted(by_event), lambda event_id: _lapse_in(event_id, by_event[event_id], now))


def promote_where_seats_are_free(*, now: dt.datetime) -> int:
    """The sweep behind every promotion: whatever a transaction left free goes to those who wait. Returns how many."""
    waiting = Event.objects.alias(over=OVER_AT).filter(
        Q(capacity=None) | Q(capacity__gt=F("seats_taken") + F("seats_held")),
        waiting__gt=0,
        status__in=OPEN,
        over__gt=now,
    )
    return one_by_one(waiting.order_by("pk"), lambda event: _promote_alone(event, now))


def position_of(rsvp: Rsvp) -> int | None:
    """Its place in line, from 1; None where it does not wait, or is larger than the room. Who is, is in nobody's way."""
    if rsvp.status != RsvpStatus.WAITLISTED or seats.is_too_large(rsvp.event, rsvp.party_size):
        return None
    before = Rsvp.objects.filter(
        event_id=rsvp.event_id, status=RsvpStatus.WAITLISTED, queue_number__lte=rsvp.queue_number
    )
    if rsvp.event.capacity is not None:
        before = before.filter(party_size__lte=rsvp.event.capacity)
    return before.count()


def renew_offers(event: Event, *, now: dt.datetime) -> int:
    """A full term anew for every offer of a locked event, which nobody could answer while it was cancelled; how many.

    Where the start has passed, until the meeting is over.
    """
    until = now + offer_length(event, now) if now < event.starts_at else event.over_at
    offered = Rsvp.objects.filter(event=event, status=RsvpStatus.OFFERED)
    return offered.update(offer_expires_at=until, edit_version=F("edit_version") + 1)


def offer_length(event: Event, now: dt.datetime) -> dt.timedelta:
    """A quarter of the time left, within the agency's least and most, and never past the start.

    Nobody loses a place asleep: what would end in the night ends in the morning, but not on account of the night in the
    last hours before the start, when whoever comes next is seated without being asked.
    """
    left = max(event.starts_at - now, dt.timedelta())
    least = dt.timedelta(minutes=event.agency.offer_least_minutes)
    most = dt.timedelta(minutes=event.agency.offer_most_minutes)
    until = now + min(max(left / 4, least), most, left)
    morning = morning_after(event.agency, until)
    if morning is not None:
        until = min(morning, max(until, event.starts_at - DIRECT_WITHIN))
    return until - now


def hours_offered(event: Event, now: dt.datetime) -> int | None:
    """How long a seat that comes free is held for whoever is next, in whole hours for words; None where it is theirs at once."""
    if now >= event.starts_at - DIRECT_WITHIN:
        return None
    return max(1, round(offer_length(event, now) / dt.timedelta(hours=1)))


def _chosen(event: Event, now: dt.datetime) -> Iterator[Rsvp]:
    free = free_seats(event)
    if free is None:
        yield from _queue(event)
        return
    if now >= event.starts_at - dt.timedelta(hours=event.agency.pass_over_hours):
        yield from _whoever_fits(event, free)
        return
    # A party is at least one, so no more than `free` of them can be seated, and no more need be read.
    for rsvp in _queue(event).filter(party_size__lte=event.capacity)[: max(free, 0)]:
        if rsvp.party_size > free:
            return
        free -= rsvp.party_size
        yield rsvp


def _whoever_fits(event: Event, free: int) -> Iterator[Rsvp]:
    passed = 0
    while free > 0:
        some = list(_queue(event).filter(party_size__lte=free, queue_number__gt=passed)[:free])
        if not some:
            return
        for rsvp in some:
            passed = rsvp.queue_number or passed
            if rsvp.party_size <= free:
                free -= rsvp.party_size
                yield rsvp


def _queue(event: Event) -> QuerySet[Rsvp]:
    return (
        Rsvp.objects.select_for_update(no_key=True)
        .filter(event=event, status=RsvpStatus.WAITLISTED)
        .order_by("queue_number")
    )


def _straight_away(event: Event, rsvp: Rsvp, now: dt.datetime) -> bool:
    return now >= event.starts_at - DIRECT_WITHIN or not can_be_asked(rsvp)


def can_be_asked(rsvp: Rsvp) -> bool:
    """Whether this RSVP is offered first, and not seated straight away: an email address was typed for it.

    Nothing else is asked of that address: not whether it heard from us before, bounced, or belongs to somebody who said
    "not me". Whoever types an address sees what becomes of their own RSVP, and would read it there. Whom no letter
    reaches takes the offer on the page of the form, or by telephone.
    """
    return rsvp.email_contact_id is not None


def _confirm_all(rsvps: list[Rsvp], now: dt.datetime) -> None:
    for part in batched(rsvps, 2000):
        Rsvp.objects.filter(pk__in=[rsvp.pk for rsvp in part]).update(
            status=RsvpStatus.CONFIRMED,
            queue_number=None,
            confirmed_at=now,
            edit_version=F("edit_version") + 1,
        )
    record_all("rsvp.promoted", rsvps, at=now)


def _offer_all(event: Event, rsvps: list[Rsvp], now: dt.datetime) -> None:
    until = now + offer_length(event, now)
    for part in batched(rsvps, 2000):
        Rsvp.objects.filter(pk__in=[rsvp.pk for rsvp in part]).update(
            status=RsvpStatus.OFFERED,
            queue_number=None,
            offer_expires_at=until,
            edit_version=F("edit_version") + 1,
        )
    record_all("rsvp.offered", rsvps, data={"until": until.isoformat()}, at=now)


def _confirm(event: Event, rsvp: Rsvp, now: dt.datetime) -> None:
    rsvp.status, rsvp.offer_expires_at, rsvp.confirmed_at = RsvpStatus.CONFIRMED.value, None, now
    rsvp.edit_version += 1
    rsvp.save(update_fields=["status", "offer_expires_at", "confirmed_at", "kept_at", "edit_version"])
    seats.move(event, held=-rsvp.party_size, taken=rsvp.party_size)


@transaction.atomic
def _promote_alone(event: Event, now: dt.datetime) -> int:
    return len(promote(event, now=now))


def _lapse_in(event_id: UUID, rsvp_ids: list[UUID], now: dt.datetime) -> int:
    with transaction.atomic():
        event = locked(event_id)
        if event.status not in OPEN:
            return 0
        rsvps = list(
            Rsvp.objects.select_for_update(no_key=True)
            .filter(pk__in=rsvp_ids, status=RsvpStatus.OFFERED, offer_expires_at__lte=now)
            .order_by("offer_expires_at", "pk")
        )
        for rsvp in rsvps:
            _lapse(event, rsvp, now)
        promote(event, now=now)
        return len(rsvps)


def _lapse(event: Event, rsvp: Rsvp, now: dt.datetime) -> None:
    if rsvp.offers_lapsed or not can_be_asked(rsvp):
        leave(event, rsvp, now=now)
        record("rsvp.lapsed", rsvp, data={"to": RsvpStatus.CANCELLED.value}, at=now)
    else:
        seats.move(event, held=-rsvp.party_size, waiting=1)
        rsvp.status, rsvp.offer_expires_at = RsvpStatus.WAITLISTED.value, None
        rsvp.queue_number = seats.next_queue_number(event)
        rsvp.offers_lapsed += 1
        rsvp.edit_version += 1
        rsvp.save(
            update_fields=["status", "offer_expires_at", "queue_number", "offers_lapsed", "edit_version"]
        )
        record("rsvp.lapsed", rsvp, data={"to": RsvpStatus.WAITLISTED.value}, at=now)
