"""Addresses that follow something, and have said yes."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from engage.agencies.models import Agency
from engage.contacts.links import Purpose, mint
from outreach.subscriptions import subscribing
from outreach.subscriptions.models import Subscription


def a_follower(
    agency: Agency, email: str, target: str = "agency", target_id: Any = None, **fields: Any
) -> Subscription:
    """Follows the agency unless something else is named; the link of the question was used."""
    asked = subscribing.subscribe(
        agency=agency,
        target=target,
        target_id=target_id or agency.pk,
        email=email,
        now=timezone.now(),
        **fields,
    )
    token = mint(Purpose.CONFIRM, asked.pk, asked.link_version)
    return subscribing.confirm(token, now=timezone.now())


def stops_following(standing: Subscription) -> None:
    """By the link in any letter."""
    token = mint(Purpose.UNSUBSCRIBE, standing.pk, standing.link_version)
    subscribing.unsubscribe(token, now=timezone.now())
