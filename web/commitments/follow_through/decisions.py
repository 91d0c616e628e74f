"""Each thing to decide as the pages show it: how it stands, what is known about it, and the acts that are possible."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engage.commitments.models import Commitment
from engage.commitments.standing import Standing, is_behind
from events.event.when import dates_of
from web.commitments.decisions_due import DecisionsDue
from web.commitments.follow_through.summaries_due import SummaryDue, Waits
from web.commitments.words import MARKS, standing_of
from web.site.drawings import Marked


@dataclass(frozen=True, slots=True)
class Decision:
    """One commitment. acts: of update, date, owner and confirm, the most useful first."""

    commitment: Commitment
    standing: Marked
    sentences: list[str]
    acts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SummaryDecision:
    """One summary of a meeting; ``act`` is what its button says."""

    due: SummaryDue
    standing: Marked
    sentences: list[str]
    act: str


def of_commitments(due: DecisionsDue, today: dt.date, *, late_at_most: int) -> list[Decision]:
    """Late ones oldest first, then those at risk, those moved and silent again, and those that nobody owns."""
    found = [*due.late[:late_at_most], *due.at_risk, *due.moved, *due.unowned]
    return [_decision(commitment, today) for commitment in found]


def of_drafts(drafts: Iterable[Commitment], today: dt.date) -> list[Decision]:
    return [_decision(commitment, today) for commitment in drafts]


def of_summaries(waiting: Iterable[SummaryDue]) -> list[SummaryDecision]:
    acts = {
        Waits.FOR_APPROVAL: _("Read and approve"),
        Waits.FOR_PUBLISHING: _("Read and publish"),
        Waits.TO_BE_WRITTEN: _("Write the summary"),
    }
    return [SummaryDecision(one, _standing(one), _said(one), acts[one.waits]) for one in waiting]


def _decision(commitment: Commitment, today: dt.date) -> Decision:
    standing = standing_of(commitment, today, staff=True)
    if commitment.draft:
        return Decision(commitment, standing, [_when(commitment, today), _draft()], ("confirm",))
    owned = commitment.owner_now_id is not None
    acts = ("update", "date") if owned else ("owner", "update", "date")
    return Decision(
        commitment, standing, [_when(commitment, today), _who(commitment), _last_heard(commitment)], acts
    )


def _draft() -> str:
    return _("The public does not see it yet. It gets its number when it is made public.")


def _when(commitment: Commitment, today: dt.date) -> str:
    day = date_format(commitment.due_on, "DATE_FORMAT")
    if is_behind(commitment, today):
        return _("It was due on {day}.").format(day=day)
    return _("It is due on {day}.").format(day=day)


def _who(commitment: Commitment) -> str:
    if commitment.owner_now_id is None:
        return _("{office} promised it, and nobody answers for it by name.").format(
            office=commitment.owner_office
        )
    name = getattr(commitment, "owner_name", None) or str(commitment.owner)
    return _("{name}, {office}, answers for it.").format(name=name, office=commitment.owner_office)


def _last_heard(commitment: Commitment) -> str:
    if commitment.last_updated_on is None:
        return _("There is no update yet.")
    return _("The last update was on {day}.").format(
        day=date_format(commitment.last_updated_on, "DATE_FORMAT")
    )


def _standing(one: SummaryDue) -> Marked:
    if one.days_late:
        words = ngettext("Summary late by %(n)d day", "Summary late by %(n)d days", one.days_late)
        return Marked(MARKS[Standing.LATE], words % {"n": one.days_late})
    if one.is_correction:
        return Marked(MARKS[Standing.DRAFT], _("Correction of a summary"))
    return Marked(MARKS[Standing.DRAFT], _("Draft summary"))


def _said(one: SummaryDue) -> list[str]:
    held = _("The meeting was on {day}.").format(day=dates_of(one.event))
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
