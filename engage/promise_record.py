"""All of one promise's record, as staff read it: its lines with their evidence, and what was hidden of them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch

from engage.models import Agency, Commitment, CommitmentUpdate, Community, Evidence, Person, Role
from engage.rule_violation import Unknown


@dataclass(frozen=True, slots=True)
class PromiseRecord:
    """lines: the newest first, each with its actor, evidence and redactions; loose: evidence behind no line yet."""

    promised: Commitment
    communities: list[Community]
    lines: list[CommitmentUpdate]
    loose: list[Evidence]


def record_of(agency: Agency, commitment_id: UUID) -> PromiseRecord:
    """Six statements, however long the record is. Raises Unknown for another agency's promise."""
    promised = (
        Commitment.objects.filter(agency=agency, pk=commitment_id)
        .select_related("owner", "event", "theme", "dialogue", "created_by")
        .first()
    )
    if promised is None:
        raise Unknown
    promised.agency = agency
    lines = (
        CommitmentUpdate.objects.filter(commitment=promised)
        .select_related("actor", "owner_from", "owner_to")
        .prefetch_related(
            Prefetch("evidence", queryset=Evidence.objects.order_by("added_at", "id")), "redactions"
        )
        .order_by("-number")
    )
    loose = Evidence.objects.filter(commitment=promised, update=None).order_by("added_at", "id")
    return PromiseRecord(
        promised, list(promised.communities.order_by("name", "pk")), list(lines), list(loose)
    )


def promise_of(agency: Agency, commitment_id: UUID) -> Commitment:
    """One promise of the agency, drafts too, with its owner. Raises Unknown."""
    promised = Commitment.objects.filter(agency=agency, pk=commitment_id).select_related("owner").first()
    if promised is None:
        raise Unknown
    promised.agency = agency
    return promised


def line_of(promised: Commitment, number: int) -> CommitmentUpdate:
    """One line of the promise's history. Raises Unknown."""
    line = CommitmentUpdate.objects.filter(commitment=promised, number=number).first()
    if line is None:
        raise Unknown
    return line


def colleagues_of(agency: Agency) -> list[Person]:
    """Whoever may answer for a promise: who holds a role there now, by name, each once."""
    holders = Role.objects.filter(agency=agency, until=None).values("person")
    return list(Person.objects.filter(pk__in=holders).order_by("name", "pk"))
