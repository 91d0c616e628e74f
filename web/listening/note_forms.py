"""What is filled in while people speak: a note, its correction, and the promise that was made in the room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from engage.agencies.models import Agency, Community
from engage.commitments.models import Commitment, FocusArea
from engage.database.ids import uuid7
from engage.listening.models import Contribution, ContributionKind, ContributionRevision, SaidBy, Theme, WayIn
from web.site.forms.fields import field_of, offer, offered
from web.site.forms.refusals import TakesRefusals
from web.site.languages.names import language_choices

NEW_THEME = "new"
_KEPT = ("said_by", "speaker", "theme", "kind", "table_label", "language")


class Themed(TakesRefusals):
    """Under which theme it goes: one of those there are, none, or a new one."""

    theme = forms.ChoiceField(label=_("Theme"), required=False, widget=forms.RadioSelect)
    new_theme = field_of(Theme, "title", _("Name of the new theme"), required=False)

    def __init__(self, themes: Sequence[Theme], *args: Any, may_make_one: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.themes = {str(theme.pk): theme for theme in themes}
        choices: list[tuple[str, Any]] = [("", _("No theme yet"))]
        choices += [(key, theme.title) for key, theme in self.themes.items()]
        choices += [(NEW_THEME, _("New theme"))] if may_make_one else []
        offer(self, "theme", choices)

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

    body = field_of(
        Contribution,
        "body",
        _("What was said, in their words"),
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Write what was said.")},
        required=True,
    )
    said_by = field_of(
        Contribution, "said_by", _("Who said it"), initial=SaidBy.RESIDENT, widget=forms.RadioSelect
    )
    speaker = field_of(Contribution, "speaker", _("Their office or group"))
    kind = field_of(Contribution, "kind", _("Kind"), initial=ContributionKind.NOTE)
    table_label = field_of(Contribution, "table_label", _("Table or group"))
    language = forms.ChoiceField(label=_("Language they spoke"))
    may_quote = field_of(Contribution, "may_quote", _("They agreed that we may quote this"))

    def __init__(self, agency: Agency, themes: Sequence[Theme], data: Any = None, **kwargs: Any) -> None:
        super().__init__(themes, data, **kwargs)
        languages = language_choices(agency.languages)
        spoken = self.initial.get("language")
        if spoken and spoken not in dict(languages):
            languages.append((spoken, spoken))
        offer(self, "language", languages)

    def more_is_set(self) -> bool:
        """Whether the fields that are rarely touched say something, or have an error."""
        names = ("kind", "table_label", "language")
        if any(self[name].errors for name in names):
            return True
        first = offered(self, "language")[0][0]
        usual = {"kind": self.fields["kind"].initial, "table_label": "", "language": first}
        return any((self[name].value() or usual[name]) != usual[name] for name in names)

    def for_the_next(self) -> dict[str, Any]:
        """What stays picked when this one is saved; the theme has to be named by whoever knows its id."""
        return {name: self.cleaned_data[name] for name in _KEPT}

    def values(self) -> dict[str, Any]:
        """What ``listening.notes.take_note`` takes."""
        given = self.cleaned_data
        plain = ("note_id", "body", "said_by", "speaker", "kind", "table_label", "language", "may_quote")
        return {name: given[name] for name in plain if name in given} | self.theme_chosen()


class NoteForm(NoteWords):
    """A new note, with an id of the form's own."""

    note_id = forms.UUIDField(widget=forms.HiddenInput({"data-form-key": True}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("note_id", uuid4())


class AmendForm(NoteWords):
    """A note that is there already."""

    edit_version = forms.IntegerField(widget=forms.HiddenInput)
    reason = field_of(ContributionRevision, "reason", _("Why the words change"), required=False)
    field_order = ["body", "reason"]

    @classmethod
    def of(cls, note: Contribution, agency: Agency, themes: Sequence[Theme], data: Any = None) -> AmendForm:
        names = ("body", "said_by", "speaker", "kind", "table_label", "language", "may_quote", "edit_version")
        initial = {name: getattr(note, name) for name in names} | {"theme": str(note.theme_id or "")}
        if note.theme is not None and note.theme not in themes:
            themes = [*themes, note.theme]
        return cls(agency, themes, data, initial=initial, auto_id=f"edit_{note.pk}_%s")

    def amended(self) -> dict[str, Any]:
        """What ``listening.notes.amend_note`` takes."""
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


class CommitmentForm(TakesRefusals):
    """The promise as it will read in public."""

    commitment_id = forms.UUIDField(widget=forms.HiddenInput)
    title = field_of(
        Commitment,
        "title",
        _("The promise, as it will read in public"),
        widget=forms.Textarea({"rows": 2}),
        hint=_("Filled in from the note. Say who, what and until when."),
        error_messages={"required": _("Write the promise.")},
    )
    owner_office = field_of(
        Commitment,
        "owner_office",
        _("Office responsible"),
        error_messages={"required": _("Name the office.")},
    )
    due_on = field_of(
        Commitment,
        "due_on",
        _("Due date"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose the day."), "invalid": _("Choose a day, such as 2027-01-31.")},
    )
    done_means = field_of(
        Commitment,
        "done_means",
        _("How will we know it was kept?"),
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Say what people will be able to see.")},
    )
    focus_area = field_of(Commitment, "focus_area", _("Focus area"))
    communities = forms.MultipleChoiceField(
        label=_("Neighborhoods and groups it is for"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, note: Contribution, agency: Agency, data: Any = None) -> None:
        event: Any = note.event
        dialogue = note.dialogue or event.dialogue
        initial = {
            "commitment_id": uuid7(),
            "title": note.body[:300],
            "focus_area": event.focus_area
            or (dialogue.focus_area if dialogue else FocusArea.COMMUNITY_ENGAGEMENT),
        }
        super().__init__(data, initial=initial, auto_id=f"commitment_{note.pk}_%s")
        if agency.offices:
            offices = [("", _("Choose one")), *((office, office) for office in agency.offices)]
            required = self.fields["owner_office"].error_messages
            self.fields["owner_office"] = forms.ChoiceField(
                label=_("Office responsible"), choices=offices, error_messages=required
            )
        groups = Community.objects.filter(agency=agency).order_by("name").values_list("pk", "name")[:200]
        offer(self, "communities", [(str(pk), name) for pk, name in groups])

    def values(self) -> dict[str, Any]:
        """What ``listening.notes.commitment_from`` takes."""
        return dict(self.cleaned_data)
