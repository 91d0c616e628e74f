"""Each thing to decide as the pages show it: how it stands, what is known about it, and the acts that are possible."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engage.decisions_due import DecisionsDue
from engage.models import Commitment
from outreach.summaries_due import SummaryDue, Waits
from web.promise_words import Standing, standing_of


@dataclass(frozen=True, slots=True)
class Decision:
    """One promise. acts: of update, date, owner and confirm, the most useful first."""

    promised: Commitment
    standing: Standing
    sentences: list[str]
    acts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SummaryDecision:
    """One summary of a meeting; ``act`` is what its button says."""

    due: SummaryDue
    standing: Standing
    sentences: list[str]
    act: str


def of_promises(due: DecisionsDue, today: dt.date, *, late_at_most: int) -> list[Decision]:
    """Late ones oldest first, then those at risk, then those that nobody owns."""
    found = [*due.late[:late_at_most], *due.at_risk, *due.unowned]
    return [_decision(promised, today) for promised in found]


def of_drafts(drafts: Iterable[Commitment], today: dt.date) -> list[Decision]:
    return [_decision(promised, today) for promised in drafts]


def of_summaries(waiting: Iterable[SummaryDue]) -> list[SummaryDecision]:
    acts = {
        Waits.FOR_APPROVAL: _("Read and approve"),
        Waits.FOR_PUBLISHING: _("Read and publish"),
        Waits.TO_BE_WRITTEN: _("Write the summary"),
    }
    return [SummaryDecision(one, _standing(one), _said(one), acts[one.waits]) for one in waiting]


def _decision(promised: Commitment, today: dt.date) -> Decision:
    standing = standing_of(promised, today, staff=True)
    if promised.draft:
        return Decision(promised, standing, [_when(promised, today), _draft()], ("confirm",))
    owned = promised.owner_id is not None
    acts = ("update", "date") if owned else ("owner", "update", "date")
    return Decision(promised, standing, [_when(promised, today), _who(promised), _last_heard(promised)], acts)


def _draft() -> str:
    return _("The public does not see it yet. It gets its number when it is made public.")


def _when(promised: Commitment, today: dt.date) -> str:
    day = date_format(promised.due_on, "DATE_FORMAT")
    if promised.due_on < today:
        return _("It was due on {day}.").format(day=day)
    return _("It is due on {day}.").format(day=day)


def _who(promised: Commitment) -> str:
    name = getattr(promised, "owner_name", None) or (promised.owner.name if promised.owner else "")
    if not name:
        return _("{office} promised it, and nobody answers for it by name.").format(
            office=promised.owner_office
        )
    return _("{name}, {office}, answers for it.").format(name=name, office=promised.owner_office)


def _last_heard(promised: Commitment) -> str:
    if promised.last_updated_on is None:
        return _("There is no update yet.")
    return _("The last update was on {day}.").format(day=date_format(promised.last_updated_on, "DATE_FORMAT"))


def _standing(one: SummaryDue) -> Standing:
    if one.days_late:
        words = ngettext("Summary late by %(n)d day", "Summary late by %(n)d days", one.days_late)
        return Standing("late", words % {"n": one.days_late})
    if one.is_correction:
        return Standing("draft", _("Correction of a summary"))
    return Standing("draft", _("Draft summary"))


def _said(one: SummaryDue) -> list[str]:
    held = _("The meeting was on {day}.").format(day=date_format(one.event.local_starts_at, "DATE_FORMAT"))
    if one.waits == Waits.TO_BE_WRITTEN:
        return [held, _("Nobody has begun to write what was heard.")]
    day = date_format(one.drafted_on or one.due_on, "DATE_FORMAT")
    drafted = (
        _("{name} drafted it on {day}.").format(name=one.drafted_by, day=day)
        if one.drafted_by
        else _("It was drafted on {day}.").format(day=day)
    )
    if one.waits == Waits.FOR_PUBLISHING:
        return [held, drafted, _("It is approved and can be published.")]
    return [held, drafted, _("You can add a reply. You cannot change what people said.")]
