"""What every form says where it has no words of its own: the framework's messages speak to programmers.

Set on the framework's own field classes, so that its forms of signing in say the same.
"""

from __future__ import annotations

from typing import Final

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

_NOT_A_CHOICE: Final = _("Choose one from the list.")
_NO_FILE: Final = _("Choose a file.")
_WORDS: Final[dict[type[forms.Field], dict[str, str | Promise]]] = {
    forms.Field: {
        "required": _("Fill this in."),
        "max_length": ngettext_lazy(
            "This is too long: at most %(limit_value)d character fits here.",
            "This is too long: at most %(limit_value)d characters fit here.",
            "limit_value",
        ),
        "min_value": _("Write %(limit_value)s or a larger number."),
        "max_value": _("Write %(limit_value)s or a smaller number."),
        "max_digits": _("Write a shorter number."),
        "max_decimal_places": _("Write the number with fewer places behind the point."),
        "max_whole_digits": _("Write a smaller number."),
    },
    forms.IntegerField: {"invalid": _("Write a whole number.")},
    forms.FloatField: {"invalid": _("Write a number.")},
    forms.DecimalField: {"invalid": _("Write a number.")},
    forms.DateField: {"invalid": _("Choose a day, such as 2027-01-31.")},
    forms.TimeField: {"invalid": _("Write a time, such as 18:30.")},
    forms.DateTimeField: {"invalid": _("Write a day and a time, such as 2027-01-31 18:30.")},
    forms.EmailField: {"invalid": _("Write the email address like name@example.org.")},
    forms.URLField: {"invalid": _("Write the whole address, such as https://example.org.")},
    forms.UUIDField: {"invalid": _NOT_A_CHOICE},
    forms.ChoiceField: {"invalid_choice": _NOT_A_CHOICE},
    forms.MultipleChoiceField: {"invalid_choice": _NOT_A_CHOICE, "invalid_list": _NOT_A_CHOICE},
    forms.ModelChoiceField: {"invalid_choice": _NOT_A_CHOICE},
    forms.FileField: {
        "invalid": _NO_FILE,
        "missing": _NO_FILE,
        "empty": _("There is nothing in this file. Choose another one."),
    },
}
_MEANT_FOR_ANY_FIELD: Final = frozenset(id(said) for words in _WORDS.values() for said in words.values())


def mistakes_of(bound: BoundField) -> list[str]:
    """A field's mistakes as a list of all mistakes says them: with the field's name, where the words do not name it."""
    found = zip(bound.errors.data, bound.errors, strict=True)
    return [
        f"{bound.label}: {said}" if id(getattr(error, "message", None)) in _MEANT_FOR_ANY_FIELD else str(said)
        for error, said in found
    ]


def speak_plainly() -> None:
    """Before the first form is declared, since a field copies its words when it is made."""
    for kind, words in _WORDS.items():
        kind.default_error_messages = getattr(kind, "default_error_messages", {}) | words
