"""The few words by which everyone is told how a commitment stands: pages, letters and tables take them from here."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from engage.commitments.models import Commitment
from engage.commitments.standing import Standing, days_kept_late, days_late, public_day, standing_on

_PLAIN: Final = {
    Standing.ON_TRACK: gettext_lazy("On track"),
    Standing.KEPT_IN_PART: gettext_lazy("Kept in part"),
    Standing.NOT_KEPT: gettext_lazy("Not kept"),
    Standing.WILL_NOT_DO: pgettext_lazy("promise", "Stopped"),
    Standing.DRAFT: gettext_lazy("Draft promise"),
}


def public_word(commitment: Commitment, today: dt.date) -> str:
    """As everyone is told; today: the agency's own."""
    return word_of(commitment, standing_on(commitment, public_day(today)), today)


def word_of(commitment: Commitment, standing: Standing, today: dt.date) -> str:
    """For one that is known to stand so. today: the agency's own."""
    if standing is Standing.LATE:
        days = days_late(commitment, today)
        return ngettext("Late by %(days)d day", "Late by %(days)d days", days) % {"days": days}
    if standing is Standing.MOVED:
        return _moved(commitment, today)
    if standing is Standing.AT_RISK:
        return _at_risk((commitment.due_on - today).days)
    if standing is Standing.KEPT:
        return _kept(commitment)
    return str(_PLAIN[standing])


def _moved(commitment: Commitment, today: dt.date) -> str:
    days = commitment.first_due_on, commitment.due_on
    written = "MONTH_DAY_FORMAT" if {day.year for day in days} == {today.year} else "DATE_FORMAT"
    first, due = (date_format(day, written) for day in days)
    return _("Late on its first date ({first}). New date {due}.").format(first=first, due=due)


def _at_risk(left: int) -> str:
    if not left:
        return _("At risk, due today")
    return ngettext("At risk, due in %(days)d day", "At risk, due in %(days)d days", left) % {"days": left}


def _kept(commitment: Commitment) -> str:
    """By the first date given, however often it was moved since."""
    if days := days_kept_late(commitment):
        return ngettext("Kept, %(days)d day late", "Kept, %(days)d days late", days) % {"days": days}
    return _("Kept on time")
