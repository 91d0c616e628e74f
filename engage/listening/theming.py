"""Putting what several people said under one heading, and counting only what is shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, ProtectedError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engage.activity.recording import record
from engage.agencies.languages import errors_in_translations
from engage.agencies.models import Agency
from engage.database.locking import lock
from engage.listening.models import Contribution, Dialogue, Theme
from engage.listening.moderating import Decided, each_of
from engage.people.models import Person
from engage.refusals import FieldError, Invalid, RuleViolation, must_be_valid, only

# What is said of a theme in further languages.
TRANSLATED = ("title", "text")
_EDITABLE = (*TRANSLATED, "translations")


class ThemeElsewhere(Invalid):
    """A theme gathers what was said in its own dialogue, or at its own event."""

    sentence = _("That theme belongs to another dialogue or event.")


class ThemeInUse(RuleViolation):
    code = "in_use"
    sentence = _("A promise came from this theme, so it stays.")


@transaction.atomic
def make_theme(
    *,
    actor: Person | None,
    title: str,
    text: str = "",
    translations: Mapping[str, Any] | None = None,
    dialogue: Dialogue | None = None,
    event: Any = None,
    agency: Agency | None = None,
    now: dt.datetime | None = None,
) -> Theme:
    """A heading in a dialogue, or in an event that has none. Raises Invalid for neither, both, or an event of a dialogue."""
    home = dialogue or event
    wrong = [
        name
        for name, is_wrong in (
            ("dialogue", home is None or (dialogue is not None and event is not None)),
            ("event", dialogue is None and event is not None and event.dialogue_id is not None),
        )
        if is_wrong
    ]
    if wrong or home is None:
        sentence = str(_("A theme belongs to a dialogue, or to an event that has none."))
        raise Invalid(errors=[FieldError(wrong[0], "invalid", sentence)])
    theme = Theme(
        agency_id=agency.pk if agency else home.agency_id,
        dialogue=dialogue,
        event=event,
        title=title,
        text=text,
        translations=translations or {},
        created_at=now or timezone.now(),
    )
    _must_be_valid(theme)
    theme.save(force_insert=True)
    record("theme.made", theme, actor=actor, at=now)
    return theme


@transaction.atomic
def edit_theme(theme: Theme, *, actor: Person | None, if_version: int | None = None, **fields: Any) -> Theme:
    """Change title, text or translations. if_version: the ``edit_version`` that was looked at. Raises StaleEdit, Invalid."""
    only(fields, _EDITABLE)
    theme = lock(Theme, theme, if_version=if_version)
    for name, value in fields.items():
        setattr(theme, name, value)
    _must_be_valid(theme)
    theme.edit_version += 1
    theme.save(update_fields=[*fields, "edit_version"])
    record("theme.edited", theme, actor=actor, data={"fields": sorted(fields)})
    return theme


def _must_be_valid(theme: Theme) -> None:
    must_be_valid(theme, among=_EDITABLE)
    if errors := errors_in_translations(theme.translations, TRANSLATED):
        raise Invalid(errors=errors)


@transaction.atomic
def assign(
    contribution: Contribution, *, theme: Theme | None, actor: Person | None, now: dt.datetime | None = None
) -> None:
    """Put it under a theme of its own dialogue or event, or under none. Raises ThemeElsewhere."""
    held = lock(Contribution, contribution)
    must_fit(theme, held)
    before, after = held.theme_id, theme.pk if theme else None
    if before == after:
        return
    if held.moderation == Contribution.Moderation.SHOWN:
        # In the order of their ids, so that two who swap themes do not wait for each other.
        for pk, step in sorted((pk, step) for pk, step in ((before, -1), (after, +1)) if pk):
            Theme.objects.filter(pk=pk).update(contributions_count=F("contributions_count") + step)
    held.theme_id = after
    held.edit_version += 1
    held.save(update_fields=["theme", "edit_version"])
    record("contribution.themed", held, actor=actor, data={"theme": str(after) if after else None}, at=now)
    contribution.theme, contribution.edit_version = theme, held.edit_version


def put_each_under(ids: Collection[UUID], *, theme: Theme | None, agency: Agency, actor: Person) -> Decided:
    """Each under ``theme``, or under none. Raises Invalid for none, or for more than 100."""
    return each_of(ids, agency, lambda contribution: assign(contribution, theme=theme, actor=actor))


@transaction.atomic
def put_under(
    contribution: Contribution,
    *,
    theme: Theme | None,
    new_theme: str,
    actor: Person | None,
    now: dt.datetime | None = None,
) -> None:
    """As ``assign``; new_theme: a title, in place of ``theme``. Raises ThemeElsewhere, Invalid where it has no home."""
    if new_theme.strip():
        theme = theme_called(
            new_theme, dialogue=contribution.dialogue, event=contribution.event, actor=actor, now=now
        )
    assign(contribution, theme=theme, actor=actor, now=now)


def theme_called(
    title: str,
    *,
    dialogue: Dialogue | None,
    event: Any,
    actor: Person | None,
    now: dt.datetime | None = None,
) -> Theme:
    """The theme of that title where it would stand, made if there is none. Raises Invalid."""
    if event is not None and event.dialogue_id is not None:
        dialogue, event = event.dialogue, None
    homes = {"dialogue": dialogue} if dialogue is not None else {"event": event}
    standing = (
        Theme.objects.filter(title__iexact=title.strip(), **homes).first() if dialogue or event else None
    )
    return standing or make_theme(actor=actor, title=title.strip(), dialogue=dialogue, event=event, now=now)


@transaction.atomic
def remove_theme(theme: Theme, *, actor: Person | None) -> None:
    """Take the heading away; what was said stays, under none. Raises ThemeInUse where a promise came from it."""
    Contribution.objects.filter(theme=theme).update(theme=None, edit_version=F("edit_version") + 1)
    record("theme.removed", theme, actor=actor)
    try:
        theme.delete()
    except ProtectedError:
        raise ThemeInUse from None


def must_fit(theme: Theme | None, contribution: Contribution) -> None:
    """Raises ThemeElsewhere where the theme is neither of what ``said`` was said at, nor of its dialogue."""
    if theme is not None and not _fits(theme, contribution):
        raise ThemeElsewhere(field="theme")


def _fits(theme: Theme, contribution: Contribution) -> bool:
    if theme.agency_id != contribution.agency_id:
        return False
    if theme.event_id is not None:
        return theme.event_id == contribution.event_id
    # What was said at an event of the dialogue is part of the dialogue.
    if theme.dialogue_id == contribution.dialogue_id:
        return True
    event: Any = contribution.event
    return event is not None and event.dialogue_id == theme.dialogue_id
