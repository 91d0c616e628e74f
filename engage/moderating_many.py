"""Deciding about many contributions at once: each for itself, so that one that is refused leaves the others decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from engage.models import Agency, Contribution, Person, Theme
from engage.moderating import show
from engage.rule_violation import FieldError, Invalid, RuleViolation
from engage.theming import assign

MOST_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class Decided:
    """done: ids; refused: each contribution with the sentence that says why."""

    done: list[UUID] = field(default_factory=list)
    refused: list[tuple[Contribution, str]] = field(default_factory=list)


def show_each(ids: Collection[UUID], *, agency: Agency, actor: Person, now: dt.datetime) -> Decided:
    """The public sees each of them. Raises Invalid for none, or for more than 100."""
    return _each(ids, agency, lambda said: show(said, actor=actor, now=now))


def put_each_under(ids: Collection[UUID], *, theme: Theme | None, agency: Agency, actor: Person) -> Decided:
    """Each under ``theme``, or under none. Raises Invalid for none, or for more than 100."""
    return _each(ids, agency, lambda said: assign(said, theme=theme, actor=actor))


def _each(ids: Collection[UUID], agency: Agency, decide: Callable[[Contribution], None]) -> Decided:
    if not 1 <= len(ids) <= MOST_AT_ONCE:
        sentence = _("Choose at least one, and at most %(most)d at once.") % {"most": MOST_AT_ONCE}
        raise Invalid(errors=[FieldError("chosen", "invalid", sentence)])
    decided = Decided()
    # In the order of their ids, as every act that touches several does.
    for said in Contribution.objects.filter(agency=agency, pk__in=ids).select_related("event").order_by("pk"):
        try:
            decide(said)
        except RuleViolation as refusal:
            decided.refused.append((said, str(refusal.detail)))
        else:
            decided.done.append(said.pk)
    return decided
