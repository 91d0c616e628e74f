"""Saying something to the agency and wanting to hear what comes of it: the words, and the question to the address."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from engage.contributing import contribute
from engage.models import Agency, Contribution, ContributionIntake, WayIn
from outreach.models import SubscriptionTarget
from outreach.subscribing import subscribe


@transaction.atomic
def ask_and_follow(
    *, agency: Agency, kind: str, body: str, language: str, email: str, now: dt.datetime
) -> Contribution:
    """The address is asked once whether it was its owner; only then does it hear of a promise that came of it.

    The words are sealed until a moderator shows them. No second copy of the address lies beside them: nothing is sent
    there but by the subscription. Raises Invalid.
    """
    said = contribute(
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
        target_id=said.pk,
        email=email,
        language=language,
        now=now,
    )
    return said
