"""News for many: each address once, though it may be known here by an event, a question and three subscriptions.

The same address has nothing in common in two scopes (engage.contact_keeping), so who is the same can only be told by
opening the address, here, while the rows are planned. Nothing of it is kept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import batched
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet

from engage.contact_keeping import address_of, fingerprint_for
from engage.contact_locking import stay
from engage.models import Activity, Channel, Commitment, Contact, Contribution
from events.models import Audience, CheckIn, Event, Rsvp, RsvpStatus
from outreach.delivery_kinds import COMMITMENT_UPDATE, LANE, NEW_MEETING, SUMMARY
from outreach.models import Delivery, Subscription, SubscriptionTarget, SummaryVersion

_AT_ONCE: Final = 2000


def new_meeting(activity: Activity, now: dt.datetime) -> None:
    """A public meeting is published: whoever follows its agency, dialogue or communities."""
    event = Event.objects.filter(pk=activity.object_id).first()
    if event is None or event.audience != Audience.PUBLIC or event.imported:
        return
    _plan(
        activity,
        NEW_MEETING,
        _each_address_once(_followers(_targets(event)), event=None),
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
    everybody = _each_address_once(followers, event=event, there=there)
    _plan(activity, SUMMARY, everybody, event=event, subject=version.pk, expires_at=None, now=now)


def readers_of(version: SummaryVersion) -> tuple[QuerySet[Contact], QuerySet[Contact]]:
    """Who had a place, came, or asked under an address; and who follows. An address may be among both."""
    event = version.summary.event
    there = Contact.objects.filter(
        Q(pk__in=places_heard_from(event).values("email_contact"))
        | Q(pk__in=Contribution.objects.filter(event=event).values("contact")),
        channel=Channel.EMAIL,
        stopped_on=None,
        unreachable_since=None,
    ).exclude(confirmation_withheld=True, proven_on=None)
    themes = [part["theme"] for part in version.heard if part.get("theme")]
    targets = _targets(event) | _target(SubscriptionTarget.EVENT, [event.pk])
    targets |= _target(SubscriptionTarget.THEME, themes)
    asked = Contribution.objects.filter(event=event).values("pk")
    targets |= Q(target=SubscriptionTarget.CONTRIBUTION, target_id__in=asked)
    if event.audience != Audience.PUBLIC:
        targets = _target(SubscriptionTarget.EVENT, [event.pk])
    return there, _followers(targets)


def promise_update(activity: Activity, now: dt.datetime) -> None:
    """A promise moved: who follows it, and who asked about its theme and wanted to be told."""
    promised = Commitment.objects.filter(pk=activity.object_id, draft=False).first()
    if promised is None or not activity.data.get("update"):
        return
    targets = _target(SubscriptionTarget.COMMITMENT, [promised.pk])
    if promised.theme_id is not None:
        targets |= _target(SubscriptionTarget.THEME, [promised.theme_id])
        asked = Contribution.objects.filter(theme_id=promised.theme_id).values("pk")
        targets |= Q(target=SubscriptionTarget.CONTRIBUTION, target_id__in=asked)
    _plan(
        activity,
        COMMITMENT_UPDATE,
        _each_address_once(_followers(targets, agency_id=promised.agency_id), event=None),
        event=None,
        subject=UUID(activity.data["update"]),
        expires_at=None,
        now=now,
    )


def places_heard_from(event: Event) -> QuerySet[Rsvp]:
    """Those that stand or whose people came, with an address for mail."""
    came = CheckIn.objects.filter(event=event, undone_at=None, rsvp__isnull=False).values("rsvp")
    return Rsvp.objects.filter(
        Q(status=RsvpStatus.CONFIRMED) | Q(pk__in=came), event=event, email_contact__isnull=False
    )


def _targets(event: Event) -> Q:
    found = _target(SubscriptionTarget.AGENCY, [event.agency_id])
    if event.dialogue_id is not None:
        found |= _target(SubscriptionTarget.DIALOGUE, [event.dialogue_id])
    communities = event.communities.values("pk")
    return found | Q(target=SubscriptionTarget.COMMUNITY, target_id__in=communities)


def _target(kind: SubscriptionTarget, ids: Iterable[Any]) -> Q:
    return Q(target=kind, target_id__in=list(ids))


def _followers(targets: Q, agency_id: UUID | None = None) -> QuerySet[Contact]:
    standing = Subscription.objects.filter(targets, confirmed_at__isnull=False, ended_at=None)
    if agency_id is not None:
        standing = standing.filter(agency_id=agency_id)
    return Contact.objects.filter(
        pk__in=standing.values("contact"), channel=Channel.EMAIL, unreachable_since=None
    )


def _each_address_once(
    followers: QuerySet[Contact], *, event: Event | None, there: QuerySet[Contact] | None = None
) -> Iterator[Contact]:
    """Contacts of the event first, then followers whose address is none of theirs, each address once.

    An address that stopped the event's reminders and summaries by one click is told no more about it, also where it
    follows the agency.
    """
    seen: set[bytes] = set()
    if event is not None:
        event_scope = Contact.objects.filter(scope=Contact.Scope.EVENT, scope_id=event.pk)
        stopped = event_scope.exclude(stopped_on=None).values_list("fingerprint", flat=True)
        seen.update(bytes(mark) for mark in stopped)
    for contact in (there if there is not None else Contact.objects.none()).iterator(chunk_size=_AT_ONCE):
        mark = bytes(contact.fingerprint)
        if mark not in seen:
            seen.add(mark)
            yield contact
    for contact in followers.order_by("pk").iterator(chunk_size=_AT_ONCE):
        mark = fingerprint_for(
            agency_id=contact.agency_id if event is None else event.agency_id,
            scope=Contact.Scope.EVENT,
            scope_id=contact.agency_id if event is None else event.pk,
            channel=contact.channel,
            address=address_of(contact),
        )
        if mark not in seen:
            seen.add(mark)
            yield contact


def _plan(
    activity: Activity,
    kind: str,
    contacts: Iterable[Contact],
    *,
    event: Event | None,
    subject: UUID,
    expires_at: dt.datetime | None,
    now: dt.datetime,
) -> None:
    rows = (
        Delivery(
            agency_id=contact.agency_id,
            occasion=f"activity:{activity.pk}",
            kind=kind,
            channel=Channel.EMAIL,
            contact=contact,
            event=event if event is not None and event.agency_id == contact.agency_id else None,
            subject_id=subject,
            schedule_version=event.schedule_version if event else None,
            lane=LANE[kind],
            due_at=now,
            expires_at=expires_at,
            created_at=now,
        )
        for contact in contacts
    )
    for part in batched(rows, _AT_ONCE):
        there = stay([row.contact_id for row in part if row.contact_id is not None])
        Delivery.objects.bulk_create([row for row in part if row.contact_id in there], ignore_conflicts=True)
