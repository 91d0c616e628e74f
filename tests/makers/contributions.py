"""Things that were said."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from engage.agency_time import local_day
from engage.models import Agency, Contribution


def a_contribution(agency: Agency, **fields: Any) -> Contribution:
    """An anonymous question that came through the intake and waits for a moderator."""
    given: dict[str, Any] = {
        "body": "Why was I stopped twice?",
        "said_on": local_day(agency.timezone, timezone.now()),
    }
    return Contribution.objects.create(agency=agency, **(given | fields))
