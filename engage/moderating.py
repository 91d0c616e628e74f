"""Deciding what of what was said the public sees: shown, hidden with a public reason, corrected with the old words kept.

Only the day is kept: an hour beside a contribution would lead to whoever sent it.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from engage.activity_recording import record
from engage.agency_time import local_day
from engage.models import Contribution, ContributionRevision, Person, Theme
from engage.rule_violation import ReasonRequired, StaleEdit, WrongState
from engage.said_words import body_of, checked_text

_Moderation = Contribution.Moderation


@transaction.atomic
def show(contribution: Contribution, *, actor: Person | None, now: dt.datetime) -> None:
    """The public sees it; its words are no longer sealed, and no longer erased. Showing it again changes nothing."""
    said = _locked(contribution)
    if said.moderation == _Moderation.SHOWN:
        return
    said.body, said.sealed_body, said.erase_after = body_of(said), None, None
    said.moderation, said.hidden_reason = _Moderation.SHOWN, ""
    _count(said, +1)
    _save(said, now, "body", "sealed_body", "erase_after", "moderation", "hidden_reason")
    _note("contribution.shown", said, actor, now)
    _mirror(contribution, said)


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
    said = _locked(contribution, if_version)
    if said.moderation == _Moderation.SHOWN:
        _count(said, -1)
    said.moderation, said.hidden_reason = _Moderation.HIDDEN, reason.strip()
    _save(said, now, "moderation", "hidden_reason")
    _note("contribution.hidden", said, actor, now)
    _mirror(contribution, said)


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
    said = _locked(contribution, if_version)
    if said.sealed_body is not None:
        raise WrongState(_("Show it first, or hide it."))
    text = checked_text(body)
    ContributionRevision.objects.create(
        contribution=said, body=said.body, replaced_on=_today(said, now), reason=reason.strip()
    )
    said.body = text
    _save(said, now, "body")
    _note("contribution.corrected", said, actor, now)
    _mirror(contribution, said)


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
    said = _locked(contribution, if_version)
    if said.moderation != _Moderation.SHOWN:
        raise WrongState(_("Show it first: an answer stands beside its question."))
    said.answer, said.answered_on = checked_text(text), _today(said, now)
    said.edit_version += 1
    said.save(update_fields=["answer", "answered_on", "edit_version"])
    _note("contribution.answered", said, actor, now)
    _mirror(contribution, said)


def _locked(contribution: Contribution, if_version: int | None = None) -> Contribution:
    said = (
        Contribution.objects.select_for_update(no_key=True, of=("self",))
        .select_related("agency")
        .get(pk=contribution.pk)
    )
    if if_version is not None and said.edit_version != if_version:
        raise StaleEdit
    return said


def _count(said: Contribution, step: int) -> None:
    if said.theme_id:
        Theme.objects.filter(pk=said.theme_id).update(contributions_count=F("contributions_count") + step)


def _save(said: Contribution, now: dt.datetime, *fields: str) -> None:
    said.moderated_on = _today(said, now)
    said.edit_version += 1
    said.save(update_fields=[*fields, "moderated_on", "edit_version"])


def _note(verb: str, said: Contribution, actor: Person | None, now: dt.datetime) -> None:
    # The staff's act, at the staff's time: the worker put the words here before, with all others of their batch.
    record(verb, said, actor=actor, at=now)


def _today(said: Contribution, now: dt.datetime) -> dt.date:
    return local_day(said.agency.timezone, now)


def _mirror(caller: Contribution, said: Contribution) -> None:
    """The caller's copy shows what was written."""
    for field in Contribution._meta.concrete_fields:
        setattr(caller, field.attname, getattr(said, field.attname))
