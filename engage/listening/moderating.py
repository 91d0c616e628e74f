"""Deciding what of what was said the public sees: shown, hidden with a public reason, corrected with the old words kept.

Only the day is kept: an hour beside a contribution would lead to whoever sent it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engage.activity.recording import record
from engage.agencies.models import Agency
from engage.database.locking import lock, mirror
from engage.listening.models import Contribution, ContributionRevision, Theme
from engage.listening.words import body_of, checked_text
from engage.local_time import local_day
from engage.people.models import Person
from engage.refusals import FieldError, Invalid, ReasonRequired, RuleViolation, WrongState

MOST_AT_ONCE: Final = 100
HOW_MANY: Final = gettext_lazy("Choose at least one, and at most %(most)d at once.")
_Moderation = Contribution.Moderation


@dataclass(frozen=True, slots=True)
class Decided:
    """done: ids; refused: each contribution with the sentence that says why."""

    done: list[UUID] = field(default_factory=list)
    refused: list[tuple[Contribution, str]] = field(default_factory=list)


@transaction.atomic
def show(contribution: Contribution, *, actor: Person | None, now: dt.datetime) -> None:
    """The public sees it; its words are no longer sealed, and no longer erased. Showing it again changes nothing."""
    held = lock(Contribution, contribution, also=("agency",))
    if held.moderation == _Moderation.SHOWN:
        return
    held.body, held.sealed_body, held.erase_after = body_of(held), None, None
    held.moderation, held.hidden_reason = _Moderation.SHOWN, ""
    _count(held, +1)
    _save(held, now, "body", "sealed_body", "erase_after", "moderation", "hidden_reason")
    _note("contribution.shown", held, actor, now)
    mirror(contribution, held)


@transaction.atomic
def hide(
    contribution: Contribution,
    *,
    reason: str,
    actor: Person | None,
    now: dt.datetime,
    if_version: int | None = None,
) -> None:
    """Nobody but staff sees it; the public sees the reason. Raises ReasonRequired, StaleEdit."""
    if not reason.strip():
        raise ReasonRequired(field="reason")
    held = lock(Contribution, contribution, if_version=if_version, also=("agency",))
    if held.moderation == _Moderation.SHOWN:
        _count(held, -1)
    held.moderation, held.hidden_reason = _Moderation.HIDDEN, reason.strip()
    _save(held, now, "moderation", "hidden_reason")
    _note("contribution.hidden", held, actor, now)
    mirror(contribution, held)


@transaction.atomic
def correct(
    contribution: Contribution,
    *,
    body: str,
    reason: str,
    actor: Person | None,
    now: dt.datetime,
    if_version: int | None = None,
) -> None:
    """Change words that are shown, or that staff noted down; what stood before is kept with the reason.

    if_version: the ``edit_version`` that was looked at. Raises ReasonRequired, Invalid, StaleEdit, and WrongState for a
    resident's own words that nobody has shown yet.
    """
    if not reason.strip():
        raise ReasonRequired(field="reason")
    held = lock(Contribution, contribution, if_version=if_version, also=("agency",))
    if held.sealed_body is not None:
        raise WrongState(_("Show it first, or hide it."))
    text = checked_text(body)
    ContributionRevision.objects.create(
        contribution=held, body=held.body, replaced_on=_today(held, now), reason=reason.strip()
    )
    held.body = text
    _save(held, now, "body")
    _note("contribution.corrected", held, actor, now)
    mirror(contribution, held)


@transaction.atomic
def answer(
    contribution: Contribution,
    *,
    text: str,
    actor: Person | None,
    now: dt.datetime,
    if_version: int | None = None,
) -> None:
    """The agency's answer, for everyone to read beside what was said. Raises Invalid, StaleEdit, WrongState unless shown."""
    held = lock(Contribution, contribution, if_version=if_version, also=("agency",))
    if held.moderation != _Moderation.SHOWN:
        raise WrongState(_("Show it first: an answer stands beside its question."))
    held.answer, held.answered_on = checked_text(text), _today(held, now)
    held.edit_version += 1
    held.save(update_fields=["answer", "answered_on", "edit_version"])
    _note("contribution.answered", held, actor, now)
    mirror(contribution, held)


def show_each(ids: Collection[UUID], *, agency: Agency, actor: Person, now: dt.datetime) -> Decided:
    """The public sees each of them. Raises Invalid for none, or for more than 100."""
    return each_of(ids, agency, lambda contribution: show(contribution, actor=actor, now=now))


def each_of(ids: Collection[UUID], agency: Agency, decide: Callable[[Contribution], None]) -> Decided:
    if not 1 <= len(ids) <= MOST_AT_ONCE:
        sentence = HOW_MANY % {"most": MOST_AT_ONCE}
        raise Invalid(errors=[FieldError("chosen", "invalid", sentence)])
    decided = Decided()
    # In the order of their ids, as every act that touches several does.
    for contribution in (
        Contribution.objects.filter(agency=agency, pk__in=ids).select_related("event").order_by("pk")
    ):
        try:
            decide(contribution)
        except RuleViolation as refusal:
            decided.refused.append((contribution, str(refusal.detail)))
        else:
            decided.done.append(contribution.pk)
    return decided


def _count(contribution: Contribution, step: int) -> None:
    if contribution.theme_id:
        Theme.objects.filter(pk=contribution.theme_id).update(
            contributions_count=F("contributions_count") + step
        )


def _save(contribution: Contribution, now: dt.datetime, *fields: str) -> None:
    contribution.moderated_on = _today(contribution, now)
    contribution.edit_version += 1
    contribution.save(update_fields=[*fields, "moderated_on", "edit_version"])


def _note(verb: str, contribution: Contribution, actor: Person | None, now: dt.datetime) -> None:
    # The staff's act, at the staff's time: the worker put the words here before, with all others of their batch.
    record(verb, contribution, actor=actor, at=now)


def _today(contribution: Contribution, now: dt.datetime) -> dt.date:
    return local_day(contribution.agency.timezone, now)
