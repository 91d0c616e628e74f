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

from engage.activity_recording import record, record_all
from engage.models import Person
from engage.rule_violation import RuleViolation, Unknown, WrongState
from events import seats
from events.leaving import leave
from events.link_reading import Access, prove_by
from events.models import Event, Rsvp, RsvpStatus

# So near to the start nobody is asked first, and no offer waits for its message.
DIRECT_WITHIN: Final = dt.timedelta(hours=4)

_NONE_UNDELIVERED: Final[set[UUID]] = set()


def _nothing_undelivered(rsvp_ids: list[UUID]) -> set[UUID]:
    return _NONE_UNDELIVERED


# Outreach sets this when the app starts (``deliver_by``): of these offered places, those whose message has not gone
# yet, because it is still due or its activity has not been announced.
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
    event = seats.locked(event.pk)
    if event.waiting == 0 or event.status not in seats.OPEN or now >= event.ends_at:
        return []
    chosen = list(_chosen(event, now))
    direct = [place for place in chosen if _straight_away(event, place, now)]
    offered = [place for place in chosen if not _straight_away(event, place, now)]
    _confirm_all(direct, now)
    _offer_all(event, offered, now)
    seats.move(
        event,
        taken=sum(place.party_size for place in direct),
        held=sum(place.party_size for place in offered),
        waiting=-len(chosen),
    )
    return chosen


def accept(
    rsvp_id: UUID, *, actor: Person | None = None, access: Access | None = None, now: dt.datetime
) -> Rsvp:
    """Take an offered place. Works while the row says ``offered``, whatever the clock says.

    access: the link that was used; actor: who of the staff takes it for a caller. A second click finds the place confirmed and changes nothing. Raises Unknown, OfferExpired, WrongState.
    """
    with transaction.atomic():
        event, place = seats.locked_with_place(rsvp_id)
        prove_by(access, now=now)
        if place.status == RsvpStatus.CONFIRMED:
            return place
        if event.status not in seats.OPEN:
            raise WrongState
        if place.status != RsvpStatus.OFFERED:
            raise OfferExpired if place.offers_lapsed or place.status == RsvpStatus.CANCELLED else WrongState
        _confirm(event, place, now)
        record("rsvp.accepted", place, actor=actor, at=now)
        return place


def decline(
    rsvp_id: UUID, *, actor: Person | None = None, access: Access | None = None, now: dt.datetime
) -> Rsvp:
    """Give an offered place on to the next in the queue. Raises Unknown, OfferExpired, WrongState."""
    with transaction.atomic():
        event, place = seats.locked_with_place(rsvp_id)
        prove_by(access, now=now)
        if place.status == RsvpStatus.CANCELLED:
            return place
        if event.status not in seats.OPEN:
            raise WrongState
        if place.status != RsvpStatus.OFFERED:
            raise OfferExpired if place.offers_lapsed else WrongState
        leave(event, place, now=now)
        record("rsvp.cancelled", place, actor=actor, data={"was": RsvpStatus.OFFERED.value}, at=now)
        promote(event, now=now)
        return place


def bounce(rsvp_id: UUID, *, now: dt.datetime) -> bool:
    """The offer's message came back for good: nobody can answer it, so it ends. Says whether there was an offer."""
    with transaction.atomic():
        try:
            event, place = seats.locked_with_place(rsvp_id)
        except Unknown:
            # Erased between the sending and the bounce; with it went the offer.
            return False
        if place.status != RsvpStatus.OFFERED or event.status not in seats.OPEN:
            return False
        leave(event, place, now=now)
        record("rsvp.bounced", place, data={"was": RsvpStatus.OFFERED.value}, at=now)
        promote(event, now=now)
        return True


def lapse_offers(*, now: dt.datetime, most: int = 500) -> int:
    """End the offers whose time is over: to the tail of the queue once, the second time cancelled.

    One whose message has not gone yet waits for it, except within 4 hours of the start. Only this sweep lapses; safe
    to run twice at once. most: how many offers in one run. Returns how many ended.
    """
    over = Rsvp.objects.filter(
        status=RsvpStatus.OFFERED, offer_expires_at__lte=now, event__status__in=seats.OPEN
    )
    rows = list(over.order_by("offer_expires_at").values_list("event_id", "pk", "event__starts_at")[:most])
    far_off = [pk for _event, pk, starts_at in rows if now < starts_at - DIRECT_WITHIN]
    unread = undelivered_offers(far_off) if far_off else _NONE_UNDELIVERED
    by_event: dict[UUID, list[UUID]] = {}
    for event_id, pk, _starts_at in rows:
        if pk not in unread:
            by_event.setdefault(event_id, []).append(pk)
    return sum(_lapse_in(event_id, by_event[event_id], now) for event_id in sorted(by_event))


def promote_where_seats_are_free(*, now: dt.datetime) -> int:
    """The sweep behind every promotion: whatever a transaction left free goes to those who wait. Returns how many."""
    waiting = Event.objects.filter(
        Q(capacity=None) | Q(capacity__gt=F("seats_taken") + F("seats_held")),
        waiting__gt=0,
        status__in=seats.OPEN,
        ends_at__gt=now,
    )
    promoted = 0
    for event in waiting.order_by("pk"):
        with transaction.atomic():
            promoted += len(promote(event, now=now))
    return promoted


def position_of(place: Rsvp) -> int | None:
    """Its place in the queue, from 1; None where it does not wait."""
    if place.status != RsvpStatus.WAITLISTED:
        return None
    return Rsvp.objects.filter(
        event_id=place.event_id, status=RsvpStatus.WAITLISTED, queue_number__lte=place.queue_number
    ).count()


def offer_length(event: Event, now: dt.datetime) -> dt.timedelta:
    """A quarter of the time left, within the agency's least and most, and never past the start."""
    left = max(event.starts_at - now, dt.timedelta())
    least = dt.timedelta(minutes=event.agency.offer_least_minutes)
    most = dt.timedelta(minutes=event.agency.offer_most_minutes)
    return min(max(left / 4, least), most, left)


def _chosen(event: Event, now: dt.datetime) -> Iterator[Rsvp]:
    free = seats.free_seats(event)
    if free is None:
        yield from _queue(event)
        return
    if now >= event.starts_at - dt.timedelta(hours=event.agency.pass_over_hours):
        yield from _whoever_fits(event, free)
        return
    # A party is at least one, so no more than `free` of them can be seated, and no more need be read.
    for place in _queue(event).filter(party_size__lte=event.capacity)[: max(free, 0)]:
        if place.party_size > free:
            return
        free -= place.party_size
        yield place


def _whoever_fits(event: Event, free: int) -> Iterator[Rsvp]:
    passed = 0
    while free > 0:
        some = list(_queue(event).filter(party_size__lte=free, queue_number__gt=passed)[:free])
        if not some:
            return
        for place in some:
            passed = place.queue_number or passed
            if place.party_size <= free:
                free -= place.party_size
                yield place


def _queue(event: Event) -> QuerySet[Rsvp]:
    return (
        Rsvp.objects.select_for_update(no_key=True, of=("self",))
        .select_related("email_contact")
        .filter(event=event, status=RsvpStatus.WAITLISTED)
        .order_by("queue_number")
    )


def _straight_away(event: Event, place: Rsvp, now: dt.datetime) -> bool:
    return now >= event.starts_at - DIRECT_WITHIN or not reachable(place)


def reachable(place: Rsvp) -> bool:
    """Whether a message can get to somebody now: an address was typed, and none bounced.

    Whether the address heard from us before is not asked, and an offer goes to it in any case (outreach.audience):
    whoever types somebody's address would read from what becomes of their own place whether it has one already.
    """
    contact = place.email_contact
    return contact is not None and contact.unreachable_since is None


def _confirm_all(places: list[Rsvp], now: dt.datetime) -> None:
    for part in batched(places, 2000):
        Rsvp.objects.filter(pk__in=[place.pk for place in part]).update(
            status=RsvpStatus.CONFIRMED,
            queue_number=None,
            confirmed_at=now,
            edit_version=F("edit_version") + 1,
        )
    record_all("rsvp.promoted", places, at=now)


def _offer_all(event: Event, places: list[Rsvp], now: dt.datetime) -> None:
    until = now + offer_length(event, now)
    for part in batched(places, 2000):
        Rsvp.objects.filter(pk__in=[place.pk for place in part]).update(
            status=RsvpStatus.OFFERED,
            queue_number=None,
            offer_expires_at=until,
            edit_version=F("edit_version") + 1,
        )
    record_all("rsvp.offered", places, data={"until": until.isoformat()}, at=now)


def _confirm(event: Event, place: Rsvp, now: dt.datetime) -> None:
    place.status, place.offer_expires_at, place.confirmed_at = RsvpStatus.CONFIRMED.value, None, now
    place.edit_version += 1
    place.save(update_fields=["status", "offer_expires_at", "confirmed_at", "edit_version"])
    seats.move(event, held=-place.party_size, taken=place.party_size)


def _lapse_in(event_id: UUID, rsvp_ids: list[UUID], now: dt.datetime) -> int:
    with transaction.atomic():
        event = seats.locked(event_id)
        if event.status not in seats.OPEN:
            return 0
        places = list(
            Rsvp.objects.select_for_update(no_key=True, of=("self",))
            .select_related("email_contact")
            .filter(pk__in=rsvp_ids, status=RsvpStatus.OFFERED, offer_expires_at__lte=now)
            .order_by("offer_expires_at", "pk")
        )
        for place in places:
            _lapse(event, place, now)
        promote(event, now=now)
        return len(places)


def _lapse(event: Event, place: Rsvp, now: dt.datetime) -> None:
    if place.offers_lapsed or not reachable(place):
        leave(event, place, now=now)
        record("rsvp.lapsed", place, data={"to": RsvpStatus.CANCELLED.value}, at=now)
    else:
        seats.move(event, held=-place.party_size, waiting=1)
        place.status, place.offer_expires_at = RsvpStatus.WAITLISTED.value, None
        place.queue_number = seats.next_queue_number(event)
        place.offers_lapsed += 1
        place.edit_version += 1
        place.save(
            update_fields=["status", "offer_expires_at", "queue_number", "offers_lapsed", "edit_version"]
        )
        record("rsvp.lapsed", place, data={"to": RsvpStatus.WAITLISTED.value}, at=now)
