"""The lines of a promise's public history, and what stands behind them. Called under the promise's lock only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from engage.agency_time import local_day
from engage.models import ENDED, Commitment, CommitmentUpdate, Evidence, Person
from engage.rule_violation import FieldError, Invalid


def write_line(
    promised: Commitment,
    changes: Mapping[str, Any],
    *,
    actor: Person | None,
    reason: str,
    note: str,
    now: dt.datetime,
) -> CommitmentUpdate:
    """The next line of a locked promise's history: what stood and what stands now. Call before ``move``."""
    column = {"due_on": "due"}
    both: dict[str, Any] = {}
    for name, value in changes.items():
        stem = column.get(name, name)
        both[f"{stem}_from"], both[f"{stem}_to"] = getattr(promised, name), value
    promised.updates_count += 1
    return CommitmentUpdate.objects.create(
        agency_id=promised.agency_id,
        commitment=promised,
        number=promised.updates_count,
        reason=reason,
        note=note,
        actor=actor,
        at=now,
        **both,
    )


def move(promised: Commitment, changes: Mapping[str, Any], *, now: dt.datetime) -> None:
    """Bring a locked promise to where the line says it is."""
    today = local_day(promised.agency.timezone, now)
    for name, value in changes.items():
        setattr(promised, name, value)
    if promised.status in ENDED and "status" in changes:
        promised.closed_on = today
    promised.last_updated_on = today
    promised.edit_version += 1
    fields = [*changes, "closed_on", "last_updated_on", "updates_count", "edit_version"]
    promised.save(update_fields=fields)


def evidence_named(promised: Commitment, evidence: Sequence[Mapping[str, Any]]) -> list[Evidence]:
    """Of the evidence named, what is there already. Raises Invalid where it is another promise's."""
    ids = {one["id"] for one in evidence if "id" in one}
    found = list(Evidence.objects.filter(commitment=promised, pk__in=ids)) if ids else []
    if len(found) != len(ids):
        raise Invalid(
            errors=[FieldError("evidence", "unknown", _("There is no such evidence of this promise."))]
        )
    return found


def attach(
    line: CommitmentUpdate,
    evidence: Sequence[Mapping[str, Any]],
    shown: Sequence[Evidence],
    *,
    actor: Person | None,
    now: dt.datetime,
) -> None:
    """Put links, old and new, behind a line."""
    # What stands behind an earlier update stays behind that one.
    Evidence.objects.filter(pk__in=[one.pk for one in shown], update=None).update(update=line)
    for one in evidence:
        if "id" not in one:
            Evidence.objects.create(
                agency_id=line.agency_id, commitment_id=line.commitment_id, update=line, url=one["url"],
                title=one.get("title") or "", added_by=actor, added_at=now,
            )  # fmt: skip
