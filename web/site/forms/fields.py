"""The fields of the desk's forms, each made in one line: from a model's own where it stands for one, else by kind."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final, cast

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy

from engage.database.bounds import bounds_of

# Days at the ends of the calendar have no instant in every zone.
_FIRST: Final = dt.date(1900, 1, 1)
_LAST: Final = dt.date(2200, 12, 31)


def field_of(model: type[models.Model], name: str, label: Any, *, hint: Any = "", **more: Any) -> Any:
    """The form's field for a model's own: its kind, length, bounds, choices, and whether it may stay empty, are the model's.

    more: as the field takes it; ``required=False`` in a form of changes.
    """
    column: Any = model._meta.get_field(name)
    given: dict[str, Any] = {"label": label, "help_text": hint, "required": not column.blank} | more
    if column.choices:
        choices: Any = or_not_said(column.choices) if column.blank else column.choices
        return forms.ChoiceField(**{"choices": choices} | given)
    if isinstance(column, models.BooleanField):
        return forms.BooleanField(**given | {"required": False})
    if isinstance(column, models.IntegerField | models.DecimalField):
        return _number(column, given)
    if isinstance(column, models.CharField | models.TextField):
        return _text(column, given)
    field, widget = _ON_THE_CLOCK[type(column)]
    return field(**{"widget": widget()} | given)


class DayField(forms.DateField):
    """``2027-03-14``, with the browser's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        said = {
            "required": gettext_lazy("Choose a day."),
            "invalid": gettext_lazy("Give a day that exists, such as 2027-03-14."),
        }
        given: dict[str, Any] = {
            "widget": _day(),
            "error_messages": said,
        }
        super().__init__(**given | kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not _FIRST <= value <= _LAST:
            raise forms.ValidationError(gettext_lazy("Give a day between 1900 and 2200."))


def _day() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


def _time() -> forms.TimeInput:
    return forms.TimeInput({"type": "time"}, format="%H:%M")


_ON_THE_CLOCK: dict[Any, Any] = {
    models.DateField: (forms.DateField, _day),
    models.TimeField: (forms.TimeField, _time),
}


def _number(column: Any, given: dict[str, Any]) -> forms.Field:
    least, most = bounds_of(column)
    bounds = {"min_value": least, "max_value": most}
    if isinstance(column, models.IntegerField):
        return forms.IntegerField(**bounds | {"widget": forms.NumberInput({"inputmode": "numeric"})} | given)
    size = {"max_digits": column.max_digits, "decimal_places": column.decimal_places}
    return forms.DecimalField(**bounds | size | given)


def _text(column: Any, given: dict[str, Any]) -> forms.Field:
    bounds: dict[str, Any] = {"max_length": column.max_length}
    if isinstance(column, models.EmailField):
        return forms.EmailField(**bounds | given)
    if isinstance(column, models.URLField):
        return forms.URLField(**bounds | {"assume_scheme": "https"} | given)
    widget = forms.Textarea if isinstance(column, models.TextField) else forms.TextInput
    return forms.CharField(**bounds | {"widget": widget()} | given)


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
    return forms.TimeField(label=label, required=required, help_text=hint, widget=_time())


def a_day(label: Any, *, required: bool = True, hint: Any = "") -> forms.DateField:
    return forms.DateField(label=label, required=required, help_text=hint, widget=_day())


def a_moment(label: Any, hint: Any = "") -> forms.DateTimeField:
    widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
    return forms.DateTimeField(
        label=label, required=False, help_text=hint, widget=widget, input_formats=formats
    )


def or_not_said(choices: Any) -> list[tuple[str, Any]]:
    return [("", gettext_lazy("Not said")), *choices]


def offer(form: forms.BaseForm, name: str, choices: Any) -> None:
    """What can be chosen in a field, where only the form that is made knows it."""
    cast("forms.ChoiceField", form.fields[name]).choices = choices


def offered(form: forms.BaseForm, name: str) -> list[tuple[Any, Any]]:
    """What can be chosen in a field: values and their words."""
    return list(cast("Any", form.fields[name]).choices)
