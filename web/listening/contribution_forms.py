"""What a moderator fills in about one thing that was said, or about many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from engage.agencies.models import Agency
from engage.listening.models import Contribution, ContributionRevision, Theme
from engage.listening.moderating import HOW_MANY, MOST_AT_ONCE
from engage.listening.theming import TRANSLATED
from engage.refusals import ReasonRequired
from web.listening.note_forms import Themed
from web.site.forms.fields import field_of
from web.site.forms.refusals import TakesRefusals
from web.site.forms.translated import add_further_languages, further_given, in_further_languages


class OfOne(TakesRefusals):
    """About one contribution, as it stood when the form was opened."""

    edit_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, contribution: Contribution, data: Any = None, **initial: Any) -> None:
        given = {"edit_version": contribution.edit_version} | initial
        super().__init__(data, initial=given, auto_id=f"contribution_{contribution.pk}_%s")


class HideForm(OfOne):
    reason = field_of(
        Contribution,
        "hidden_reason",
        _("Why it is hidden"),
        error_messages={"required": ReasonRequired.sentence},
        hint=_("Everybody can read the reason. That somebody criticizes the department is not a reason."),
        required=True,
    )

    def __init__(self, contribution: Contribution, data: Any = None) -> None:
        super().__init__(contribution, data, reason=contribution.hidden_reason)


class AnswerForm(OfOne):
    body = field_of(
        Contribution,
        "answer",
        _("The answer, as everybody will read it"),
        widget=forms.Textarea({"rows": 5}),
        error_messages={"required": _("Write the answer.")},
        required=True,
    )

    def __init__(self, contribution: Contribution, data: Any = None) -> None:
        super().__init__(contribution, data, body=contribution.answer)


class CorrectForm(OfOne):
    body = field_of(
        Contribution,
        "body",
        _("The words, corrected"),
        widget=forms.Textarea({"rows": 5}),
        error_messages={"required": _("Write the words.")},
        required=True,
    )
    reason = field_of(
        ContributionRevision,
        "reason",
        _("Why the words change"),
        error_messages={"required": ReasonRequired.sentence},
        hint=_("For example: it named a private person. The old words are kept for the record."),
    )

    def __init__(self, contribution: Contribution, data: Any = None) -> None:
        super().__init__(contribution, data, body=contribution.body)


class ThemeForm(Themed):
    def __init__(self, contribution: Contribution, themes: Sequence[Theme], data: Any = None) -> None:
        initial = {"theme": str(contribution.theme_id or "")}
        super().__init__(themes, data, initial=initial, auto_id=f"contribution_{contribution.pk}_%s")


class Ticked(forms.MultipleChoiceField):
    """Ids of rows. Which of them are there, and whose they are, the domain finds out."""

    def valid_value(self, value: str) -> bool:
        return True

    def clean(self, value: Any) -> list[UUID]:
        try:
            return [UUID(one) for one in super().clean(value)]
        except ValueError:
            raise forms.ValidationError(HOW_MANY, params={"most": MOST_AT_ONCE}) from None


class ManyForm(TakesRefusals):
    """Those that were ticked, and what is to become of them."""

    chosen = Ticked(required=False)
    act = forms.ChoiceField(choices=[("show", ""), ("theme", "")])
    theme = forms.UUIDField(required=False)


class ThemeTextForm(TakesRefusals):
    """A heading, and what stands below it."""

    title = field_of(
        Theme, "title", _("Name of the theme"), error_messages={"required": _("Write the name of the theme.")}
    )
    text = field_of(
        Theme,
        "text",
        _("What people said, in a few sentences"),
        widget=forms.Textarea({"rows": 4}),
        hint=_("It goes into the summary. You can change it there."),
    )

    def __init__(
        self, agency: Agency, data: Any = None, *, kept: Mapping[str, Any] | None = None, initial: Any = None
    ) -> None:
        super().__init__(data, initial=initial)
        self.agency, self.kept = agency, kept or {}
        add_further_languages(self, agency, TRANSLATED, self.kept)

    @property
    def translated(self) -> list[forms.BoundField]:
        return in_further_languages(self, self.agency, TRANSLATED)

    def values(self) -> dict[str, Any]:
        """What ``make_theme`` and ``edit_theme`` take."""
        given = {name: self.cleaned_data[name] for name in TRANSLATED}
        return given | {"translations": further_given(self, self.agency, TRANSLATED, self.kept)}


class EditThemeForm(ThemeTextForm):
    edit_version = forms.IntegerField(widget=forms.HiddenInput)
