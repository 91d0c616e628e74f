"""Arranging what somebody needs: who does it, by when, and what came of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from engage.activity.recording import record
from engage.database.locking import lock
from engage.people.models import Person
from engage.refusals import FieldError, Invalid, ReasonRequired, WrongState
from engage.roles.answering import works_at
from events.event.models import Event
from events.rsvps.needs.models import AccessRequest, NeedStatus

_LEADS_TO: Final[Mapping[str, frozenset[str]]] = {
    NeedStatus.ASKED: frozenset({"arranging", "arranged", "not_met"}),
    NeedStatus.ARRANGING: frozenset({"arranged", "not_met"}),
    NeedStatus.ARRANGED: frozenset({"arranging", "met", "not_met"}),
    # Somebody found an interpreter after all.
    NeedStatus.NOT_MET: frozenset({"arranging", "arranged"}),
    NeedStatus.MET: frozenset(),
}
# What the resident is told of; the rest is the desk's own business.
_VERB: Final = {NeedStatus.ARRANGED.value: "access.arranged", NeedStatus.NOT_MET.value: "access.not_met"}


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
    row = lock(AccessRequest, request, if_version=if_version)
    was = row.status
    _check(row, status, outcome, owner)
    row.status = status or row.status
    row.outcome = row.outcome if outcome is None else outcome.strip()
    row.owner = owner or row.owner
    row.needed_by = needed_by or row.needed_by
    if row.status == NeedStatus.NOT_MET and not row.outcome:
        raise ReasonRequired(_("Say to the resident why it is not possible."), field="outcome")
    row.edit_version += 1
    row.save(update_fields=["status", "outcome", "owner", "needed_by", "edit_version"])
    verb = _VERB.get(row.status, "access.changed") if row.status != was else "access.changed"
    record(verb, row, actor=actor, data={"from": was, "to": row.status}, at=now)
    return row


def _check(row: AccessRequest, status: str | None, outcome: str | None, owner: Person | None) -> None:
    wrong: list[FieldError] = []
    if status is not None and status not in NeedStatus.values:
        wrong.append(FieldError("status", "invalid_choice", str(_("Choose one of the list."))))
    if outcome is not None and len(outcome.strip()) > 500:
        wrong.append(FieldError("outcome", "max_length", str(_("At most 500 characters."))))
    if owner is not None and not works_at(row.agency_id, owner.pk):
        wrong.append(FieldError("owner", "not_staff", str(_("Choose somebody of your agency."))))
    if wrong:
        raise Invalid(errors=wrong)
    if status is not None and status != row.status and status not in _LEADS_TO[row.status]:
        raise WrongState


def reopen_needs(event: Event) -> None:
    """An interpreter booked for Tuesday is not booked for Thursday: what was settled is work again."""
    AccessRequest.objects.filter(event=event, status__in=[NeedStatus.ARRANGED, NeedStatus.NOT_MET]).update(
        status=NeedStatus.ARRANGING, outcome="", edit_version=F("edit_version") + 1
    )
