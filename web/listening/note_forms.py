"""What is filled in while people speak: a note, its correction, and the promise that was made in the room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from engage.models import (
    Agency,
    Community,
    Contribution,
    ContributionKind,
    FocusArea,
    SaidBy,
    Theme,
    WayIn,
    uuid7,
)
from engage.said_words import LONGEST_TEXT
from web.forms.refusals import TakesRefusals
from web.language_names import language_choices

NEW_THEME = "new"
_KEPT = ("said_by", "speaker", "theme", "kind", "table_label", "language")


class Themed(TakesRefusals):
    """Under which theme it goes: one of those there are, none, or a new one."""

    theme = forms.ChoiceField(label=_("Theme"), required=False, widget=forms.RadioSelect)
    new_theme = forms.CharField(label=_("Name of the new theme"), required=False, max_length=200)

    def __init__(self, themes: Sequence[Theme], *args: Any, may_make_one: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.themes = {str(theme.pk): theme for theme in themes}
        choices: list[tuple[str, Any]] = [("", _("No theme yet"))]
        choices += [(key, theme.title) for key, theme in self.themes.items()]
        choices += [(NEW_THEME, _("New theme"))] if may_make_one else []
        self.fields["theme"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("theme") == NEW_THEME and not given.get("new_theme", "").strip():
            self.add_error("new_theme", _("Write the name of the new theme."))
        return given

    def theme_chosen(self) -> dict[str, Any]:
        """``theme`` and ``new_theme`` as the acts of the domain take them."""
        chosen = self.cleaned_data["theme"]
        new = self.cleaned_data["new_theme"] if chosen == NEW_THEME else ""
        return {"theme": self.themes.get(chosen), "new_theme": new}


class NoteWords(Themed):
    """What a note holds."""

    body = forms.CharField(
        label=_("What was said, in their words"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Write what was said.")},
    )
    said_by = forms.ChoiceField(
        label=_("Who said it"), choices=SaidBy.choices, initial=SaidBy.RESIDENT, widget=forms.RadioSelect
    )
    speaker = forms.CharField(label=_("Their office or group"), required=False, max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=ContributionKind.choices, initial=ContributionKind.NOTE)
    table_label = forms.CharField(label=_("Table or group"), required=False, max_length=60)
    language = forms.ChoiceField(label=_("Language they spoke"))
    may_quote = forms.BooleanField(label=_("They agreed that we may quote this"), required=False)

    def __init__(self, agency: Agency, themes: Sequence[Theme], data: Any = None, **kwargs: Any) -> None:
        super().__init__(themes, data, **kwargs)
        languages = language_choices(agency.languages)
        spoken = self.initial.get("language")
        if spoken and spoken not in dict(languages):
            languages.append((spoken, spoken))
        self.fields["language"].choices = languages  # type: ignore[attr-defined]

    def more_is_set(self) -> bool:
        """Whether the fields that are rarely touched say something, or have an error."""
        names = ("kind", "table_label", "language")
        if any(self[name].errors for name in names):
            return True
        first = self.fields["language"].choices[0][0]  # type: ignore[attr-defined]
        usual = {"kind": self.fields["kind"].initial, "table_label": "", "language": first}
        return any((self[name].value() or usual[name]) != usual[name] for name in names)

    def for_the_next(self) -> dict[str, Any]:
        """What stays picked when this one is saved; the theme has to be named by whoever knows its id."""
        return {name: self.cleaned_data[name] for name in _KEPT}

    def values(self) -> dict[str, Any]:
        """What ``note_taking.take_note`` takes."""
        given = self.cleaned_data
        plain = ("note_id", "body", "said_by", "speaker", "kind", "table_label", "language", "may_quote")
        return {name: given[name] for name in plain if name in given} | self.theme_chosen()


class NoteForm(NoteWords):
    """A new note, with an id of the form's own."""

    note_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("note_id", uuid4())


class AmendForm(NoteWords):
    """A note that is there already."""

    edit_version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Why the words change"), required=False, max_length=500)
    field_order = ["body", "reason"]

    @classmethod
    def of(cls, note: Contribution, agency: Agency, themes: Sequence[Theme], data: Any = None) -> AmendForm:
        names = ("body", "said_by", "speaker", "kind", "table_label", "language", "may_quote", "edit_version")
        initial = {name: getattr(note, name) for name in names} | {"theme": str(note.theme_id or "")}
        if note.theme is not None and note.theme not in themes:
            themes = [*themes, note.theme]
        return cls(agency, themes, data, initial=initial, auto_id=f"edit_{note.pk}_%s")

    def amended(self) -> dict[str, Any]:
        """What ``note_taking.amend_note`` takes."""
        given = self.values()
        return given | {
            "reason": self.cleaned_data["reason"],
            "if_version": self.cleaned_data["edit_version"],
        }


class WriteDownForm(NoteForm):
    """What reached the agency on paper, by phone, or at the counter."""

    way_in = forms.ChoiceField(
        label=_("How it reached you"),
        choices=[(WayIn.PAPER.value, _("On paper")), (WayIn.STAFF.value, _("By phone or in person"))],
        initial=WayIn.PAPER.value,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].label = _("What they asked or told you, in their words")
        self.fields["kind"].initial = ContributionKind.QUESTION.value
        for name in ("said_by", "speaker", "table_label"):
            del self.fields[name]

    def values(self) -> dict[str, Any]:
        return super().values() | {"way_in": self.cleaned_data["way_in"]}


class PromiseForm(TakesRefusals):
    """The promise as it will read in public."""

    promise_id = forms.UUIDField(widget=forms.HiddenInput)
    title = forms.CharField(
        label=_("The promise, as it will read in public"),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Filled in from the note. Say who, what and until when."),
        error_messages={"required": _("Write the promise.")},
    )
    owner_office = forms.CharField(
        label=_("Office responsible"), max_length=120, error_messages={"required": _("Name the office.")}
    )
    due_on = forms.DateField(
        label=_("Due date"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose the day."), "invalid": _("Choose a day, such as 2027-01-31.")},
    )
    done_means = forms.CharField(
        label=_("How will we know it was kept?"),
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Say what people will be able to see.")},
    )
    focus_area = forms.ChoiceField(label=_("Focus area"), choices=FocusArea.choices)
    communities = forms.MultipleChoiceField(
        label=_("Neighborhoods and groups it is for"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, note: Contribution, agency: Agency, data: Any = None) -> None:
        event: Any = note.event
        dialogue = note.dialogue or event.dialogue
        initial = {
            "promise_id": uuid7(),
            "title": note.body[:300],
            "focus_area": event.focus_area
            or (dialogue.focus_area if dialogue else FocusArea.COMMUNITY_ENGAGEMENT),
        }
        super().__init__(data, initial=initial, auto_id=f"promise_{note.pk}_%s")
        if agency.offices:
            offices = [("", _("Choose one")), *((office, office) for office in agency.offices)]
            required = self.fields["owner_office"].error_messages
            self.fields["owner_office"] = forms.ChoiceField(
                label=_("Office responsible"), choices=offices, error_messages=required
            )
        groups = Community.objects.filter(agency=agency).order_by("name").values_list("pk", "name")[:200]
        self.fields["communities"].choices = [(str(pk), name) for pk, name in groups]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """What ``note_taking.promise_from`` takes."""
        return dict(self.cleaned_data)
