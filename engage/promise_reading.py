"""One promise as everyone may read it: every change of it, and the days on which the calendar made it late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch

from engage.agency_time import local_day
from engage.models import ENDED, Agency, Commitment, CommitmentUpdate, Evidence, Redaction
from engage.promise_wording import TEXTS
from engage.rule_violation import Unknown


@dataclass(frozen=True, slots=True)
class Line:
    """One change. day: the agency's own. office: who answered for it by then. hidden: texts that named a resident."""

    update: CommitmentUpdate
    day: dt.date
    office: str
    evidence: Sequence[Evidence]
    hidden: Sequence[Redaction]

    def says(self, name: str) -> str:
        """The words of ``note``, ``reason``, ``title_to`` …; empty where they are hidden."""
        if any(name in TEXTS.get(each.field, ()) for each in self.hidden):
            return ""
        return str(getattr(self.update, name) or "")


@dataclass(frozen=True, slots=True)
class Told:
    """lines: newest first. late_from: each day on which it became late. beside: evidence behind no single change."""

    promise: Commitment
    made_on: dt.date
    lines: Sequence[Line]
    late_from: Sequence[dt.date]
    beside: Sequence[Evidence]


def public_promise(agency: Agency, number: int) -> Commitment:
    """With its theme and its communities. Two queries. Raises Unknown for a draft's, which has no number."""
    rows = Commitment.objects.select_related("theme", "event").prefetch_related("communities")
    found = rows.filter(agency=agency, number=number, draft=False).first()
    if found is None:
        raise Unknown
    found.agency = agency
    return found


def tell(promise: Commitment, *, today: dt.date) -> Told:
    """Three queries, however long its history is. today: the agency's own."""
    zone = promise.agency.timezone
    redactions = Prefetch("redactions", queryset=Redaction.objects.order_by("at", "pk"))
    updates = list(
        CommitmentUpdate.objects.filter(commitment=promise)
        .select_related("actor")
        .prefetch_related(redactions)
        .order_by("-number")
    )
    behind: dict[object, list[Evidence]] = {}
    for one in Evidence.objects.filter(commitment=promise).order_by("added_at", "pk"):
        behind.setdefault(one.update_id, []).append(one)
    office = promise.owner_office
    lines = []
    for update in updates:
        day = local_day(zone, update.at)
        lines.append(Line(update, day, office, behind.get(update.pk, []), list(update.redactions.all())))
        # Going back in time: before this change it was another office's.
        office = update.owner_office_from or office
    late = late_days(promise, reversed(lines), today=today)
    return Told(promise, local_day(zone, promise.created_at), lines, late, behind.get(None, []))


def late_days(promise: Commitment, lines: Iterable[Line], *, today: dt.date) -> list[dt.date]:
    """Each day after a due date that passed while the promise was owed; oldest first. lines: oldest first."""
    due, late = promise.first_due_on, []
    for line in lines:
        moved, ended = line.update.due_to, line.update.status_to in ENDED
        if not moved and not ended:
            continue
        if line.day > due:
            late.append(due + dt.timedelta(days=1))
        if ended:
            return late
        due = moved or due
    if promise.status not in ENDED and today > due:
        late.append(due + dt.timedelta(days=1))
    return late
