"""What somebody fills in who has something to say, with or without an address."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engage.models import ContributionKind
from engage.said_words import LONGEST_TEXT
from web.forms.refusals import TakesRefusals

EMAIL, NOBODY = "email", "none"


class AskSomething(TakesRefusals):
    """Rules live in the domain. ``anonymous`` is the default, and needs nothing but the words."""

    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=[
            (each.value, each.label)
            for each in (
                ContributionKind.QUESTION,
                ContributionKind.CONCERN,
                ContributionKind.IDEA,
                ContributionKind.THANKS,
            )
        ],
        initial=ContributionKind.QUESTION.value,
    )
    body = forms.CharField(
        label=_("Your words"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("Leave out what points to you or to somebody else, such as names and addresses."),
        error_messages={"required": _("Write what you want to ask or say.")},
    )
    contact = forms.ChoiceField(
        label=_("Do you want to hear what comes of it?"),
        choices=[(NOBODY, _("No. Send it without a name")), (EMAIL, _("Yes, write to me"))],
        widget=forms.RadioSelect,
        initial=NOBODY,
    )
    email = forms.CharField(
        label=_("Your email"),
        required=False,
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if (
            given.get("contact") == EMAIL
            and not given.get("email", "").strip()
            and "email" not in self.errors
        ):
            self.add_error("email", _("Type your email, or choose to send it without a name."))
        return given

    @property
    def anonymous(self) -> bool:
        return bool(self.cleaned_data["contact"] == NOBODY)
