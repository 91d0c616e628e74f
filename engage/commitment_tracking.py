"""Promising, and following the promise in public: every change is a new line, with its reason and its evidence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engage.activity_recording import record
from engage.models import (
    ENDED,
    Agency,
    Commitment,
    CommitmentStatus,
    CommitmentUpdate,
    Evidence,
    Person,
    Redaction,
)
from engage.one_agency import colleague, communities_of, with_things_of
from engage.promise_changes import (
    UNCHANGED,
    Unchanged,
    at_risk,
    at_risk_at,
    changes_to,
    days_late,
    demand_evidence_and_reason,
    is_late,
    late_at,
)
from engage.promise_history import attach, evidence_named, move, write_line
from engage.rule_violation import (
    FieldError,
    Invalid,
    ReasonRequired,
    Refusal,
    RuleViolation,
    StaleEdit,
    WrongState,
)

__all__ = [
    "UNCHANGED",
    "UseUpdates",
    "add_evidence",
    "at_risk",
    "at_risk_at",
    "confirm",
    "days_late",
    "edit",
    "is_late",
    "late_at",
    "promise",
    "redact",
    "update",
]

# What the public holds the agency to: once confirmed, changed by updates only.
BY_UPDATES: Final = ("status", "due_on", "owner", "owner_office", "title", "done_means")
_CAME_FROM: Final = ("dialogue", "event", "theme", "note")
_EDITABLE: Final = (*BY_UPDATES[1:], *_CAME_FROM, "focus_area", "translations")
_REDACTABLE: Final = ("title", "done_means", "reason", "note")


class UseUpdates(RuleViolation):
    code = "use_updates"
    refusal = Refusal.INVALID
    sentence = gettext_lazy("A confirmed promise changes only by an update, which the public can read.")


@transaction.atomic
def promise(
    *,
    agency: Agency,
    actor: Person | None,
    now: dt.datetime,
    draft: bool = False,
    communities: Iterable[Any] = (),
    born_announced: bool = False,
    promise_id: UUID | None = None,
    **fields: Any,
) -> Commitment:
    """A promise, numbered at once, or a draft for staff that gets its number when it is confirmed.

    fields: title, done_means, owner_office, focus_area, due_on; perhaps owner (a person or id), dialogue, event, theme
    and note (rows or ids), translations. born_announced: made-up and imported ones, which mail nobody. promise_id: the
    form's own. Raises Invalid.
    """
    _known(fields, _EDITABLE)
    fields = with_things_of(agency.pk, Commitment, fields, names=_CAME_FROM)
    fields["owner"] = colleague(agency.pk, fields.get("owner"))
    made = Commitment(
        agency=agency, draft=draft, first_due_on=fields["due_on"], created_by=actor, created_at=now, **fields
    )
    if promise_id is not None:
        made.pk = promise_id
    if not draft:
        made.number = _next_number(agency.pk)
    made.save(force_insert=True)
    made.communities.set(communities_of(agency.pk, communities))
    verb = "commitment.drafted" if draft else "commitment.made"
    record(verb, made, actor=actor, public=not draft, born_announced=born_announced, at=now)
    return made


@transaction.atomic
def edit(
    commitment: Commitment, *, actor: Person | None, fields: Mapping[str, Any], now: dt.datetime | None = None
) -> Commitment:
    """Change a draft in any way; of a confirmed promise only where it came from and how it is filed.

    Raises UseUpdates for what the public holds the agency to, Invalid.
    """
    promised = _locked(commitment)
    given = dict(fields)
    _known(given, (*_EDITABLE, "status", "communities"))
    held = [name for name in BY_UPDATES if name in given and (not promised.draft or name == "status")]
    if held:
        raise UseUpdates(errors=[FieldError(name, UseUpdates.code, "") for name in held])
    given = with_things_of(promised.agency_id, Commitment, given, names=_CAME_FROM)
    if "owner" in given:
        given["owner"] = colleague(promised.agency_id, given["owner"])
    if "communities" in given:
        promised.communities.set(communities_of(promised.agency_id, given.pop("communities")))
    for name, value in given.items():
        setattr(promised, name, value)
    if promised.draft:
        promised.first_due_on = promised.due_on
    promised.edit_version += 1
    promised.save(update_fields=[*given, "first_due_on", "edit_version"])
    record("commitment.edited", promised, actor=actor, data={"fields": sorted(fields)}, at=now)
    return _mirrored(commitment, promised)


@transaction.atomic
def confirm(
    commitment: Commitment, *, actor: Person | None, now: dt.datetime, born_announced: bool = False
) -> Commitment:
    """A draft becomes a promise: it gets the agency's next number and is public. Raises WrongState."""
    promised = _locked(commitment)
    if not promised.draft:
        raise WrongState(_("It is confirmed already."))
    promised.draft, promised.number = False, _next_number(promised.agency_id)
    promised.first_due_on, promised.created_at = promised.due_on, now
    promised.edit_version += 1
    promised.save(update_fields=["draft", "number", "first_due_on", "created_at", "edit_version"])
    record("commitment.made", promised, actor=actor, public=True, born_announced=born_announced, at=now)
    return _mirrored(commitment, promised)


@transaction.atomic
def update(
    commitment: Commitment,
    *,
    actor: Person | None,
    now: dt.datetime,
    status: str | None = None,
    due_on: dt.date | None = None,
    owner: Person | UUID | Unchanged | None = UNCHANGED,
    owner_office: str | None = None,
    title: str | None = None,
    done_means: str | None = None,
    reason: str = "",
    note: str = "",
    evidence: Sequence[Mapping[str, Any]] = (),
    born_announced: bool = False,
    if_version: int | None = None,
) -> CommitmentUpdate:
    """Write one line of the promise's public history, and move the promise with it.

    evidence: ``{"url", "title"?}`` for a new link, ``{"id"}`` for one that is there. Raises StaleEdit where
    ``if_version`` is another edit version; then, in this order: EvidenceRequired (kept without any), ReasonRequired
    (not kept, stopped, or a change of date, owner, title or meaning), Invalid (nothing said, or an owner from
    elsewhere), WrongState (a draft; an ended promise; a step back).
    """
    promised = _locked(commitment)
    if if_version not in {None, promised.edit_version}:
        raise StaleEdit
    person = owner if isinstance(owner, Unchanged) else colleague(promised.agency_id, owner)
    wanted = {
        "status": status, "due_on": due_on, "owner_office": owner_office, "title": title, "done_means": done_means,
    }  # fmt: skip
    changes = changes_to(promised, wanted, person)
    shown = evidence_named(promised, evidence)
    demand_evidence_and_reason(promised, status, changes, reason=reason, has_evidence=bool(evidence))
    if not changes and not note.strip() and not evidence:
        raise Invalid(errors=[FieldError("note", "required", _("Say what is new."))])
    _demand_state(promised, changes)
    line = write_line(promised, changes, actor=actor, reason=reason.strip(), note=note.strip(), now=now)
    move(promised, changes, now=now)
    attach(line, evidence, shown, actor=actor, now=now)
    record(
        "commitment.updated", promised, actor=actor, public=True, born_announced=born_announced, at=now,
        data={"update": str(line.pk), "status_from": line.status_from, "status_to": line.status_to},
    )  # fmt: skip
    _mirrored(commitment, promised)
    return line


@transaction.atomic
def add_evidence(
    commitment: Commitment, *, actor: Person | None, url: str, now: dt.datetime, title: str = ""
) -> Evidence:
    """Lay a link beside the promise; a later update may name it. Raises WrongState for a draft."""
    promised = _locked(commitment)
    if promised.draft:
        raise WrongState
    shown = Evidence.objects.create(
        agency_id=promised.agency_id, commitment=promised, url=url, title=title, added_by=actor, added_at=now
    )
    record(
        "commitment.evidence_added",
        promised,
        actor=actor,
        public=True,
        data={"evidence": str(shown.pk)},
        at=now,
    )
    return shown


@transaction.atomic
def redact(
    update: CommitmentUpdate, *, field: str, reason: str, actor: Person, now: dt.datetime | None = None
) -> Redaction:
    """Hide a text of a past update because it names a resident; the line itself stays as it is.

    field: title, done_means (from and to both), reason or note. Raises Invalid, ReasonRequired, WrongState.
    """
    if field not in _REDACTABLE:
        raise Invalid(errors=[FieldError("field", "invalid", _("That is no text of an update."))])
    if not reason.strip():
        raise ReasonRequired(field="reason")
    made, is_new = Redaction.objects.get_or_create(
        update=update,
        field=field,
        defaults={
            "agency_id": update.agency_id,
            "reason": reason.strip(),
            "actor": actor,
            "at": now or timezone.now(),
        },
    )
    if not is_new:
        raise WrongState(_("It is hidden already."))
    record(
        "commitment.redacted", update.commitment, actor=actor, public=True, at=now,
        data={"update": str(update.pk), "field": field},
    )  # fmt: skip
    return made


def _known(fields: Mapping[str, Any], allowed: Sequence[str]) -> None:
    if strange := sorted(set(fields) - set(allowed)):
        raise TypeError(f"not fields of a commitment: {', '.join(strange)}")


def _locked(commitment: Commitment) -> Commitment:
    return (
        Commitment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("agency")
        .get(pk=commitment.pk)
    )


def _next_number(agency_id: UUID) -> int:
    """Under the lock of the agency's row and in the transaction of the promise: a rollback leaves no gap."""
    Agency.objects.filter(pk=agency_id).update(last_commitment_number=F("last_commitment_number") + 1)
    return Agency.objects.values_list("last_commitment_number", flat=True).get(pk=agency_id)


def _demand_state(promised: Commitment, changes: Mapping[str, Any]) -> None:
    if promised.draft:
        raise WrongState(_("Confirm the promise first; a draft has no history."))
    if promised.status in ENDED and changes:
        raise WrongState(_("This promise has ended; what is new can be added as a note or as evidence."))
    if changes.get("status") == CommitmentStatus.OPEN:
        raise WrongState(_("Work on it has begun; it cannot be called not begun again."))


def _mirrored(caller: Commitment, promised: Commitment) -> Commitment:
    """The caller's copy shows what was written."""
    for field in Commitment._meta.concrete_fields:
        setattr(caller, field.attname, getattr(promised, field.attname))
    return caller
