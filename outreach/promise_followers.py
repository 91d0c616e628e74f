"""How many addresses hear of a change to a promise: said to staff before they write it."""

from __future__ import annotations

from django.db.models import Q

from engage.models import Commitment, Contribution
from outreach.models import Subscription, SubscriptionTarget


def followers_of(promised: Commitment) -> int:
    """Confirmed subscriptions that a change reaches (outreach.broadcasting.promise_update); an address may hold two."""
    reached = Q(target=SubscriptionTarget.COMMITMENT, target_id=promised.pk)
    if promised.theme_id is not None:
        asked = Contribution.objects.filter(theme_id=promised.theme_id).values("pk")
        reached |= Q(target=SubscriptionTarget.THEME, target_id=promised.theme_id)
        reached |= Q(target=SubscriptionTarget.CONTRIBUTION, target_id__in=asked)
    standing = Subscription.objects.filter(
        reached,
        agency_id=promised.agency_id,
        confirmed_at__isnull=False,
        ended_at=None,
        contact__isnull=False,
    )
    return standing.values("contact").distinct().count()
