"""Wanting to hear about something: asked for, confirmed by a link that only the address gets, ended at one click."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from engage.activity.recording import record
from engage.agencies.languages import spoken
from engage.agencies.models import Agency, Community
from engage.commitments.models import Commitment
from engage.contacts.keeping import keep_contact, prove
from engage.contacts.links import Purpose, row_of
from engage.contacts.models import Channel, Contact
from engage.database.locking import lock
from engage.listening.contributing import contribute
from engage.listening.dialogues import public_dialogues
from engage.listening.models import Contribution, ContributionIntake, Theme, WayIn
from engage.refusals import FieldError, Invalid, Unknown
from events.event.permissions import public_events
from outreach.ledger.models import Delivery
from outreach.ledger.suppressing import suppress
from outreach.subscriptions.models import Subscription, SubscriptionTarget

# Whoever never confirms is forgotten after this; so is an address some time after its subscription ended.
UNCONFIRMED_KEPT: Final = dt.timedelta(days=7)
ENDED_KEPT: Final = dt.timedelta(days=1)
_LINKS: Final = (Purpose.UNSUBSCRIBE, Purpose.CONFIRM)


def subscribe(
    *, agency: Agency, target: str, target_id: UUID, email: str, language: str = "en", now: dt.datetime
) -> Subscription:
    """Ask to hear about something; the address hears nothing but one question until it confirms.

    target: one of SubscriptionTarget. The caller answers the same whatever is returned: whether the address was known
    must not show. Raises Unknown where the target is not there for the public, Invalid for the address or language.
    """
    if target not in SubscriptionTarget.values:
        raise Invalid(errors=[FieldError("target", "invalid_choice", "")])
    if not is_there(agency, target, target_id):
        raise Unknown
    language = spoken(language, agency)
    with transaction.atomic():
        # One row an address and target, found again by its fingerprint: asking twice is one subscription, and one
        # click ends it wholly.
        contact = keep_contact(
            agency=agency,
            scope=Contact.Scope.SUBSCRIPTION,
            scope_id=target_id,
            channel=Channel.EMAIL,
            address=email,
            language=language,
            now=now,
            erase_after=now + UNCONFIRMED_KEPT,
        )
        Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
        same = {"contact": contact, "target": target, "target_id": target_id}
        found = Subscription.objects.filter(**same, ended_at=None).first()
        if found is not None and found.confirmed_at is not None:
            return found
        if found is None:
            found = Subscription.objects.create(
                agency=agency, **same, language=language, asked_at=now, erase_after=now + UNCONFIRMED_KEPT
            )
            Contact.objects.filter(pk=contact.pk).update(erase_after=now + UNCONFIRMED_KEPT)
        record("subscription.asked", found, at=now)
        return found


def subscription_behind(token: str, purposes: Iterable[Purpose] = _LINKS) -> Subscription:
    """The subscription a link speaks for. Changes nothing. Raises Unknown, the same for every failure."""
    found: list[Subscription] = []

    def version_of(row: UUID) -> int | None:
        standing = Subscription.objects.select_related("agency", "contact").filter(pk=row).first()
        if standing is None or standing.contact is None:
            return None
        found.append(standing)
        return standing.link_version

    row_of(token, purposes, version_of)
    return found[0]


@transaction.atomic
def confirm(token: str, *, now: dt.datetime) -> Subscription:
    """The second half of the double opt-in, by POST with the link of the question. A second click changes nothing.

    Raises Unknown, also for one that has ended.
    """
    standing = lock(Subscription, subscription_behind(token, [Purpose.CONFIRM]), also=("agency", "contact"))
    if standing.ended_at is not None:
        raise Unknown
    if standing.confirmed_at is None and standing.contact is not None:
        standing.confirmed_at, standing.erase_after = now, None
        standing.save(update_fields=["confirmed_at", "erase_after"])
        # While it stands, nothing says when the address must go.
        Contact.objects.filter(pk=standing.contact.pk).update(erase_after=None)
        prove(standing.contact.pk, now=now)
        record("subscription.confirmed", standing, at=now)
    return standing


@transaction.atomic
def unsubscribe(token: str, *, now: dt.datetime) -> Subscription:
    """End it, by any link of the subscription; no message is composed after this commit. A second click changes nothing.

    Raises Unknown.
    """
    standing = lock(Subscription, subscription_behind(token), also=("agency", "contact"))
    if standing.ended_at is None:
        standing.ended_at, standing.erase_after = now, now + ENDED_KEPT
        standing.save(update_fields=["ended_at", "erase_after"])
        if standing.contact is not None:
            Contact.objects.filter(pk=standing.contact.pk).update(erase_after=now + ENDED_KEPT)
            suppress(Delivery.objects.filter(contact=standing.contact), reason="unsubscribed", now=now)
        record("subscription.ended", standing, at=now)
    return standing


def is_there(agency: Agency, target: str, target_id: UUID) -> bool:
    """Whether the public may know of it. A contribution's id is known to whoever made it, and to nobody else."""
    here = {"agency": agency, "pk": target_id}
    kinds = {
        SubscriptionTarget.AGENCY: Agency.objects.filter(pk=agency.pk),
        SubscriptionTarget.DIALOGUE: public_dialogues().filter(**here),
        SubscriptionTarget.COMMUNITY: Community.objects.filter(**here),
        SubscriptionTarget.THEME: Theme.objects.filter(
            Q(dialogue__in=public_dialogues()) | Q(event__in=public_events()), **here
        ),
        SubscriptionTarget.EVENT: public_events().filter(**here),
        SubscriptionTarget.COMMITMENT: Commitment.objects.filter(**here, draft=False),
        SubscriptionTarget.CONTRIBUTION: Contribution.objects.filter(**here),
    }
    return kinds[SubscriptionTarget(target)].filter(pk=target_id).exists()


@transaction.atomic
def choose_language(token: str, *, language: str) -> Subscription:
    """Falls back to what the agency speaks. Raises Unknown, the same for every failure."""
    found = subscription_behind(token)
    found.language = spoken(language, found.agency)
    found.save(update_fields=["language"])
    Contact.objects.filter(pk__in=[found.contact_id]).update(language=found.language)
    return found


@transaction.atomic
def contribute_and_follow(
    *, agency: Agency, kind: str, body: str, language: str, email: str, now: dt.datetime
) -> Contribution:
    """The address is asked once whether it was its owner; only then does it hear of a promise that came of it.

    The words are sealed until a moderator shows them. No second copy of the address lies beside them: nothing is sent
    there but by the subscription. Raises Invalid.
    """
    contribution = contribute(
        agency=agency,
        target=ContributionIntake.Target.AGENCY,
        target_id=agency.pk,
        kind=kind,
        body=body,
        language=language,
        way_in=WayIn.WEB,
        now=now,
    )
    subscribe(
        agency=agency,
        target=SubscriptionTarget.CONTRIBUTION,
        target_id=contribution.pk,
        email=email,
        language=language,
        now=now,
    )
    return contribution
