"""Taking back what is still to be sent, in the transaction of the act that makes it pointless."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from events.rsvps.models import Rsvp, RsvpStatus
from events.rsvps.needs.models import AccessRequest
from outreach.channels import health
from outreach.ledger.counts import keep_counts_of
from outreach.ledger.kinds import about_needs, about_one_rsvp, stopped_by_one_click
from outreach.ledger.models import Delivery, DeliveryState

_WAITING = (DeliveryState.DUE, DeliveryState.CLAIMED)


def suppress(deliveries: QuerySet[Delivery], *, reason: str, now: dt.datetime) -> int:
    """Whatever of these nobody has begun to send is never composed after this commit. Returns how many.

    One that a worker has begun is on its way: begin and this statement meet on the row, and one of them comes first.
    """
    return deliveries.filter(state__in=_WAITING).update(
        state=DeliveryState.SUPPRESSED, reason=reason, claim_token=None, claimed_until=None, settled_at=now
    )


def suppress_for_rsvps(rsvp_ids: list[UUID], now: dt.datetime) -> None:
    """These places end: nothing more about them. Called by events, inside its transaction."""
    suppress(
        Delivery.objects.filter(subject_id__in=rsvp_ids, kind__in=about_one_rsvp()),
        reason="place_gone",
        now=now,
    )


def suppress_for_addresses(contact_ids: list[UUID], now: dt.datetime) -> None:
    """Their owners said "not me": nothing more of any kind. Called by events, inside its transaction."""
    suppress(Delivery.objects.filter(contact_id__in=contact_ids), reason="not_me", now=now)


def suppress_for_address_left(rsvp_id: UUID, contact_id: UUID, now: dt.datetime) -> None:
    """This place is written about elsewhere from now on: nothing about it, or a need of it, goes to that address; and
    nothing at all where the address holds no other. Called by events, inside its transaction.
    """
    mine = Delivery.objects.filter(contact_id=contact_id)
    if (
        Rsvp.objects.filter(email_contact=contact_id)
        .exclude(pk=rsvp_id)
        .exclude(status=RsvpStatus.CANCELLED)
        .exists()
    ):
        needs = AccessRequest.objects.filter(rsvp=rsvp_id).values("pk")
        mine = mine.filter(
            Q(subject_id=rsvp_id, kind__in=about_one_rsvp()) | Q(subject_id__in=needs, kind__in=about_needs())
        )
    suppress(mine, reason="address_changed", now=now)


def suppress_for_contact(contact_id: UUID, *, now: dt.datetime) -> int:
    """One click on "no more of these": reminders, summaries and news; answers, moves and cancellations still go."""
    return suppress(
        Delivery.objects.filter(contact_id=contact_id, kind__in=stopped_by_one_click()),
        reason="unsubscribed",
        now=now,
    )


def settle_before_contacts_go(contact_ids: list[UUID], now: dt.datetime) -> None:
    """The messages of contacts that are about to be deleted go with them; what was counted of them stays counted.

    Called by engage, inside the transaction that deletes.
    """
    suppress(Delivery.objects.filter(contact_id__in=contact_ids), reason="erased", now=now)
    keep_counts_of(contact_ids)
    # The row of a message in flight goes too; its worker finds its token gone and writes nothing.
    Delivery.objects.filter(contact_id__in=contact_ids).delete()


def undelivered_offers(rsvp_ids: list[UUID]) -> set[UUID]:
    """Of these offered places, those whose message we have not tried to send: it waits, or its act is not announced yet.

    All of them while the channel takes nothing. Never because one address cannot be written to now: whoever typed it
    would read from how long the offer stands whether it is one that we write to at all.
    """
    if not health.is_open():
        return set(rsvp_ids)
    untried = Q(state__in=[DeliveryState.DUE, DeliveryState.CLAIMED], attempts=0)
    waiting = Delivery.objects.filter(
        untried | Q(state=DeliveryState.SENDING, attempts=1), subject_id__in=rsvp_ids, kind="offer"
    )
    found = {pk for pk in waiting.values_list("subject_id", flat=True) if pk is not None}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT object_id FROM engage_activity"
            " WHERE announced_at IS NULL AND verb = 'rsvp.offered' AND object_id = ANY(%s::uuid[])",
            [list(rsvp_ids)],
        )
        return found | {row[0] for row in cursor.fetchall()}
