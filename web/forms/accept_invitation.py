"""What somebody fills in who accepts an invitation to work here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from web.forms.refusals import TakesRefusals


class AcceptInvitation(TakesRefusals):
    """A name and a password; nothing at all for somebody who signs in here already."""

    name = forms.CharField(
        label=_("Your name, as colleagues see it"),
        max_length=200,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("A password of at least 12 characters"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The same password again"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, data: Any = None, *, is_here: bool) -> None:
        super().__init__(data)
        if is_here:
            self.fields.clear()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "password" in given and "again" in given and given["password"] != given["again"]:
            self.add_error("again", _("The two passwords differ."))
        return given

    def given(self, name: str) -> str:
        return str(self.cleaned_data.get(name, ""))
