"""Taking notes while people speak: one form, one note, however often it was sent; and the promise made of one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from engage.activity_recording import record
from engage.agency_time import local_day
from engage.commitment_tracking import promise
from engage.contributing import note_down
from engage.models import Agency, Commitment, Contribution, ContributionKind, Person, SaidBy, Theme, WayIn
from engage.moderating import correct
from engage.rule_violation import FieldError, Invalid, StaleEdit, constraint_of
from engage.theming import assign, theme_called

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
    _names_no_resident(said_by, speaker)
    _is_random(note_id)
    if standing := _taken_before(agency, event, note_id):
        return Taken(standing, created=False)
    target, target_id = ("event", event.pk) if event is not None else ("agency", agency.pk)
    try:
        with transaction.atomic():
            heading = _theme_of(event, theme, new_theme, actor)
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
    if strange := sorted(set(fields) - set(_PLAIN)):
        raise TypeError(f"not fields of a note: {', '.join(strange)}")
    held = (
        Contribution.objects.select_for_update(no_key=True, of=("self",))
        .select_related("event")
        .get(pk=note.pk)
    )
    if held.edit_version != if_version:
        raise StaleEdit
    _names_no_resident(fields.get("said_by", held.said_by), fields.get("speaker", held.speaker))
    if body.strip() != held.body:
        correct(held, body=body, reason=reason, actor=actor, now=now)
    assign(held, theme=_theme_of(held.event, theme, new_theme, actor), actor=actor)
    changed = _set(held, fields)
    if changed:
        held.edit_version += 1
        held.save(update_fields=[*changed, "anonymous", "edit_version"])
        record("contribution.edited", held, actor=actor, data={"fields": changed}, at=now)
    return held


@transaction.atomic
def promise_from(
    note: Contribution,
    *,
    promise_id: UUID,
    actor: Person,
    now: dt.datetime,
    due_on: dt.date,
    communities: Iterable[Any] = (),
    **fields: Any,
) -> Taken[Commitment]:
    """A draft promise out of what was said. promise_id: the form's own; sent again, it is the same promise.

    fields: title, done_means, owner_office, focus_area. It belongs to the note's meeting, dialogue and theme, and is
    public with the meeting's summary or once it is confirmed. Raises Invalid.
    """
    # One after the other: the second of two finds what the first has made.
    held = (
        Contribution.objects.select_for_update(no_key=True, of=("self",))
        .select_related("agency", "event", "theme")
        .get(pk=note.pk)
    )
    standing = Commitment.objects.filter(pk=promise_id).first()
    if standing is not None:
        if standing.note_id != held.pk:
            raise Invalid(_("Load the page again, then make the promise."))
        return Taken(standing, created=False)
    if due_on < local_day(held.agency.timezone, now):
        raise Invalid(errors=[FieldError("due_on", "invalid", _("Choose a day that is still to come."))])
    event: Any = held.event
    made = promise(
        agency=held.agency, actor=actor, now=now, draft=True, promise_id=promise_id, due_on=due_on, event=event,
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


def _theme_of(event: Any, theme: Theme | None, new_theme: str, actor: Person) -> Theme | None:
    """The theme chosen; or the one of that title, made where there is none yet."""
    if not new_theme.strip() or event is None:
        return theme
    return theme_called(new_theme, dialogue=None, event=event, actor=actor)


def _names_no_resident(said_by: str, speaker: str) -> None:
    if said_by == SaidBy.RESIDENT and speaker.strip():
        sentence = _("Leave this empty for a resident: we never write down who said it.")
        raise Invalid(errors=[FieldError("speaker", "names_a_resident", sentence)])


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
