"""What of a promise changes, what such a change needs, and when a promise is late or at risk: no row is written here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

from django.db.models import DateField, DateTimeField, ExpressionWrapper, F, Func, Q, Value
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import LessThanOrEqual

from engage.models import ENDED, Commitment, CommitmentStatus, Evidence, Person
from engage.rule_violation import EvidenceRequired, ReasonRequired


class Unchanged(Enum):
    """For an owner: None means "nobody", so "as it was" needs a word of its own."""

    UNCHANGED = "unchanged"


UNCHANGED: Final = Unchanged.UNCHANGED
_NEEDS_REASON: Final = ("due_on", "owner", "owner_office", "title", "done_means")
_ENDS_WITH_REASON: Final = (CommitmentStatus.NOT_KEPT, CommitmentStatus.WILL_NOT_DO)


def changes_to(
    promised: Commitment, wanted: Mapping[str, Any], owner: Person | Unchanged | None
) -> dict[str, Any]:
    """Of what is wanted (None: as it was), what differs from what stands: field → new value."""
    changes = {name: value for name, value in wanted.items() if value not in {None, getattr(promised, name)}}
    if not isinstance(owner, Unchanged) and (owner.pk if owner else None) != promised.owner_id:
        changes["owner"] = owner
    return changes


def demand_evidence_and_reason(
    promised: Commitment, status: str | None, changes: Mapping[str, Any], *, reason: str, has_evidence: bool
) -> None:
    """Raises EvidenceRequired before ReasonRequired, and both before anything about the promise's state."""
    shown = has_evidence or status != CommitmentStatus.KEPT
    if not shown and not Evidence.objects.filter(commitment=promised).exists():
        raise EvidenceRequired(field="evidence")
    if not reason.strip() and (status in _ENDS_WITH_REASON or any(name in changes for name in _NEEDS_REASON)):
        raise ReasonRequired(field="reason")


def is_late(promised: Commitment, today: dt.date) -> bool:
    """Owed, and due before today in the agency's zone."""
    return not promised.draft and promised.status not in ENDED and promised.due_on < today


def days_late(promised: Commitment, today: dt.date) -> int:
    """Days since it was due, 0 where it is not late."""
    return (today - promised.due_on).days if is_late(promised, today) else 0


def at_risk(promised: Commitment, today: dt.date) -> bool:
    """Owed, not late, due within the agency's days, and nothing heard of it for the agency's other days.

    Looks at ``promised.agency``: select it together where there are many.
    """
    if promised.draft or promised.status in ENDED or promised.due_on < today:
        return False
    agency = promised.agency
    heard = promised.last_updated_on or promised.created_at.date()
    due_soon = promised.due_on <= today + dt.timedelta(days=agency.at_risk_due_days)
    return due_soon and heard <= today - dt.timedelta(days=agency.at_risk_silent_days)


def late_at(now: dt.datetime) -> Q:
    """``is_late`` as a filter over promises of many agencies, each by its own day."""
    # The second half says nothing new: no zone is past tomorrow. It is what the index on due_on can use.
    return _owed() & Q(due_on__lt=_today(now)) & Q(due_on__lte=now.date() + dt.timedelta(days=1))


def at_risk_at(now: dt.datetime) -> Q:
    """``at_risk`` as a filter over promises of many agencies, each by its own day and its own settings."""
    today = _today(now)
    # PostgreSQL counts days by adding whole numbers to a date.
    due_soon = ExpressionWrapper(today + F("agency__at_risk_due_days"), output_field=DateField())
    quiet_from = ExpressionWrapper(today - F("agency__at_risk_silent_days"), output_field=DateField())
    return _owed() & Q(due_on__gte=today, due_on__lte=due_soon) & silent_since(quiet_from)


def silent_since(day: Any) -> Q:
    """Nothing was heard of it after ``day`` (a date or an expression), its making included."""
    heard = Coalesce("last_updated_on", Cast("created_at", DateField()))
    silent: Any = LessThanOrEqual(heard, day)
    return Q(silent)


def _owed() -> Q:
    return Q(draft=False, status__in=[CommitmentStatus.OPEN, CommitmentStatus.IN_PROGRESS])


def _today(now: dt.datetime) -> Cast:
    local = Func(F("agency__timezone"), Value(now), function="timezone", output_field=DateTimeField())
    return Cast(local, DateField())
