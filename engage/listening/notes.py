"""Taking notes while people speak: one form, one note, however often it was sent; and the promise made of one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from engage.activity.recording import record
from engage.agencies.models import Agency
from engage.commitments.models import Commitment
from engage.commitments.tracking import make_commitment
from engage.database.locking import lock
from engage.listening.contributing import must_name_no_resident, note_down
from engage.listening.models import Contribution, ContributionKind, SaidBy, Theme, WayIn
from engage.listening.moderating import correct
from engage.listening.theming import assign, theme_called
from engage.local_time import local_day
from engage.people.models import Person
from engage.refusals import FieldError, Invalid, constraint_of, only

_PLAIN: Final = ("kind", "language", "said_by", "speaker", "table_label", "may_quote")


@dataclass(frozen=True, slots=True)
class Taken[Row]:
    """created: False where the same form had been sent before."""

    row: Row
    created: bool


def take_note(
    *,
    agency: Agency,
    event: Any,
    note_id: UUID,
    body: str,
    language: str,
    actor: Person,
    now: dt.datetime,
    kind: str = ContributionKind.NOTE,
    way_in: str = WayIn.LIVE,
    said_by: str = SaidBy.RESIDENT,
    speaker: str = "",
    table_label: str = "",
    may_quote: bool = False,
    theme: Theme | None = None,
    new_theme: str = "",
) -> Taken[Contribution]:
    """One note at an event, or (None) to the agency. note_id: the form's own; sent again, it is the same note.

    new_theme: a title, in place of ``theme``. Raises Invalid, ThemeElsewhere.
    """
    _is_random(note_id)
    if standing := _taken_before(agency, event, note_id):
        return Taken(standing, created=False)
    target, target_id = ("event", event.pk) if event is not None else ("agency", agency.pk)
    try:
        with transaction.atomic():
            heading = _theme_of(event, theme, new_theme, actor, now)
            note = note_down(
                agency=agency, target=target, target_id=target_id, body=body, language=language, actor=actor, now=now,
                note_id=note_id, kind=kind, way_in=way_in, said_by=said_by, speaker=speaker, table_label=table_label,
                may_quote=may_quote, theme=heading,
            )  # fmt: skip
    except IntegrityError as error:
        standing = _taken_before(agency, event, note_id)
        if constraint_of(error) != "engage_contribution_pkey" or standing is None:
            raise
        return Taken(standing, created=False)
    return Taken(note, created=True)


@transaction.atomic
def amend_note(
    note: Contribution,
    *,
    actor: Person,
    now: dt.datetime,
    if_version: int,
    body: str,
    reason: str = "",
    theme: Theme | None = None,
    new_theme: str = "",
    **fields: Any,
) -> Contribution:
    """Change a note of staff. Where its words change, the old ones are kept with the reason.

    fields: kind, language, said_by, speaker, table_label, may_quote. Raises StaleEdit, ReasonRequired, Invalid,
    ThemeElsewhere, WrongState for a resident's own words that are sealed.
    """
    only(fields, _PLAIN)
    held = lock(Contribution, note, if_version=if_version, also=("event",))
    must_name_no_resident(fields.get("said_by", held.said_by), fields.get("speaker", held.speaker))
    if body.strip() != held.body:
        correct(held, body=body, reason=reason, actor=actor, now=now)
    assign(held, theme=_theme_of(held.event, theme, new_theme, actor, now), actor=actor)
    changed = _set(held, fields)
    if changed:
        held.edit_version += 1
        held.save(update_fields=[*changed, "anonymous", "edit_version"])
        record("contribution.edited", held, actor=actor, data={"fields": changed}, at=now)
    return held


@transaction.atomic
def commitment_from(
    note: Contribution,
    *,
    commitment_id: UUID,
    actor: Person,
    now: dt.datetime,
    due_on: dt.date,
    communities: Iterable[Any] = (),
    **fields: Any,
) -> Taken[Commitment]:
    """A draft promise out of what was said. commitment_id: the form's own; sent again, it is the same promise.

    fields: title, done_means, owner_office, focus_area. It belongs to the note's meeting, dialogue and theme, and is
    public with the meeting's summary or once it is confirmed. Raises Invalid.
    """
    # One after the other: the second of two finds what the first has made.
    held = lock(Contribution, note, also=("agency", "event", "theme"))
    standing = Commitment.objects.filter(pk=commitment_id).first()
    if standing is not None:
        if standing.note_id != held.pk:
            raise Invalid(_("Load the page again, then make the promise."))
        return Taken(standing, created=False)
    if due_on < local_day(held.agency.timezone, now):
        raise Invalid(errors=[FieldError("due_on", "invalid", _("Choose a day that is still to come."))])
    event: Any = held.event
    made = make_commitment(
        agency=held.agency, actor=actor, now=now, draft=True, commitment_id=commitment_id, due_on=due_on, event=event,
        dialogue=held.dialogue_id or (event.dialogue_id if event else None), theme=held.theme, note=held,
        communities=communities, **fields,
    )  # fmt: skip
    return Taken(made, created=True)


def _set(held: Contribution, fields: Mapping[str, Any]) -> list[str]:
    read = {name: value.strip() if isinstance(value, str) else value for name, value in fields.items()}
    changed = sorted(name for name, value in read.items() if getattr(held, name) != value)
    for name in changed:
        setattr(held, name, read[name])
    held.anonymous = not held.speaker and held.contact_id is None
    return changed


def _theme_of(
    event: Any, theme: Theme | None, new_theme: str, actor: Person, now: dt.datetime
) -> Theme | None:
    """The theme chosen; or the one of that title, made where there is none yet."""
    if not new_theme.strip() or event is None:
        return theme
    return theme_called(new_theme, dialogue=None, event=event, actor=actor, now=now)


def _is_random(note_id: UUID) -> None:
    # An id that counts upwards would say who spoke when.
    if note_id.version != 4:
        raise Invalid(_("Load the page again, then save the note."))


def _taken_before(agency: Agency, event: Any, note_id: UUID) -> Contribution | None:
    standing = Contribution.objects.select_related("theme").filter(pk=note_id).first()
    if standing is not None and (standing.agency_id, standing.event_id) != (
        agency.pk,
        event.pk if event else None,
    ):
        raise Invalid(_("Load the page again, then save the note."))
    return standing
