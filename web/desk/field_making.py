"""The fields of the desk's forms, each made in one line."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy


def a_text(
    label: Any, length: int, *, required: bool = False, hint: Any = "", lines: bool = False
) -> forms.CharField:
    widget = forms.Textarea() if lines else forms.TextInput()
    return forms.CharField(label=label, max_length=length, required=required, help_text=hint, widget=widget)


def a_choice(label: Any, choices: Any, *, required: bool = True, hint: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=required, help_text=hint)


def boxes(label: Any, choices: Any, hint: Any = "") -> forms.MultipleChoiceField:
    widget = forms.CheckboxSelectMultiple
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, help_text=hint, widget=widget
    )


def a_time(label: Any, *, required: bool = True, hint: Any = "") -> forms.TimeField:
    widget = forms.TimeInput({"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, required=required, help_text=hint, widget=widget)


def a_day(label: Any, *, required: bool = True, hint: Any = "") -> forms.DateField:
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, help_text=hint, widget=widget)


def a_moment(label: Any, hint: Any = "") -> forms.DateTimeField:
    widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
    return forms.DateTimeField(
        label=label, required=False, help_text=hint, widget=widget, input_formats=formats
    )


def or_not_said(choices: Any) -> list[tuple[str, Any]]:
    return [("", gettext_lazy("Not said")), *choices]
