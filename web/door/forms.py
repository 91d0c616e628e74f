"""The door's forms: how many people, and what a screen has counted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events.door.attendance import MOST_HEADS
from events.door.checking_in import LARGEST_PARTY
from web.site.forms.refusals import TakesRefusals

_PEOPLE: dict[str, Any] = {
    "min_value": 1,
    "max_value": LARGEST_PARTY,
    "error_messages": {
        "required": _("Say how many people."),
        "invalid": _("Write a whole number, 1 to 50."),
        "min_value": _("At least one person."),
        "max_value": _("At most 50 at once. Count the others as another group."),
    },
}


class WalkIn(TakesRefusals):
    """People without a place: how many, nothing else."""

    party = forms.IntegerField(label=_("How many people?"), initial=1, **_PEOPLE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **({"auto_id": "walk_in_%s"} | kwargs))


class Correction(TakesRefusals):
    """More or fewer came than had said so."""

    party = forms.IntegerField(label=_("How many came?"), **_PEOPLE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **({"auto_id": "came_%s"} | kwargs))


class Heads(forms.Form):
    """One more or one fewer without a name, and what this screen had counted before."""

    step = forms.TypedChoiceField(choices=[("1", "+1"), ("-1", "−1")], coerce=int)
    added = forms.IntegerField(min_value=0, max_value=MOST_HEADS - 1)
    removed = forms.IntegerField(min_value=0, max_value=MOST_HEADS - 1)
