"""News for many: each address once, though it may be known here by an event, a question and three subscriptions.

The same address has nothing in common in two scopes (engage.contacts.keeping), so who is the same can only be told by
opening the address, here, while the rows are planned. Nothing of it is kept. Whoever is not written to has a row all the
same, which is never sent: what staff are shown as a number must not be smaller for an address that is there twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import batched, chain
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from engage.activity.models import Activity
from engage.commitments.models import Commitment, CommitmentUpdate
from engage.commitments.ways_back import waits_until
from engage.contacts.addresses import address_of, fingerprint_for
from engage.contacts.locking import stay
from engage.contacts.models import Channel, Contact
from events.event.models import Event
from outreach.announcing.who_is_told import followers_of, followers_of_event, readers_of
from outreach.ledger.kinds import kind_named
from outreach.ledger.models import Delivery, DeliveryState
from outreach.summaries.models import SummaryVersion

_AT_ONCE: Final = 2000


@dataclass(frozen=True, slots=True)
class Reader:
    """places: that this contact has to do with it, or the one thing it follows. why_not: '' where it is written to."""

    contact: Contact
    places: int = 1
    why_not: str = ""


def new_event(activity: Activity, now: dt.datetime) -> None:
    """A public meeting is published: whoever follows its agency, dialogue or communities."""
    event = Event.objects.filter(pk=activity.object_id).first()
    if event is None:
        return
    plan_letters(
        activity,
        "new_meeting",
        each_address_once(followers_of_event(event), event=None),
        event=event,
        subject=event.pk,
        expires_at=event.starts_at,
        now=now,
    )


def summary(activity: Activity, now: dt.datetime) -> None:
    """A summary is public: who had a place, who came, who asked under an address, who follows: each once."""
    version = SummaryVersion.objects.select_related("summary__event").filter(pk=activity.object_id).first()
    if version is None:
        return
    event = version.summary.event
    there, followers = readers_of(version)
    told: set[bytes] = set()
    everybody = chain(
        _who_was_there(there, told),
        each_address_once(followers, event=event, told=told, stopped=_stopped_at(event)),
    )
    plan_letters(activity, "summary", everybody, event=event, subject=version.pk, expires_at=None, now=now)


def commitment_update(activity: Activity, now: dt.datetime) -> None:
    """A promise moved: who follows it, and who asked about its theme and wanted to be told."""
    commitment = Commitment.objects.filter(pk=activity.object_id, draft=False).first()
    if commitment is None or not activity.data.get("update"):
        return
    line = CommitmentUpdate.objects.filter(pk=activity.data["update"]).first()
    plan_letters(
        activity,
        "commitment_update",
        each_address_once(followers_of(commitment), event=None),
        event=None,
        subject=UUID(activity.data["update"]),
        expires_at=None,
        now=now,
        not_before=waits_until(line) if line else None,
    )


def each_address_once(
    followers: QuerySet[Contact],
    *,
    event: Event | None,
    told: set[bytes] | None = None,
    stopped: frozenset[bytes] = frozenset(),
) -> Iterator[Reader]:
    """Each address is written to once, whoever else has it is not. Opens them one by one.

    event: whose contacts' marks are compared with. told, stopped: marks of who is told by a letter of the event's own, and
    of who wants none; ``told`` grows.
    """
    told = set() if told is None else told
    for contact in followers.order_by("pk").iterator(chunk_size=_AT_ONCE):
        if contact.unreachable_since is not None:
            yield Reader(contact, why_not="unreachable")
            continue
        mark = fingerprint_for(
            agency_id=contact.agency_id if event is None else event.agency_id,
            scope=Contact.Scope.EVENT,
            scope_id=contact.agency_id if event is None else event.pk,
            channel=contact.channel,
            address=address_of(contact),
        )
        yield Reader(
            contact, why_not="unsubscribed" if mark in stopped else "told_already" if mark in told else ""
        )
        told.add(mark)


def _who_was_there(there: QuerySet[Contact], told: set[bytes]) -> Iterator[Reader]:
    for contact in there.iterator(chunk_size=_AT_ONCE):
        why_not = _kept_from_news(contact)
        if not why_not:
            told.add(bytes(contact.fingerprint))
        yield Reader(contact, contact.places, why_not)  # type: ignore[attr-defined]  # annotated


def _stopped_at(event: Event) -> frozenset[bytes]:
    """An address that stopped the event's reminders and summaries by one click is told no more about it, also where it
    follows the agency.
    """
    there = Contact.objects.filter(scope=Contact.Scope.EVENT, scope_id=event.pk).exclude(stopped_on=None)
    return frozenset(bytes(mark) for mark in there.values_list("fingerprint", flat=True))


def _kept_from_news(contact: Contact) -> str:
    """As outreach.ledger.statements.KEPT_FROM_NEWS says it of a row."""
    if contact.unreachable_since is not None:
        return "unreachable"
    if contact.confirmation_withheld and contact.proven_on is None:
        return "unproven"
    return "" if contact.stopped_on is None else "unsubscribed"


def plan_letters(
    activity: Activity,
    kind: str,
    readers: Iterable[Reader],
    *,
    event: Event | None,
    subject: UUID,
    expires_at: dt.datetime | None,
    now: dt.datetime,
    not_before: dt.datetime | None = None,
) -> None:
    lane = kind_named(kind).lane
    rows = (
        Delivery(
            agency_id=one.contact.agency_id,
            occasion=f"activity:{activity.pk}",
            kind=kind,
            channel=Channel.EMAIL,
            contact=one.contact,
            event=event if event is not None and event.agency_id == one.contact.agency_id else None,
            subject_id=subject,
            schedule_version=event.schedule_version if event else None,
            lane=lane,
            due_at=max(now, not_before) if not_before else now,
            expires_at=expires_at,
            state=DeliveryState.SUPPRESSED if one.why_not else DeliveryState.DUE,
            reason=one.why_not,
            settled_at=now if one.why_not else None,
            places=one.places,
            created_at=now,
        )
        for one in readers
    )
    for part in batched(rows, _AT_ONCE):
        there = stay([row.contact_id for row in part if row.contact_id is not None])
        Delivery.objects.bulk_create([row for row in part if row.contact_id in there], ignore_conflicts=True)


# The act that each goes out by. They open addresses one by one and may be many: each in a transaction of its own.
BROADCASTS: Final[Mapping[str, Callable[[Activity, dt.datetime], None]]] = {
    "event.published": new_event,
    "summary.published": summary,
    "commitment.updated": commitment_update,
}
