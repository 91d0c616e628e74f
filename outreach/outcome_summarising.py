"""What came of an evening: drafted from the record, edited, approved by a leader, published; a correction is a new one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from engage import commitment_tracking
from engage.activity_recording import record
from engage.models import Commitment, Person
from engage.rule_violation import ReasonRequired, RuleViolation, StaleEdit, Unknown, WrongState
from events.event_lifecycle import mark_reported
from events.models import Audience, Event, EventStatus
from outreach.models import OutcomeSummary, SummaryStatus, SummaryVersion
from outreach.summary_drafting import drawn_from_the_record
from outreach.summary_shapes import EDITABLE, SummaryWarning, read_fields, warnings_about

# What a correction takes over from the version it corrects.
_CARRIED = tuple(name for name in EDITABLE if name != "correction_note")


class NotApproved(RuleViolation):
    code = "not_approved"
    sentence = _("A leader has to approve this wording first.")


@dataclass(frozen=True, slots=True)
class Drafted:
    """created: False where an open version was there already."""

    version: SummaryVersion
    created: bool
    warnings: list[SummaryWarning]


def published_version(event: Event | UUID) -> SummaryVersion | None:
    """What the public reads: the latest published wording."""
    return _versions(event).filter(status=SummaryStatus.PUBLISHED).order_by("-number").first()


def open_version(event: Event | UUID) -> SummaryVersion | None:
    """The wording that staff work on: a draft, or one that is approved and not published yet."""
    return _versions(event).exclude(status=SummaryStatus.PUBLISHED).first()


@transaction.atomic
def draft(event: Event, *, actor: Person | None, now: dt.datetime) -> Drafted:
    """The first wording, from the record; after publishing, the next version with the words of the last.

    While a version is open, that one. Raises Unknown, WrongState before the meeting is over or once it is cancelled.
    """
    held = Event.objects.select_for_update(no_key=True).filter(pk=event.pk).first()
    if held is None:
        raise Unknown
    if held.status not in {EventStatus.ENDED, EventStatus.REPORTED}:
        raise WrongState(_("A summary is drafted once the meeting is over."))
    summary, _made = OutcomeSummary.objects.get_or_create(
        event=held, defaults={"agency_id": held.agency_id, "created_at": now}
    )
    standing = open_version(held)
    if standing is not None:
        return Drafted(standing, created=False, warnings=warnings_about(standing))
    last = published_version(held)
    words = {name: getattr(last, name) for name in _CARRIED} if last else drawn_from_the_record(held)
    number = (summary.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    made = SummaryVersion.objects.create(
        agency_id=held.agency_id, summary=summary, number=number, drafted_by=actor, drafted_at=now, **words
    )
    record("summary.drafted", made, actor=actor, data=_data(made, held), at=now)
    return Drafted(made, created=True, warnings=warnings_about(made))


@transaction.atomic
def edit(
    version: SummaryVersion,
    *,
    actor: Person | None,
    fields: Mapping[str, Any],
    now: dt.datetime,
    if_version: int | None = None,
) -> SummaryVersion:
    """Change what ``fields`` names (EDITABLE); an approved one needs approval anew.

    Raises Invalid, WrongState for a published one, StaleEdit.
    """
    row = _locked(version)
    _unchanged(row, if_version)
    if row.status == SummaryStatus.PUBLISHED:
        raise WrongState(_("A published summary stays as it is. Draft a correction."))
    for name, value in read_fields(row, fields).items():
        setattr(row, name, value)
    row.status, row.approved_by, row.approved_at, row.reply = SummaryStatus.DRAFT.value, None, None, ""
    row.edit_version += 1
    row.save(update_fields=[*EDITABLE, "status", "approved_by", "approved_at", "reply", "edit_version"])
    record("summary.edited", row, actor=actor, data=_data(row) | {"fields": sorted(fields)}, at=now)
    return row


@transaction.atomic
def approve(
    version: SummaryVersion,
    *,
    actor: Person,
    now: dt.datetime,
    reply: str = "",
    if_version: int | None = None,
) -> SummaryVersion:
    """A leader stands by these words. reply: the agency's answer, printed with them, up to 4,000 characters.

    if_version: of the words that were read. Raises Invalid, StaleEdit, WrongState for a published one.
    """
    row = _locked(version)
    _unchanged(row, if_version)
    if row.status == SummaryStatus.PUBLISHED:
        raise WrongState
    row.reply = read_fields(row, {"reply": reply})["reply"]
    row.status, row.approved_by, row.approved_at = SummaryStatus.APPROVED.value, actor, now
    row.edit_version += 1
    row.save(update_fields=["status", "approved_by", "approved_at", "reply", "edit_version"])
    record("summary.approved", row, actor=actor, data=_data(row), at=now)
    return row


@transaction.atomic
def publish(
    version: SummaryVersion, *, actor: Person | None, now: dt.datetime, if_version: int | None = None
) -> Drafted:
    """Make it public: the event is reported, its draft promises become promises, and whoever was there is told.

    Raises NotApproved, ReasonRequired (a correction without its note), StaleEdit, WrongState.
    """
    row = _locked(version)
    _unchanged(row, if_version)
    if row.status == SummaryStatus.PUBLISHED:
        raise WrongState(_("It is published already."))
    if row.status != SummaryStatus.APPROVED:
        raise NotApproved
    if row.number > 1 and not row.correction_note.strip():
        raise ReasonRequired(_("Say what this version corrects."), field="correction_note")
    for promised in Commitment.objects.filter(
        pk__in=row.will_do, agency_id=row.agency_id, draft=True
    ).order_by("due_on", "pk"):
        commitment_tracking.confirm(promised, actor=actor, now=now)
    event = mark_reported(row.summary.event_id, now=now)
    row.status, row.published_by, row.published_at = SummaryStatus.PUBLISHED.value, actor, now
    row.edit_version += 1
    row.save(update_fields=["status", "published_by", "published_at", "edit_version"])
    OutcomeSummary.objects.filter(pk=row.summary_id, first_published_at=None).update(first_published_at=now)
    record(
        "summary.published",
        row,
        actor=actor,
        data=_data(row, event),
        public=event.audience == Audience.PUBLIC,
        at=now,
    )
    return Drafted(row, created=False, warnings=warnings_about(row))


def _versions(event: Event | UUID) -> Any:
    event_id = event.pk if isinstance(event, Event) else event
    return SummaryVersion.objects.select_related("summary__event__agency").filter(summary__event_id=event_id)


def _locked(version: SummaryVersion) -> SummaryVersion:
    row = (
        SummaryVersion.objects.select_for_update(no_key=True, of=("self",))
        .select_related("summary__event")
        .filter(pk=version.pk)
        .first()
    )
    if row is None:
        raise Unknown
    return row


def _unchanged(row: SummaryVersion, if_version: int | None) -> None:
    if if_version is not None and row.edit_version != if_version:
        raise StaleEdit


def _data(row: SummaryVersion, event: Event | None = None) -> dict[str, Any]:
    return {"event": str(event.pk if event else row.summary.event_id), "number": row.number}
