"""Putting what several people said under one heading, and counting only what is shown."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F, ProtectedError
from django.utils.translation import gettext_lazy as _

from engage.activity_recording import record
from engage.models import Agency, Contribution, Dialogue, Person, Theme
from engage.rule_violation import FieldError, Invalid, RuleViolation, StaleEdit

_EDITABLE = ("title", "text")


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
    dialogue: Dialogue | None = None,
    event: Any = None,
    agency: Agency | None = None,
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
    theme = Theme.objects.create(
        agency_id=agency.pk if agency else home.agency_id,
        dialogue=dialogue,
        event=event,
        title=title,
        text=text,
    )
    record("theme.made", theme, actor=actor)
    return theme


@transaction.atomic
def edit_theme(theme: Theme, *, actor: Person | None, if_version: int | None = None, **fields: Any) -> Theme:
    """Change title or text. if_version: the ``edit_version`` that was looked at. Raises StaleEdit."""
    if strange := sorted(set(fields) - set(_EDITABLE)):
        raise TypeError(f"not fields of a theme: {', '.join(strange)}")
    theme = _locked(theme)
    if if_version is not None and theme.edit_version != if_version:
        raise StaleEdit
    for name, value in fields.items():
        setattr(theme, name, value)
    theme.edit_version += 1
    theme.save(update_fields=[*fields, "edit_version"])
    record("theme.edited", theme, actor=actor, data={"fields": sorted(fields)})
    return theme


@transaction.atomic
def assign(contribution: Contribution, *, theme: Theme | None, actor: Person | None) -> None:
    """Put it under a theme of its own dialogue or event, or under none. Raises ThemeElsewhere."""
    said = Contribution.objects.select_for_update(no_key=True, of=("self",)).get(pk=contribution.pk)
    must_fit(theme, said)
    before, after = said.theme_id, theme.pk if theme else None
    if before == after:
        return
    if said.moderation == Contribution.Moderation.SHOWN:
        # In the order of their ids, so that two who swap themes do not wait for each other.
        for pk, step in sorted((pk, step) for pk, step in ((before, -1), (after, +1)) if pk):
            Theme.objects.filter(pk=pk).update(contributions_count=F("contributions_count") + step)
    said.theme_id = after
    said.edit_version += 1
    said.save(update_fields=["theme", "edit_version"])
    record("contribution.themed", said, actor=actor, data={"theme": str(after) if after else None})
    contribution.theme, contribution.edit_version = theme, said.edit_version


@transaction.atomic
def put_under(
    contribution: Contribution, *, theme: Theme | None, new_theme: str, actor: Person | None
) -> None:
    """As ``assign``; new_theme: a title, in place of ``theme``. Raises ThemeElsewhere, Invalid where it has no home."""
    if new_theme.strip():
        theme = theme_called(new_theme, dialogue=contribution.dialogue, event=contribution.event, actor=actor)
    assign(contribution, theme=theme, actor=actor)


def theme_called(title: str, *, dialogue: Dialogue | None, event: Any, actor: Person | None) -> Theme:
    """The theme of that title where it would stand, made if there is none. Raises Invalid."""
    if event is not None and event.dialogue_id is not None:
        dialogue, event = event.dialogue, None
    homes = {"dialogue": dialogue} if dialogue is not None else {"event": event}
    standing = (
        Theme.objects.filter(title__iexact=title.strip(), **homes).first() if dialogue or event else None
    )
    return standing or make_theme(actor=actor, title=title.strip(), dialogue=dialogue, event=event)


@transaction.atomic
def remove_theme(theme: Theme, *, actor: Person | None) -> None:
    """Take the heading away; what was said stays, under none. Raises ThemeInUse where a promise came from it."""
    Contribution.objects.filter(theme=theme).update(theme=None, edit_version=F("edit_version") + 1)
    record("theme.removed", theme, actor=actor)
    try:
        theme.delete()
    except ProtectedError:
        raise ThemeInUse from None


def _locked(theme: Theme) -> Theme:
    return Theme.objects.select_for_update(no_key=True).get(pk=theme.pk)


def must_fit(theme: Theme | None, said: Contribution) -> None:
    """Raises ThemeElsewhere where the theme is neither of what ``said`` was said at, nor of its dialogue."""
    if theme is not None and not _fits(theme, said):
        raise ThemeElsewhere(field="theme")


def _fits(theme: Theme, said: Contribution) -> bool:
    if theme.agency_id != said.agency_id:
        return False
    if theme.event_id is not None:
        return theme.event_id == said.event_id
    # What was said at an event of the dialogue is part of the dialogue.
    if theme.dialogue_id == said.dialogue_id:
        return True
    event: Any = said.event
    return event is not None and event.dialogue_id == theme.dialogue_id
