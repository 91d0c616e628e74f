"""How a promise stands, in the word that is always shown and the mark beside it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engage.models import ENDED, Commitment, CommitmentStatus
from engage.promise_changes import at_risk, days_late


@dataclass(frozen=True, slots=True)
class Standing:
    """mark: kept, track, risk, late, failed, stopped or draft. word: a few words in the reader's language."""

    mark: str
    word: str


def standing_of(promised: Commitment, today: dt.date, *, staff: bool = False) -> Standing:
    """today: the agency's own. Whether it is at risk is for staff; the public sees the dates behind it.

    With ``staff`` it looks at ``promised.agency``: select it together where there are many.
    """
    if promised.draft:
        return Standing("draft", _("Draft promise"))
    if promised.status in ENDED:
        return _ended(promised)
    if late := days_late(promised, today):
        return Standing(
            "late", ngettext("Late by %(days)d day", "Late by %(days)d days", late) % {"days": late}
        )
    if staff and at_risk(promised, today):
        return Standing("risk", _at_risk((promised.due_on - today).days))
    return Standing("track", _("On track"))


def _ended(promised: Commitment) -> Standing:
    if promised.status == CommitmentStatus.NOT_KEPT:
        return Standing("failed", _("Not kept"))
    if promised.status == CommitmentStatus.WILL_NOT_DO:
        return Standing("stopped", _("Stopped"))
    return Standing("kept", _kept(promised))


def _at_risk(left: int) -> str:
    if not left:
        return _("At risk, due today")
    return ngettext("At risk, due in %(days)d day", "At risk, due in %(days)d days", left) % {"days": left}


def mark_names() -> dict[str, str]:
    """Each mark with the word that a legend, a filter or a picture's description gives it."""
    return {
        "late": _("Late"),
        "risk": _("At risk"),
        "track": _("On track"),
        "failed": _("Not kept"),
        "stopped": _("Stopped, with reasons"),
        "kept": _("Kept"),
    }


def _kept(promised: Commitment) -> str:
    """By the first date given, however often it was moved since."""
    if promised.closed_on is None:
        return _("Kept")
    days = (promised.closed_on - promised.first_due_on).days
    if days > 0:
        return ngettext("Kept, %(days)d day late", "Kept, %(days)d days late", days) % {"days": days}
    return _("Kept on time")
