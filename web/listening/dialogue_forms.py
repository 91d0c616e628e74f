"""What an ongoing conversation is about and whom it concerns, as a form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engage.models import Agency, Community, Dialogue, FocusArea, ParticipationLevel
from web.forms.refusals import TakesRefusals

_OFFERED = 200


class DialogueForm(TakesRefusals):
    """A new dialogue, or (edit_version) one that is there."""

    edit_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(
        label=_("Title"), max_length=200, error_messages={"required": _("Write a title.")}
    )
    purpose = forms.CharField(
        label=_("What it is for"),
        max_length=5000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("What you want to find out or decide together, in plain words."),
    )
    focus_area = forms.ChoiceField(label=_("Focus area"), choices=FocusArea.choices)
    participation_level = forms.ChoiceField(
        label=_("How much residents’ words decide"),
        choices=ParticipationLevel.choices,
        initial=ParticipationLevel.CONSULT,
        widget=forms.RadioSelect,
    )
    communities = forms.MultipleChoiceField(
        label=_("Neighborhoods and groups it is for"), required=False, widget=forms.CheckboxSelectMultiple
    )
    partners = forms.MultipleChoiceField(
        label=_("Other agencies that take part"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, agency: Agency, data: Any = None, *, dialogue: Dialogue | None = None) -> None:
        initial: dict[str, Any] = {}
        if dialogue is not None:
            names = ("edit_version", "title", "purpose", "focus_area", "participation_level")
            initial = {name: getattr(dialogue, name) for name in names} | {
                "communities": [str(one.pk) for one in dialogue.communities.all()],
                "partners": [one.slug for one in dialogue.partners.all()],
            }
        super().__init__(data, initial=initial)
        groups = Community.objects.filter(agency=agency).order_by("name").values_list("pk", "name")[:_OFFERED]
        others = Agency.objects.exclude(pk=agency.pk).order_by("name").values_list("slug", "name")[:_OFFERED]
        self.fields["communities"].choices = [(str(pk), name) for pk, name in groups]  # type: ignore[attr-defined]
        self.fields["partners"].choices = list(others)  # type: ignore[attr-defined]

    def fields_given(self) -> dict[str, Any]:
        """What ``start_dialogue`` and ``edit_dialogue`` take."""
        given = dict(self.cleaned_data)
        given.pop("edit_version")
        return given | {"communities": [_uuid(one) for one in given["communities"]]}


def _uuid(text: str) -> Any:
    return forms.UUIDField().to_python(text)
