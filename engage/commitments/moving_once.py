"""The pledge that the date of a promise moves once at most: while it is signed, the second move is refused."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engage.agencies.models import Agency, Pledge
from engage.agencies.pledges import DATE_MOVES_ONCE
from engage.commitments.models import Commitment, CommitmentUpdate
from engage.local_time import local_day
from engage.refusals import RuleViolation


class DateMovesOnce(RuleViolation):
    code = DATE_MOVES_ONCE
    sentence = gettext_lazy("The agency has pledged that the date of a promise moves once at most.")


def the_pledge(agency: Agency) -> Pledge | None:
    """The one that stands; None where it is not signed, or withdrawn."""
    return Pledge.objects.filter(agency=agency, code=DATE_MOVES_ONCE, withdrawn_on=None).first()


def demand_it_may_move(commitment: Commitment) -> None:
    """Moves count from the day on which the pledge was signed. Raises DateMovesOnce, with ``signed_on`` and ``moved_on``."""
    agency = commitment.agency
    pledge = the_pledge(agency)
    moved = _moved_since(commitment, pledge.signed_on) if pledge else None
    if pledge is None or moved is None:
        return
    said = _(
        "The date of a promise moves once at most: this agency signed that on {signed}, and this date moved on {moved}. "
        "It can move again only after the pledge is withdrawn in public."
    )
    days = {
        "signed": date_format(pledge.signed_on, "DATE_FORMAT"),
        "moved": date_format(moved, "DATE_FORMAT"),
    }
    raise DateMovesOnce(
        said.format(**days),
        field="due_on",
        signed_on=pledge.signed_on.isoformat(),
        moved_on=moved.isoformat(),
    )


def _moved_since(commitment: Commitment, day: dt.date) -> dt.date | None:
    zone = commitment.agency.timezone
    since = dt.datetime.combine(day, dt.time(), tzinfo=ZoneInfo(zone))
    moves = CommitmentUpdate.objects.filter(commitment=commitment, due_to__isnull=False, at__gte=since)
    at = moves.order_by("number").values_list("at", flat=True).first()
    return local_day(zone, at) if at else None
