"""The history of a commitment as people read it: newest first, each change with its before and after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from engage.agencies.languages import Worded
from engage.agencies.models import Agency
from engage.commitments.models import ENDED, CommitmentStatus, Evidence
from engage.commitments.reading import Line, Told
from engage.commitments.standing import Standing
from engage.local_time import local_day
from web.commitments.words import MARKS


@dataclass(frozen=True, slots=True)
class Change:
    """What stood and what stands now; ``before`` and ``after`` are empty where only the label can be said."""

    label: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """sign: an icon's name; mark: a status's instead. by: who wrote it, as far as that is public."""

    heading: str
    day: dt.date
    sign: str = ""
    mark: str = ""
    by: str = ""
    note: str = ""
    reason: str = ""
    changes: Sequence[Change] = ()
    evidence: Sequence[Evidence] = ()
    hidden: Sequence[str] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Latest:
    """What was said last, and who said it when."""

    words: str
    by: str
    day: dt.date


def latest(told: Told, agency: Agency) -> Latest | None:
    """The newest words that are not hidden; None where nothing was said yet."""
    for line in told.lines:
        if words := line.says("note") or line.says("reason"):
            return Latest(words, _by(line, agency), line.day)
    return None


def history(told: Told, agency: Agency) -> list[Entry]:
    """Newest first; that a commitment became late stands below what was written on that same day."""
    entries = [(line.day, 1, line.update.number, _entry(line, agency)) for line in told.lines]
    entries += [(day, 0, 0, _became_late(day)) for day in told.late_from]
    for each in told.beside:
        day = local_day(agency.timezone, each.added_at)
        proof = Entry(_("Proof added"), day, sign="attach_file", evidence=[each])
        entries.append((day, 1, 0, proof))
    return [entry for _day, _order, _number, entry in sorted(entries, key=lambda row: row[:3], reverse=True)]


def _became_late(day: dt.date) -> Entry:
    text = _("The due date passed and it was not kept yet. The calendar says so, nobody has to.")
    return Entry(_("Became late"), day, mark=MARKS[Standing.LATE], note=Worded(text, get_language() or ""))


def _entry(line: Line, agency: Agency) -> Entry:
    heading, sign, mark = _heading(line)
    return Entry(
        heading=heading,
        day=line.day,
        sign=sign,
        mark=mark,
        by=_by(line, agency),
        note=line.says("note"),
        reason=line.says("reason"),
        changes=list(_changes(line)),
        evidence=line.evidence,
        hidden=[each.reason for each in line.hidden],
    )


def _by(line: Line, agency: Agency) -> str:
    named = line.update.actor.name if line.update.actor else ""
    return named or agency.name


def _heading(line: Line) -> tuple[str, str, str]:
    """heading, icon, mark: by what weighs most in it."""
    update = line.update
    if update.status_to in ENDED:
        return str(CommitmentStatus(update.status_to).label), "", MARKS[Standing(update.status_to)]
    said = [
        (update.due_to, _("Due date moved"), "event"),
        (update.owner_office_to, _("Another office is responsible"), "groups"),
        (update.title_to or update.done_means_to, _("Wording changed"), "edit"),
        (update.owner_to_id or update.owner_from_id, _("Another person is responsible"), "people"),
        (update.status_to, _("Work has begun"), "arrow_forward"),
        (update.note, _("Update"), "comment"),
        (line.evidence, _("Proof added"), "attach_file"),
    ]
    return next(((heading, sign, "") for there, heading, sign in said if there), (_("Update"), "comment", ""))


def _changes(line: Line) -> Iterator[Change]:
    update = line.update
    if update.due_from and update.due_to:
        days = (date_format(day, "DATE_FORMAT") for day in (update.due_from, update.due_to))
        yield Change(_("Due date"), *days)
    if update.owner_office_to:
        yield Change(_("Office"), update.owner_office_from, update.owner_office_to)
    for name, label in (("title", _("The promise")), ("done_means", _("Kept means"))):
        if getattr(update, f"{name}_to"):
            before, after = line.says(f"{name}_from"), line.says(f"{name}_to")
            if before and after:
                yield Change(label, before, after)
    if update.owner_from_id or update.owner_to_id:
        yield Change(_("Who at the office answers for it has changed."))
