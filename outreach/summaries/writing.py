"""The summary of an event: drafted from the record, edited, approved by a leader, published; a correction is a new one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from engage.activity.recording import record
from engage.commitments import tracking
from engage.commitments.models import Commitment
from engage.database.locking import lock
from engage.people.models import Person
from engage.refusals import ReasonRequired, RuleViolation, WrongState
from events.event.models import OVER, Audience, Event
from events.planning.lifecycle import mark_reported
from outreach.summaries.drafting import drawn_from_the_record
from outreach.summaries.models import OutcomeSummary, SummaryStatus, SummaryVersion
from outreach.summaries.parts import EDITABLE, SummaryWarning, read_fields, warnings_about
from outreach.summaries.reading import open_version, published_version

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


@transaction.atomic
def draft(event: Event, *, actor: Person | None, now: dt.datetime, correction_note: str = "") -> Drafted:
    """The first wording, from the record; after publishing, a correction with the words of the last.

    While a version is open, that one. correction_note: what a correction corrects, as everybody will read it. Raises
    Unknown, ReasonRequired for a correction without it, Invalid, WrongState before the meeting is over or once it is cancelled.
    """
    held = lock(Event, event)
    if held.status not in OVER:
        raise WrongState(_("A summary is drafted once the meeting is over."))
    summary, is_first = OutcomeSummary.objects.get_or_create(
        event=held, defaults={"agency_id": held.agency_id, "created_at": now}
    )
    standing = None if is_first else open_version(held)
    if standing is not None:
        return Drafted(standing, created=False, warnings=warnings_about(standing))
    last = None if is_first else published_version(held)
    words = {name: getattr(last, name) for name in _CARRIED} if last else drawn_from_the_record(held)
    if last is not None:
        words["correction_note"] = _note_of_a_correction(correction_note)
    number = 1 if is_first else (summary.versions.aggregate(last=Max("number"))["last"] or 0) + 1
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

    Raises Invalid, ReasonRequired for a correction whose note is taken out, WrongState for a published one, StaleEdit.
    """
    row = lock(SummaryVersion, version, if_version=if_version, also=("summary__event",))
    if row.status == SummaryStatus.PUBLISHED:
        raise WrongState(_("A published summary stays as it is. Draft a correction."))
    for name, value in read_fields(row, fields).items():
        setattr(row, name, value)
    if row.number > 1 and "correction_note" in fields:
        _note_of_a_correction(row.correction_note)
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
    row = lock(SummaryVersion, version, if_version=if_version, also=("summary__event",))
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
    row = lock(SummaryVersion, version, if_version=if_version, also=("summary__event",))
    if row.status == SummaryStatus.PUBLISHED:
        raise WrongState(_("It is published already."))
    if row.status != SummaryStatus.APPROVED:
        raise NotApproved
    if row.number > 1:
        _note_of_a_correction(row.correction_note)
    for commitment in Commitment.objects.filter(
        pk__in=row.will_do, agency_id=row.agency_id, draft=True
    ).order_by("due_on", "pk"):
        tracking.confirm(commitment, actor=actor, now=now)
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


@transaction.atomic
def discard(
    version: SummaryVersion, *, actor: Person | None, now: dt.datetime, if_version: int | None = None
) -> None:
    """Throw away what was begun: the version before it stands as it did. Raises StaleEdit, WrongState for a published one."""
    row = lock(SummaryVersion, version, if_version=if_version, also=("summary__event",))
    if row.status == SummaryStatus.PUBLISHED:
        raise WrongState(_("A published summary stays as it is. Draft a correction."))
    record("summary.discarded", row, actor=actor, data=_data(row), at=now)
    row.delete()


def _note_of_a_correction(note: str) -> str:
    """Raises ReasonRequired."""
    if not note.strip():
        raise ReasonRequired(_("Say what this version corrects."), field="correction_note")
    return note.strip()


def _data(row: SummaryVersion, event: Event | None = None) -> dict[str, Any]:
    return {"event": str(event.pk if event else row.summary.event_id), "number": row.number}
