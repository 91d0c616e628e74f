"""What an agency has pledged about its own conduct, and what it took back: both are public."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engage.models import Agency, Pledge


@dataclass(frozen=True, slots=True)
class Pledges:
    """withdrawn: the latest first; one that was signed again stands among both."""

    standing: Sequence[Pledge]
    withdrawn: Sequence[Pledge]


def pledges_of(agency: Agency) -> Pledges:
    """One query."""
    found = list(Pledge.objects.filter(agency=agency).order_by("signed_on", "pk"))
    return Pledges(
        standing=[each for each in found if each.withdrawn_on is None],
        withdrawn=[each for each in reversed(found) if each.withdrawn_on is not None],
    )
