"""What somebody fills in who wants to hear by email: the address, and the language of the mails."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from web.forms.refusals import TakesRefusals


class Follow(TakesRefusals):
    """Whether the address can be one is the domain's to say."""

    email = forms.CharField(
        label=_("Your email"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={"required": _("Type your email, such as name@example.org.")},
    )
    language = forms.ChoiceField(label=_("Language of our emails"), choices=settings.LANGUAGES)

    def __init__(self, data: Any = None) -> None:
        spoken = get_language()
        usual = spoken if spoken in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        if data is not None and data.get("language") not in dict(settings.LANGUAGES):
            # A language that our mails do not speak, or none: that of the page.
            data = data.copy()
            data["language"] = usual
        super().__init__(data, initial={"language": usual})
