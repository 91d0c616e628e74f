"""What is filled in for a single act on a promise: a note, a new day, an owner, hiding a text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engage.models import Person
from engage.promise_changes import UNCHANGED
from engage.rule_violation import ReasonRequired
from web.forms.refusals import TakesRefusals
from web.lead.promise_forms import DayField, Owned, ParagraphField, owners


class MoveDateForm(TakesRefusals):
    """A new day, with its reason."""

    due_on = DayField(label=_("The new day"))
    reason = ParagraphField(
        label=_("Why does it move?"),
        max_length=2000,
        error_messages={"required": ReasonRequired.sentence},
        help_text=_("The public reads this."),
    )

    def given(self) -> dict[str, Any]:
        return {
            "due_on": self.cleaned_data["due_on"],
            "reason": self.cleaned_data["reason"],
            "owner": UNCHANGED,
        }


class NameOwnerForm(Owned):
    """Somebody who answers for it, with the reason."""

    owner = forms.ChoiceField(
        label=_("Who answers for it from now on?"), error_messages={"required": _("Choose somebody.")}
    )
    reason = ParagraphField(
        label=_("Why does it change?"),
        rows=2,
        max_length=2000,
        error_messages={"required": ReasonRequired.sentence},
        help_text=_("The public reads this, and who answers for the promise."),
    )

    def __init__(self, data: Any = None, *, colleagues: Iterable[Person], **more: Any) -> None:
        super().__init__(data, **more)
        listed = owners(colleagues)[1:]
        self.fields["owner"].choices = [("", _("Choose somebody")), *listed]  # type: ignore[attr-defined]

    def given(self) -> dict[str, Any]:
        return {"owner": self.owner_id(), "reason": self.cleaned_data["reason"]}


class NoteForm(TakesRefusals):
    """Something new, and nothing else changes."""

    note = ParagraphField(
        label=_("What is new?"),
        max_length=4000,
        error_messages={"required": _("Say what is new.")},
        help_text=_("The public reads this. Name no resident."),
    )

    def given(self) -> dict[str, Any]:
        return {"note": self.cleaned_data["note"], "owner": UNCHANGED}


class RedactForm(TakesRefusals):
    """Which text of a line names a resident, and what the public is told instead."""

    field = forms.ChoiceField(
        label=_("Which text?"), widget=forms.RadioSelect, error_messages={"required": _("Choose a text.")}
    )
    reason = forms.CharField(
        label=_("Why is it hidden?"),
        max_length=500,
        error_messages={"required": ReasonRequired.sentence},
        help_text=_("The public reads this in place of the text. Do not repeat the name."),
    )

    def __init__(self, data: Any = None, *, hideable: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["field"].choices = hideable  # type: ignore[attr-defined]
        if len(hideable) == 1:
            self.fields["field"].initial = hideable[0][0]
