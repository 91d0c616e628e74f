"""Things that were said."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from engage.agencies.models import Agency
from engage.listening.models import Contribution, ContributionIntake
from engage.local_time import local_day
from engage.sealing.intake import Words, open_as_the_worker


def a_contribution(agency: Agency, **fields: Any) -> Contribution:
    """An anonymous question that came through the intake and waits for a moderator."""
    given: dict[str, Any] = {
        "body": "Why was I stopped twice?",
        "said_on": local_day(agency.timezone, timezone.now()),
    }
    return Contribution.objects.create(agency=agency, **(given | fields))


def what_waits() -> list[Words]:
    """What the worker would read in the intake: kind, way in, language and words of each text that waits."""
    return [
        open_as_the_worker(bytes(row.sealed or b""), row=row.pk, agency=row.agency_id)
        for row in ContributionIntake.objects.order_by("pk")
    ]
