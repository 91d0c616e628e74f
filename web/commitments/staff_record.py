"""All of one commitment's record, as staff read it: its lines in words with their evidence, and what was hidden of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from engage.agencies.models import Agency, Community
from engage.commitments.models import (
    TEXTS,
    Commitment,
    CommitmentStatus,
    CommitmentUpdate,
    Evidence,
    Redaction,
)
from engage.refusals import Unknown
from engage.roles.answering import with_owner


@dataclass(frozen=True, slots=True)
class CommitmentRecord:
    """lines: the newest first, each with its actor, evidence and redactions; loose: evidence behind no line yet."""

    commitment: Commitment
    communities: list[Community]
    lines: list[CommitmentUpdate]
    loose: list[Evidence]


def record_of(agency: Agency, commitment_id: UUID) -> CommitmentRecord:
    """Six statements, however long the record is. Raises Unknown for another agency's commitment."""
    commitment = (
        with_owner(Commitment.objects.filter(agency=agency, pk=commitment_id))
        .select_related("event", "theme", "dialogue", "created_by")
        .first()
    )
    if commitment is None:
        raise Unknown
    commitment.agency = agency
    lines = (
        CommitmentUpdate.objects.filter(commitment=commitment)
        .select_related("actor", "owner_from", "owner_to")
        .prefetch_related(
            Prefetch("evidence", queryset=Evidence.objects.order_by("added_at", "id")), "redactions"
        )
        .order_by("-number")
    )
    loose = Evidence.objects.filter(commitment=commitment, update=None).order_by("added_at", "id")
    return CommitmentRecord(
        commitment, list(commitment.communities.order_by("name", "pk")), list(lines), list(loose)
    )


def commitment_of(agency: Agency, commitment_id: UUID) -> Commitment:
    """One commitment of the agency, drafts too, with its owner. Raises Unknown."""
    commitment = with_owner(Commitment.objects.filter(agency=agency, pk=commitment_id)).first()
    if commitment is None:
        raise Unknown
    commitment.agency = agency
    return commitment


def line_of(commitment: Commitment, number: int) -> CommitmentUpdate:
    """One line of the commitment's history. Raises Unknown."""
    line = CommitmentUpdate.objects.filter(commitment=commitment, number=number).first()
    if line is None:
        raise Unknown
    return line


@dataclass(frozen=True, slots=True)
class Line:
    """changes: whole sentences. hideable: the texts of it that could still be hidden, by field."""

    update: CommitmentUpdate
    who: str
    changes: list[str]
    reason: str
    note: str
    evidence: list[Evidence]
    hidden: list[str]
    hideable: list[tuple[str, str]]


def history(updates: Iterable[CommitmentUpdate]) -> list[Line]:
    return [_line(update) for update in updates]


def field_names() -> dict[str, str]:
    return {
        "title": _("The promise"),
        "done_means": _("What done means"),
        "reason": _("The reason"),
        "note": _("The note"),
    }


def _line(update: CommitmentUpdate) -> Line:
    redactions = {redaction.field: redaction for redaction in update.redactions.all()}
    there = [name for name in TEXTS if _text(update, name) and name not in redactions]
    return Line(
        update=update,
        who=update.actor.name if update.actor else "",
        changes=_changes(update, set(redactions)),
        reason="" if "reason" in redactions else update.reason,
        note="" if "note" in redactions else update.note,
        evidence=list(update.evidence.all()),
        hidden=[_hidden(redaction) for redaction in redactions.values()],
        hideable=[(name, field_names()[name]) for name in there],
    )


def _text(update: CommitmentUpdate, name: str) -> str:
    *_before, now = TEXTS[name]
    return str(getattr(update, now))


def _hidden(redaction: Redaction) -> str:
    name = field_names()[redaction.field]
    return _("“{field}” was hidden: {reason}").format(field=name, reason=redaction.reason)


def _changes(update: CommitmentUpdate, hidden: set[str]) -> list[str]:
    said = []
    if update.status_to:
        said.append(_status(update))
    if update.due_to and update.due_from:
        moved = _("The date moved from {old} to {new}.")
        said.append(moved.format(old=_day(update.due_from), new=_day(update.due_to)))
    if update.owner_office_to:
        passed = _("It passed from {old} to {new}.")
        said.append(passed.format(old=update.owner_office_from, new=update.owner_office_to))
    if update.owner_to_id or update.owner_from_id:
        said.append(_owner(update))
    if update.title_to and "title" not in hidden:
        said.append(_("It said before: “{old}”").format(old=update.title_from))
    if update.done_means_to and "done_means" not in hidden:
        said.append(_("Done meant before: “{old}”").format(old=update.done_means_from))
    return said


def _status(update: CommitmentUpdate) -> str:
    return {
        CommitmentStatus.IN_PROGRESS.value: _("Work has begun."),
        CommitmentStatus.KEPT.value: _("The promise is kept."),
        CommitmentStatus.NOT_KEPT.value: _("The promise was not kept."),
        CommitmentStatus.WILL_NOT_DO.value: _("The promise was stopped."),
    }.get(update.status_to, str(CommitmentStatus(update.status_to).label))


def _owner(update: CommitmentUpdate) -> str:
    if update.owner_to is None:
        return _("Nobody answers for it by name now.")
    return _("{name} answers for it now.").format(name=update.owner_to.name)


def _day(day: dt.date) -> str:
    return date_format(day, "DATE_FORMAT")
