"""Holding a conversation: planned, open, closed, and reported back. It goes forward only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engage.activity_recording import record
from engage.models import Agency, ContributionIntake, Dialogue, Person
from engage.one_agency import communities_of, partners_called
from engage.rule_violation import RuleViolation, StaleEdit, WrongState

_Stage = Dialogue.Stage
_FIELDS: Final = ("title", "purpose", "focus_area", "participation_level")


class DialogueInUse(RuleViolation):
    code = "in_use"
    sentence = gettext_lazy("Something belongs to this dialogue, so it cannot be deleted.")


@transaction.atomic
def start_dialogue(
    *,
    agency: Agency,
    actor: Person | None,
    communities: Iterable[Any] = (),
    partners: Iterable[Any] = (),
    **fields: Any,
) -> Dialogue:
    """A dialogue in planning, seen by the agency's own people only.

    communities: rows or ids of the agency; partners: agencies or slugs. Raises Invalid.
    """
    _known(fields)
    dialogue = Dialogue.objects.create(agency=agency, **fields)
    dialogue.communities.set(communities_of(agency.pk, communities))
    dialogue.partners.set(partners_called(agency.pk, partners))
    record("dialogue.started", dialogue, actor=actor)
    return dialogue


@transaction.atomic
def edit_dialogue(
    dialogue: Dialogue, *, actor: Person | None, fields: Mapping[str, Any], if_version: int | None = None
) -> Dialogue:
    """Change what it is about or whom it concerns. if_version: the ``edit_version`` that was looked at.

    Raises Invalid, StaleEdit.
    """
    given = dict(fields)
    dialogue = Dialogue.objects.select_for_update(no_key=True).get(pk=dialogue.pk)
    if if_version is not None and dialogue.edit_version != if_version:
        raise StaleEdit
    if "communities" in given:
        dialogue.communities.set(communities_of(dialogue.agency_id, given.pop("communities")))
    if "partners" in given:
        dialogue.partners.set(partners_called(dialogue.agency_id, given.pop("partners")))
    _known(given)
    for name, value in given.items():
        setattr(dialogue, name, value)
    dialogue.edit_version += 1
    dialogue.save(update_fields=[*given, "edit_version"])
    public = dialogue.stage != _Stage.PLANNING
    record("dialogue.edited", dialogue, actor=actor, public=public, data={"fields": sorted(fields)})
    return dialogue


def open_dialogue(dialogue: Dialogue, *, actor: Person | None) -> Dialogue:
    """From planning; the public sees it and may take part. Raises WrongState."""
    return _turn(dialogue, _Stage.PLANNING, _Stage.OPEN, actor)


def close_dialogue(dialogue: Dialogue, *, actor: Person | None) -> Dialogue:
    """From open. Raises WrongState."""
    return _turn(dialogue, _Stage.OPEN, _Stage.CLOSED, actor)


def report_dialogue(dialogue: Dialogue, *, actor: Person | None) -> Dialogue:
    """From closed: the public was told what came of it. Raises WrongState."""
    return _turn(dialogue, _Stage.CLOSED, _Stage.REPORTED, actor)


@transaction.atomic
def delete_dialogue(dialogue: Dialogue, *, actor: Person | None) -> None:
    """Only while planned and empty. Raises WrongState, DialogueInUse."""
    held = Dialogue.objects.select_for_update(no_key=False).get(pk=dialogue.pk)
    if held.stage != _Stage.PLANNING:
        raise WrongState(_("Only a dialogue in planning can be deleted; this one is public."))
    if ContributionIntake.objects.filter(target="dialogue", target_id=held.pk).exists():
        raise DialogueInUse
    record("dialogue.deleted", held, actor=actor)
    try:
        held.delete()
    except ProtectedError:
        raise DialogueInUse from None


@transaction.atomic
def _turn(dialogue: Dialogue, stage: str, following: str, actor: Person | None) -> Dialogue:
    held = Dialogue.objects.select_for_update(no_key=True).get(pk=dialogue.pk)
    if held.stage != stage:
        sentence = _("The dialogue is “%(stage)s”.") % {"stage": held.get_stage_display()}
        raise WrongState(sentence)
    held.stage = following
    held.edit_version += 1
    held.save(update_fields=["stage", "edit_version"])
    record(f"dialogue.{'opened' if following == _Stage.OPEN else following}", held, actor=actor, public=True)
    dialogue.stage, dialogue.edit_version = held.stage, held.edit_version
    return dialogue


def _known(fields: Mapping[str, Any]) -> None:
    if strange := sorted(set(fields) - set(_FIELDS)):
        raise TypeError(f"not fields of a dialogue: {', '.join(strange)}")
