"""Making a commitment, and following it in public: every change is a new line, with its reason and its evidence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engage.activity.recording import record
from engage.agencies.belonging import communities_of, with_things_of
from engage.agencies.models import Agency
from engage.commitments.models import (
    ENDED,
    TEXTS,
    Commitment,
    CommitmentStatus,
    CommitmentUpdate,
    Evidence,
    Redaction,
)
from engage.commitments.moving_once import demand_it_may_move
from engage.database.locking import lock, mirror
from engage.local_time import local_day
from engage.people.models import Person
from engage.refusals import (
    EvidenceRequired,
    FieldError,
    Invalid,
    ReasonRequired,
    Refusal,
    RuleViolation,
    WrongState,
    errors_in_fields,
    must_be_valid,
    only,
)
from engage.roles.staff import colleague

# What the public holds the agency to: once confirmed, changed by updates only.
BY_UPDATES: Final = ("status", "due_on", "owner", "owner_office", "title", "done_means")
_CAME_FROM: Final = ("dialogue", "event", "theme", "note")
_EDITABLE: Final = (*BY_UPDATES[1:], *_CAME_FROM, "focus_area", "translations")
_TEXTS: Final = ("title", "done_means", "owner_office")
_NEEDS_REASON: Final = ("due_on", "owner", "owner_office", "title", "done_means")
_ENDS_WITH_REASON: Final = (
    CommitmentStatus.KEPT_IN_PART,
    CommitmentStatus.NOT_KEPT,
    CommitmentStatus.WILL_NOT_DO,
)
_ENDS_WITH_EVIDENCE: Final = (CommitmentStatus.KEPT, CommitmentStatus.KEPT_IN_PART)


class Unchanged(Enum):
    """For an owner: None means "nobody", so "as it was" needs a word of its own."""

    UNCHANGED = "unchanged"


UNCHANGED: Final = Unchanged.UNCHANGED


class UseUpdates(RuleViolation):
    code = "use_updates"
    refusal = Refusal.INVALID
    sentence = gettext_lazy("A confirmed promise changes only by an update, which the public can read.")


@transaction.atomic
def make_commitment(
    *,
    agency: Agency,
    actor: Person | None,
    now: dt.datetime,
    draft: bool = False,
    communities: Iterable[Any] = (),
    born_announced: bool = False,
    commitment_id: UUID | None = None,
    **fields: Any,
) -> Commitment:
    """A commitment, numbered at once, or a draft for staff that gets its number when it is confirmed.

    fields: title, done_means, owner_office, focus_area, due_on; perhaps owner (a person or id), dialogue, event, theme
    and note (rows or ids), translations. born_announced: made-up and imported ones, which mail nobody. commitment_id: the
    form's own. Raises Invalid.
    """
    only(fields, _EDITABLE)
    fields = with_things_of(agency.pk, Commitment, fields, names=_CAME_FROM)
    fields["owner"] = colleague(agency.pk, fields.get("owner"))
    made = Commitment(
        agency=agency, draft=draft, first_due_on=fields["due_on"], created_by=actor, created_at=now, **fields
    )
    if commitment_id is not None:
        made.pk = commitment_id
    if not draft:
        made.number = _next_number(agency.pk)
    must_be_valid(made, among=_TEXTS)
    made.save(force_insert=True)
    made.communities.set(communities_of(agency.pk, communities))
    verb = "commitment.drafted" if draft else "commitment.made"
    record(verb, made, actor=actor, public=not draft, born_announced=born_announced, at=now)
    return made


@transaction.atomic
def edit(
    commitment: Commitment,
    *,
    actor: Person | None,
    fields: Mapping[str, Any],
    now: dt.datetime | None = None,
    if_version: int | None = None,
) -> Commitment:
    """Change a draft in any way; of a confirmed commitment only where it came from and how it is filed.

    Raises StaleEdit where ``if_version`` is another edit version, UseUpdates for what the public holds the agency to, Invalid.
    """
    held = lock(Commitment, commitment, if_version=if_version, also=("agency",))
    given = dict(fields)
    only(given, (*_EDITABLE, "status", "communities"))
    guarded = [name for name in BY_UPDATES if name in given and (not held.draft or name == "status")]
    if guarded:
        raise UseUpdates(errors=[FieldError(name, UseUpdates.code, "") for name in guarded])
    given = with_things_of(held.agency_id, Commitment, given, names=_CAME_FROM)
    if "owner" in given:
        given["owner"] = colleague(held.agency_id, given["owner"])
    if "communities" in given:
        held.communities.set(communities_of(held.agency_id, given.pop("communities")))
    for name, value in given.items():
        setattr(held, name, value)
    must_be_valid(held, among=_TEXTS)
    if held.draft:
        held.first_due_on = held.due_on
    held.edit_version += 1
    held.save(update_fields=[*given, "first_due_on", "edit_version"])
    record("commitment.edited", held, actor=actor, data={"fields": sorted(fields)}, at=now)
    return mirror(commitment, held)


@transaction.atomic
def confirm(
    commitment: Commitment,
    *,
    actor: Person | None,
    now: dt.datetime,
    born_announced: bool = False,
    if_version: int | None = None,
) -> Commitment:
    """A draft becomes a commitment in public: it gets the agency's next number and is public.

    Raises StaleEdit where ``if_version`` is another edit version, WrongState.
    """
    held = lock(Commitment, commitment, if_version=if_version, also=("agency",))
    if not held.draft:
        raise WrongState(_("It is confirmed already."))
    held.draft, held.number = False, _next_number(held.agency_id)
    held.first_due_on, held.created_at = held.due_on, now
    held.edit_version += 1
    held.save(update_fields=["draft", "number", "first_due_on", "created_at", "edit_version"])
    record("commitment.made", held, actor=actor, public=True, born_announced=born_announced, at=now)
    return mirror(commitment, held)


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
    """Write one line of the commitment's public history, and move the commitment with it.

    evidence: ``{"url", "title"?}`` for a new link, ``{"id"}`` for one that is there. Raises StaleEdit where
    ``if_version`` is another edit version; then, in this order: EvidenceRequired (kept, wholly or in part, without any), ReasonRequired
    (kept in part, not kept, stopped, an ending taken back, or a change of date, owner, title or meaning), Invalid (nothing said, or an owner from
    elsewhere), WrongState (a draft; an ended commitment but to take
    its ending back; a step back), DateMovesOnce (against a signed pledge).
    """
    held = lock(Commitment, commitment, if_version=if_version, also=("agency",))
    person = owner if isinstance(owner, Unchanged) else colleague(held.agency_id, owner)
    wanted = {
        "status": status, "due_on": due_on, "owner_office": owner_office, "title": title, "done_means": done_means,
    }  # fmt: skip
    changes = _changes_to(held, wanted, person)
    shown = _evidence_named(held, evidence)
    _demand_evidence_and_reason(held, status, changes, reason=reason, has_evidence=bool(evidence))
    if not changes and not note.strip() and not evidence:
        raise Invalid(errors=[FieldError("note", "required", _("Say what is new."))])
    _demand_state(held, changes)
    if "due_on" in changes:
        demand_it_may_move(held)
    line = _write_line(held, changes, actor=actor, reason=reason.strip(), note=note.strip(), now=now)
    _move(held, changes, now=now)
    _attach(line, evidence, shown, actor=actor, now=now)
    record(
        "commitment.updated", held, actor=actor, public=True, born_announced=born_announced, at=now,
        data={"update": str(line.pk), "status_from": line.status_from, "status_to": line.status_to},
    )  # fmt: skip
    mirror(commitment, held)
    return line


@transaction.atomic
def add_evidence(
    commitment: Commitment, *, actor: Person | None, url: str, now: dt.datetime, title: str = ""
) -> Evidence:
    """Lay a link beside the commitment; a later update may name it. Raises WrongState for a draft."""
    held = lock(Commitment, commitment, also=("agency",))
    if held.draft:
        raise WrongState
    shown = Evidence.objects.create(
        agency_id=held.agency_id, commitment=held, url=url, title=title, added_by=actor, added_at=now
    )
    record(
        "commitment.evidence_added",
        held,
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

    field: one of TEXTS; of a change both what stood and what stands. Raises Invalid, ReasonRequired, WrongState.
    """
    if field not in TEXTS:
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


def _next_number(agency_id: UUID) -> int:
    """Under the lock of the agency's row and in the transaction of the commitment: a rollback leaves no gap."""
    Agency.objects.filter(pk=agency_id).update(last_commitment_number=F("last_commitment_number") + 1)
    return Agency.objects.values_list("last_commitment_number", flat=True).get(pk=agency_id)


def _demand_state(held: Commitment, changes: Mapping[str, Any]) -> None:
    if held.draft:
        raise WrongState(_("Confirm the promise first; a draft has no history."))
    if held.status in ENDED and changes and not _takes_back(held, changes.get("status")):
        raise WrongState(
            _("This promise has ended. A note or evidence can be added, and the ending can be taken back.")
        )
    if changes.get("status") == CommitmentStatus.OPEN:
        raise WrongState(_("Work on it has begun; it cannot be called not begun again."))


def _takes_back(held: Commitment, status: str | None) -> bool:
    return held.status in ENDED and status == CommitmentStatus.IN_PROGRESS


def _changes_to(
    held: Commitment, wanted: Mapping[str, Any], owner: Person | Unchanged | None
) -> dict[str, Any]:
    """Of what is wanted (None: as it was), what differs from what stands: field → new value."""
    changes = {name: value for name, value in wanted.items() if value not in {None, getattr(held, name)}}
    if not isinstance(owner, Unchanged) and (owner.pk if owner else None) != held.owner_id:
        changes["owner"] = owner
    return changes


def _demand_evidence_and_reason(
    held: Commitment, status: str | None, changes: Mapping[str, Any], *, reason: str, has_evidence: bool
) -> None:
    """Raises EvidenceRequired before ReasonRequired, and both before anything about the commitment's state."""
    shown = has_evidence or status not in _ENDS_WITH_EVIDENCE
    if not shown and not Evidence.objects.filter(commitment=held).exists():
        raise EvidenceRequired(field="evidence")
    needed = status in _ENDS_WITH_REASON or _takes_back(held, status)
    if not reason.strip() and (needed or any(name in changes for name in _NEEDS_REASON)):
        raise ReasonRequired(field="reason")


def _write_line(
    held: Commitment,
    changes: Mapping[str, Any],
    *,
    actor: Person | None,
    reason: str,
    note: str,
    now: dt.datetime,
) -> CommitmentUpdate:
    """The next line of a locked commitment's history: what stood and what stands now. Call before ``_move``."""
    column = {"due_on": "due"}
    both: dict[str, Any] = {}
    for name, value in changes.items():
        stem = column.get(name, name)
        both[f"{stem}_from"], both[f"{stem}_to"] = getattr(held, name), value
    held.updates_count += 1
    line = CommitmentUpdate(
        agency_id=held.agency_id,
        commitment=held,
        number=held.updates_count,
        reason=reason,
        note=note,
        actor=actor,
        at=now,
        **both,
    )
    said = (*(f"{name}_to" for name in _TEXTS), "reason", "note")
    if errors := errors_in_fields(line, among=said):
        raise Invalid(
            errors=[FieldError(one.field.removesuffix("_to"), one.code, one.detail) for one in errors]
        )
    line.save(force_insert=True)
    return line


def _move(held: Commitment, changes: Mapping[str, Any], *, now: dt.datetime) -> None:
    """Bring a locked commitment to where the line says it is."""
    today = local_day(held.agency.timezone, now)
    for name, value in changes.items():
        setattr(held, name, value)
    if "status" in changes:
        held.closed_on = today if held.status in ENDED else None
    held.last_updated_on = today
    held.edit_version += 1
    fields = [*changes, "closed_on", "last_updated_on", "updates_count", "edit_version"]
    held.save(update_fields=fields)


def _evidence_named(held: Commitment, evidence: Sequence[Mapping[str, Any]]) -> list[Evidence]:
    """Of the evidence named, what is there already. Raises Invalid where it is another commitment's."""
    ids = {one["id"] for one in evidence if "id" in one}
    found = list(Evidence.objects.filter(commitment=held, pk__in=ids)) if ids else []
    if len(found) != len(ids):
        raise Invalid(
            errors=[FieldError("evidence", "unknown", _("There is no such evidence of this promise."))]
        )
    return found


def _attach(
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
