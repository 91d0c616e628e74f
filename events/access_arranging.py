"""Arranging what somebody needs: who does it, by when, and what came of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from engage.activity_recording import record
from engage.models import Person, Role
from engage.rule_violation import FieldError, Invalid, ReasonRequired, StaleEdit, Unknown, WrongState
from events.models import AccessRequest, AccessStatus

_LEADS_TO: Final[Mapping[str, frozenset[str]]] = {
    AccessStatus.ASKED: frozenset({"arranging", "arranged", "not_met"}),
    AccessStatus.ARRANGING: frozenset({"arranged", "not_met"}),
    AccessStatus.ARRANGED: frozenset({"arranging", "met", "not_met"}),
    # Somebody found an interpreter after all.
    AccessStatus.NOT_MET: frozenset({"arranging", "arranged"}),
    AccessStatus.MET: frozenset(),
}
# What the resident is told of; the rest is the desk's own business.
_VERB: Final = {AccessStatus.ARRANGED.value: "access.arranged", AccessStatus.NOT_MET.value: "access.not_met"}


@transaction.atomic
def arrange(
    request: AccessRequest | UUID,
    *,
    actor: Person,
    status: str | None = None,
    outcome: str | None = None,
    owner: Person | None = None,
    needed_by: dt.date | None = None,
    if_version: int | None = None,
    now: dt.datetime,
) -> AccessRequest:
    """Change what is given; what is None stays.

    outcome: up to 500 characters for the resident, who is told once it is arranged or not possible; not possible needs
    one. owner: of the agency's staff. Raises Unknown, StaleEdit, WrongState, ReasonRequired, Invalid.
    """
    pk = request.pk if isinstance(request, AccessRequest) else request
    row = AccessRequest.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if row is None:
        raise Unknown
    if if_version is not None and row.edit_version != if_version:
        raise StaleEdit
    was = row.status
    _check(row, status, outcome, owner)
    row.status = status or row.status
    row.outcome = row.outcome if outcome is None else outcome.strip()
    row.owner = owner or row.owner
    row.needed_by = needed_by or row.needed_by
    if row.status == AccessStatus.NOT_MET and not row.outcome:
        raise ReasonRequired(_("Say to the resident why it is not possible."), field="outcome")
    row.edit_version += 1
    row.save(update_fields=["status", "outcome", "owner", "needed_by", "edit_version"])
    verb = _VERB.get(row.status, "access.changed") if row.status != was else "access.changed"
    record(verb, row, actor=actor, data={"from": was, "to": row.status}, at=now)
    return row


def _check(row: AccessRequest, status: str | None, outcome: str | None, owner: Person | None) -> None:
    wrong: list[FieldError] = []
    if status is not None and status not in AccessStatus.values:
        wrong.append(FieldError("status", "invalid_choice", str(_("Choose one of the list."))))
    if outcome is not None and len(outcome.strip()) > 500:
        wrong.append(FieldError("outcome", "max_length", str(_("At most 500 characters."))))
    if owner is not None and not _works_there(owner, row.agency_id):
        wrong.append(FieldError("owner", "not_staff", str(_("Choose somebody of your agency."))))
    if wrong:
        raise Invalid(errors=wrong)
    if status is not None and status != row.status and status not in _LEADS_TO[row.status]:
        raise WrongState


def _works_there(person: Person, agency_id: UUID) -> bool:
    return Role.objects.filter(person=person, agency_id=agency_id, until=None).exists()
