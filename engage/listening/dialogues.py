"""Holding a conversation: planned, open, closed, and reported back. It goes forward only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db import transaction
from django.db.models import ProtectedError, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engage.activity.recording import record
from engage.agencies.belonging import communities_of, partners_called
from engage.agencies.models import Agency
from engage.database.locking import lock
from engage.listening.models import ContributionIntake, Dialogue
from engage.people.models import Person
from engage.refusals import RuleViolation, WrongState, must_be_valid, only
from engage.roles.permissions import Viewer

_Stage = Dialogue.Stage
_TEXTS: Final = ("title", "purpose")
_FIELDS: Final = (*_TEXTS, "focus_area", "participation_level")


class DialogueInUse(RuleViolation):
    code = "in_use"
    sentence = gettext_lazy("Something belongs to this dialogue, so it cannot be deleted.")


def public_dialogues() -> QuerySet[Dialogue]:
    """Everything but what is still being planned."""
    return Dialogue.objects.exclude(stage=_Stage.PLANNING)


def dialogues_visible_to(viewer: Viewer) -> QuerySet[Dialogue]:
    """What everybody sees; what is being planned is for the agency's staff."""
    planned = Q(agency_id__in=viewer.agencies_shown("dialogues being planned"))
    return Dialogue.objects.filter(~Q(stage=_Stage.PLANNING) | planned)


def dialogues_of_ones_own(viewer: Viewer) -> QuerySet[Dialogue]:
    """For an act, which asks for its scope next: a colleague without it is told so (403), anybody else finds no plan."""
    return Dialogue.objects.filter(~Q(stage=_Stage.PLANNING) | Q(agency_id__in=[*viewer.roles]))


@transaction.atomic
def start_dialogue(
    *,
    agency: Agency,
    actor: Person | None,
    communities: Iterable[Any] = (),
    partners: Iterable[Any] = (),
    now: dt.datetime | None = None,
    **fields: Any,
) -> Dialogue:
    """A dialogue in planning, seen by the agency's own people only.

    communities: rows or ids of the agency; partners: agencies or slugs. Raises Invalid.
    """
    only(fields, _FIELDS)
    dialogue = Dialogue(agency=agency, created_at=now or timezone.now(), **fields)
    must_be_valid(dialogue, among=_TEXTS)
    dialogue.save(force_insert=True)
    dialogue.communities.set(communities_of(agency.pk, communities))
    dialogue.partners.set(partners_called(agency.pk, partners))
    record("dialogue.started", dialogue, actor=actor, at=now)
    return dialogue


@transaction.atomic
def edit_dialogue(
    dialogue: Dialogue, *, actor: Person | None, fields: Mapping[str, Any], if_version: int | None = None
) -> Dialogue:
    """Change what it is about or whom it concerns. if_version: the ``edit_version`` that was looked at.

    Raises Invalid, StaleEdit.
    """
    given = dict(fields)
    dialogue = lock(Dialogue, dialogue, if_version=if_version)
    if "communities" in given:
        dialogue.communities.set(communities_of(dialogue.agency_id, given.pop("communities")))
    if "partners" in given:
        dialogue.partners.set(partners_called(dialogue.agency_id, given.pop("partners")))
    only(given, _FIELDS)
    for name, value in given.items():
        setattr(dialogue, name, value)
    must_be_valid(dialogue, among=_TEXTS)
    dialogue.edit_version += 1
    dialogue.save(update_fields=[*given, "edit_version"])
    public = dialogue.stage != _Stage.PLANNING
    record("dialogue.edited", dialogue, actor=actor, public=public, data={"fields": sorted(fields)})
    return dialogue


def open_dialogue(dialogue: Dialogue, *, actor: Person | None, now: dt.datetime | None = None) -> Dialogue:
    """From planning; the public sees it and may take part. Raises WrongState."""
    return _turn(dialogue, _Stage.PLANNING, _Stage.OPEN, actor, now)


def close_dialogue(dialogue: Dialogue, *, actor: Person | None, now: dt.datetime | None = None) -> Dialogue:
    """From open. Raises WrongState."""
    return _turn(dialogue, _Stage.OPEN, _Stage.CLOSED, actor, now)


def report_dialogue(dialogue: Dialogue, *, actor: Person | None, now: dt.datetime | None = None) -> Dialogue:
    """From closed: the public was told what came of it. Raises WrongState."""
    return _turn(dialogue, _Stage.CLOSED, _Stage.REPORTED, actor, now)


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
def _turn(
    dialogue: Dialogue, stage: str, following: str, actor: Person | None, now: dt.datetime | None
) -> Dialogue:
    held = lock(Dialogue, dialogue)
    if held.stage != stage:
        sentence = _("The dialogue is “%(stage)s”.") % {"stage": held.get_stage_display()}
        raise WrongState(sentence)
    held.stage = following
    held.edit_version += 1
    held.save(update_fields=["stage", "edit_version"])
    verb = f"dialogue.{'opened' if following == _Stage.OPEN else following}"
    record(verb, held, actor=actor, public=True, at=now)
    dialogue.stage, dialogue.edit_version = held.stage, held.edit_version
    return dialogue
