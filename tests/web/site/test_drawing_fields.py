"""Fields drawn without a template look to the letter as Django's templates draw them, whatever was typed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from web.site.forms.drawing import QuickForms

NASTY = """<script>"'&amp;</script>\n ü %s {{ x }}"""
CHOICES = [
    ("", gettext_lazy("Nobody by name")),
    ("a", "<b>A & B</b>"),
    ("Group <1>", [("1", "One"), ('"2"', "Two")]),
    ("s", mark_safe("<i>safe</i>")),
]
WIDGETS: list[forms.Widget] = [
    forms.TextInput({"autocomplete": "name", "required": True, "hidden": False, "data-x": NASTY}),
    forms.TextInput({"aria-label": gettext_lazy("Nobody by name"), "maxlength": 10}),
    forms.TextInput({"title": mark_safe("&lt;known&gt;")}),
    forms.NumberInput({"min": 1}),
    forms.EmailInput(),
    forms.URLInput(),
    forms.TelInput(),
    forms.PasswordInput(render_value=True),
    forms.HiddenInput(),
    forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    forms.TimeInput(),
    forms.CheckboxInput(),
    forms.CheckboxInput(check_test=lambda value: value == "yes"),
    forms.Textarea({"rows": 4}),
    forms.Select(choices=CHOICES),
    forms.SelectMultiple(choices=CHOICES),
    forms.RadioSelect(choices=CHOICES),
    forms.CheckboxSelectMultiple(choices=CHOICES),
]
VALUES: list[Any] = [
    None,
    "",
    "a",
    "yes",
    True,
    False,
    0,
    1234567,
    NASTY,
    ["a", '"2"'],
    dt.date(2026, 11, 5),
    dt.time(9, 5),
]


@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: type(widget).__name__)
@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_field_is_drawn_as_django_draws_it(widget: forms.Widget, value: Any) -> None:
    given: dict[str, Any] = {"attrs": {"id": "id_<x>", "class": "usa-input"}}
    quick = widget.render('na"me', value, renderer=QuickForms(), **given)
    assert quick == widget.render('na"me', value, renderer=DjangoTemplates(), **given)


def test_it_is_the_renderer_of_every_form() -> None:
    class Asked(forms.Form):
        words = forms.CharField()

    assert isinstance(Asked().renderer, QuickForms)
    assert "<script>" not in str(Asked({"words": "<script>"})["words"])
