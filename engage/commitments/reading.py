"""One commitment as everyone may read it: every change of it, and the days on which the calendar made it late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch, Q, QuerySet

from engage.agencies.models import Agency
from engage.commitments.models import TEXTS, Commitment, CommitmentUpdate, Evidence, Redaction
from engage.commitments.standing import days_it_became_late
from engage.local_time import local_day
from engage.refusals import Unknown
from engage.roles.permissions import Viewer


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

    commitment: Commitment
    made_on: dt.date
    lines: Sequence[Line]
    late_from: Sequence[dt.date]
    beside: Sequence[Evidence]


def public_commitment(agency: Agency, number: int) -> Commitment:
    """With its theme and its communities. Two queries. Raises Unknown for a draft's, which has no number."""
    rows = Commitment.objects.select_related("theme", "event").prefetch_related("communities")
    found = rows.filter(agency=agency, number=number, draft=False).first()
    if found is None:
        raise Unknown
    found.agency = agency
    return found


def tell(commitment: Commitment, *, today: dt.date) -> Told:
    """Three queries, however long its history is. today: the agency's own."""
    zone = commitment.agency.timezone
    redactions = Prefetch("redactions", queryset=Redaction.objects.order_by("at", "pk"))
    updates = list(
        CommitmentUpdate.objects.filter(commitment=commitment)
        .select_related("actor")
        .prefetch_related(redactions)
        .order_by("-number")
    )
    behind: dict[object, list[Evidence]] = {}
    for one in Evidence.objects.filter(commitment=commitment).order_by("added_at", "pk"):
        behind.setdefault(one.update_id, []).append(one)
    office = commitment.owner_office
    lines = []
    for update in updates:
        day = local_day(zone, update.at)
        lines.append(Line(update, day, office, behind.get(update.pk, []), list(update.redactions.all())))
        # Going back in time: before this change it was another office's.
        office = update.owner_office_from or office
    late = days_it_became_late(commitment, ((line.day, line.update) for line in reversed(lines)), today=today)
    return Told(commitment, local_day(zone, commitment.created_at), lines, late, behind.get(None, []))


def hidden_in() -> ArraySubquery:
    """The names of what is hidden, for a query over lines."""
    return ArraySubquery(Redaction.objects.filter(update=OuterRef("pk")).values("field"))


def shown_words(line: Mapping[str, Any], hidden: Collection[str]) -> str:
    """What a line says: its note, or else its reason; empty where it is hidden."""
    for name in ("note", "reason"):
        if line.get(name) and name not in hidden:
            return str(line[name])
    return ""


def commitments_visible_to(viewer: Viewer) -> QuerySet[Commitment]:
    """Confirmed commitments are public; drafts are the agency's staff's."""
    return Commitment.objects.filter(
        Q(draft=False) | Q(agency_id__in=viewer.agencies_shown("draft promises"))
    )


def commitments_of_ones_own(viewer: Viewer) -> QuerySet[Commitment]:
    """For an act, which asks for its scope next: a colleague without it is told so (403), anybody else finds no draft."""
    own = [agency for agency in viewer.roles if viewer.is_staff_of(agency)]
    return Commitment.objects.filter(Q(draft=False) | Q(agency_id__in=own))
