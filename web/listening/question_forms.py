"""What a moderator fills in about one thing that was said, or about many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engage.models import Contribution, Theme
from engage.rule_violation import ReasonRequired
from engage.said_words import LONGEST_TEXT
from web.forms.refusals import TakesRefusals
from web.listening.note_forms import Themed


class OfOne(TakesRefusals):
    """About one contribution, as it stood when the form was opened."""

    edit_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, said: Contribution, data: Any = None, **initial: Any) -> None:
        given = {"edit_version": said.edit_version} | initial
        super().__init__(data, initial=given, auto_id=f"said_{said.pk}_%s")


class HideForm(OfOne):
    reason = forms.CharField(
        label=_("Why it is hidden"),
        max_length=500,
        error_messages={"required": ReasonRequired.sentence},
        help_text=_(
            "Everybody can read the reason. That somebody criticizes the department is not a reason."
        ),
    )

    def __init__(self, said: Contribution, data: Any = None) -> None:
        super().__init__(said, data, reason=said.hidden_reason)


class AnswerForm(OfOne):
    body = forms.CharField(
        label=_("The answer, as everybody will read it"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 5}),
        error_messages={"required": _("Write the answer.")},
    )

    def __init__(self, said: Contribution, data: Any = None) -> None:
        super().__init__(said, data, body=said.answer)


class CorrectForm(OfOne):
    body = forms.CharField(
        label=_("The words, corrected"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 5}),
        error_messages={"required": _("Write the words.")},
    )
    reason = forms.CharField(
        label=_("Why the words change"),
        max_length=500,
        error_messages={"required": ReasonRequired.sentence},
        help_text=_("For example: it named a private person. The old words are kept for the record."),
    )

    def __init__(self, said: Contribution, data: Any = None) -> None:
        super().__init__(said, data, body=said.body)


class ThemeForm(Themed):
    def __init__(self, said: Contribution, themes: Sequence[Theme], data: Any = None) -> None:
        initial = {"theme": str(said.theme_id or "")}
        super().__init__(themes, data, initial=initial, auto_id=f"said_{said.pk}_%s")


class ManyForm(TakesRefusals):
    """Those that were ticked, and what is to become of them."""

    chosen = forms.TypedMultipleChoiceField(required=False)
    act = forms.ChoiceField(choices=[("show", ""), ("theme", "")])
    theme = forms.CharField(required=False, max_length=36)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        ticked = data.getlist("chosen")
        self.fields["chosen"].choices = [(key, key) for key in ticked]  # type: ignore[attr-defined]


class ThemeTextForm(TakesRefusals):
    """A heading, and what stands below it."""

    title = forms.CharField(
        label=_("Name of the theme"),
        max_length=200,
        error_messages={"required": _("Write the name of the theme.")},
    )
    text = forms.CharField(
        label=_("What people said, in a few sentences"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("It goes into the summary. You can change it there."),
    )


class EditThemeForm(ThemeTextForm):
    edit_version = forms.IntegerField(widget=forms.HiddenInput)
