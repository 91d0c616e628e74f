"""Who hears of an act, and how many: whoever announces one and whoever shows a number before it ask here, and nobody counts else.

Numbers are of places, questions and things followed, as in the ledger: addresses are not counted. Whoever saves a place
under an address that they know, and sees a number of addresses stay as it was, has learnt that it was there before. So
the number is what the ledger will hold, and there are as many letters where no address is there twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from engage.commitments.models import Commitment
from engage.contacts.models import Channel, Contact
from engage.listening.models import Contribution
from events.event.models import Audience, Event
from events.planning.foreseeing import Told
from events.rsvps.models import CheckIn, Rsvp, RsvpStatus
from outreach.ledger.models import Delivery, DeliveryState
from outreach.subscriptions.models import Subscription, SubscriptionTarget
from outreach.summaries.models import SummaryVersion

# Joined to an event ``e``: the addresses ``c`` known at it, each with how many places it holds.
HOLDERS: Final = """
  JOIN engage_contact c ON c.scope = 'event' AND c.scope_id = e.id AND c.agency_id = e.agency_id AND c.channel = 'email'
  CROSS JOIN LATERAL (SELECT count(*) AS places FROM events_rsvp r
                       WHERE r.email_contact_id = c.id AND r.status IN ('confirmed', 'offered', 'waitlisted')) held
"""
_THERE: Final = f"SELECT coalesce(sum(held.places), 0) FROM events_event e {HOLDERS} WHERE e.id = %s"  # noqa: S608 - constants

# A letter that somebody may have read: it went, it is going, or nobody knows.
_MAY_BE_READ: Final = Q(state__in=[DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.UNCERTAIN]) | Q(
    reason__in=["worker_lost", "uncertain", "restored"]
)

_SAY_IT_IS_ON: Final = ["new_meeting", "meeting_moved", "meeting_reinstated"]


def told_of_publishing(event: Event) -> Told:
    """One query."""
    return Told(followers=followers_of_event(event).count())


def told_of(event: Event, act: str) -> Told:
    """act: ``event.cancelled``, ``event.moved`` or ``event.reinstated``. Two queries."""
    return Told(_there_at(event), followers_told(event, act).count())


def followers_told(event: Event, act: str) -> QuerySet[Contact]:
    """Nobody of a new time or place of an event that is not for everybody any more; that it is off, they hear."""
    if act == "event.cancelled":
        return announced_to(event)
    if event.audience != Audience.PUBLIC:
        return Contact.objects.none()
    return told_it_is_off(event) if act == "event.reinstated" else announced_to(event)


def told_of_summary(version: SummaryVersion) -> Told:
    """Two queries, whatever their number; no address is opened for it."""
    there, followers = readers_of(version)
    return Told(there.aggregate(n=Sum("places", default=0))["n"], followers.count())


def told_of_update(commitment: Commitment) -> Told:
    """Nobody while it is a draft; else one query."""
    return Told(followers=0 if commitment.draft else followers_of(commitment).count())


def followers_of_event(event: Event) -> QuerySet[Contact]:
    """Whoever follows its agency, dialogue or communities; nobody where it is not for everybody, or only listed here."""
    if event.audience != Audience.PUBLIC or event.imported:
        return Contact.objects.none()
    return _followers(_targets(event))


def announced_to(event: Event) -> QuerySet[Contact]:
    """Who still follows, of those that may have read that it takes place; and who follows this very event.

    An address that follows twice is there twice.
    """
    return _told_by_letter(event, _SAY_IT_IS_ON) | _followers(_target(SubscriptionTarget.EVENT, [event.pk]))


def told_it_is_off(event: Event) -> QuerySet[Contact]:
    """Who still follows, of those that may have read that it is cancelled; and whose news of it the cancelling held up."""
    held_up = Q(kind="new_meeting", reason="event_cancelled")
    return _told_by_letter(event, ["meeting_cancelled"], or_else=held_up)


def readers_of(version: SummaryVersion) -> tuple[QuerySet[Contact], QuerySet[Contact]]:
    """Who had a place, came, or asked under an address, with ``places``: of both, how many; and who follows.

    An address may be among both. Who is not written to is among them, too.
    """
    event = version.summary.event
    held, contributions = _rsvps_told(event), Contribution.objects.filter(event=event)
    there = Contact.objects.filter(
        Q(pk__in=held.values("email_contact")) | Q(pk__in=contributions.values("contact")),
        channel=Channel.EMAIL,
    ).annotate(places=_how_many(held, "email_contact") + _how_many(contributions, "contact"))
    themes = [part["theme"] for part in version.heard if part.get("theme")]
    targets = _targets(event) | _target(SubscriptionTarget.EVENT, [event.pk])
    targets |= _target(SubscriptionTarget.THEME, themes)
    asked = Contribution.objects.filter(event=event).values("pk")
    targets |= Q(target=SubscriptionTarget.CONTRIBUTION, target_id__in=asked)
    if event.audience != Audience.PUBLIC:
        targets = _target(SubscriptionTarget.EVENT, [event.pk])
    return there, _followers(targets)


def followers_of(commitment: Commitment) -> QuerySet[Contact]:
    """Who hears of a change to it. One address may be two contacts."""
    targets = _target(SubscriptionTarget.COMMITMENT, [commitment.pk])
    if commitment.theme_id is not None:
        targets |= _target(SubscriptionTarget.THEME, [commitment.theme_id])
        asked = Contribution.objects.filter(theme_id=commitment.theme_id).values("pk")
        targets |= Q(target=SubscriptionTarget.CONTRIBUTION, target_id__in=asked)
    return _followers(targets, agency_id=commitment.agency_id)


def _there_at(event: Event) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_THERE, [event.pk])
        return int(cursor.fetchone()[0])


def _told_by_letter(event: Event, kinds: Sequence[str], *, or_else: Q | None = None) -> QuerySet[Contact]:
    # Whose address was told by another row is among them: it may have ended the subscription that was told, and kept this one.
    told = Q(_MAY_BE_READ | Q(reason="told_already"), kind__in=kinds)
    letters = Delivery.objects.filter(told | or_else if or_else else told, event=event)
    standing = Subscription.objects.filter(
        contact=OuterRef("pk"), confirmed_at__isnull=False, ended_at=None, agency_id=event.agency_id
    )
    scope = {"channel": Channel.EMAIL, "scope": Contact.Scope.SUBSCRIPTION}
    return Contact.objects.filter(Exists(standing), pk__in=letters.values("contact"), **scope)


def _rsvps_told(event: Event) -> QuerySet[Rsvp]:
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
    return Contact.objects.filter(pk__in=standing.values("contact"), channel=Channel.EMAIL)


def _how_many(rows: QuerySet[Any], contact: str) -> Coalesce:
    of_each = rows.filter(**{contact: OuterRef("pk")}).order_by().values(contact).annotate(n=Count("pk"))
    return Coalesce(Subquery(of_each.values("n"), output_field=IntegerField()), 0)
