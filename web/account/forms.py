"""The forms of signing in and of one's own account, in our words; what they do stays allauth's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engage.contacts.asking_for_letters import ask_for_letter
from engage.contacts.models import LetterAsk
from engage.local_time import zones
from engage.people.models import Person
from engage.people.secret_tries import Secret
from web.account.tries import take_a_try
from web.site.forms.fields import field_of, offer
from web.site.forms.refusals import TakesRefusals

_PASSWORD = _("Password")
_NEW = _("New password, at least 12 characters")
_AGAIN = _("The same password again")


class _OurWords:
    """Labels and hints of our own, and no placeholder: it is gone as soon as somebody types."""

    labels: ClassVar[Mapping[str, Any]] = {}
    hints: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]
        for name, field in fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, "")


class SignInForm(_OurWords, account.LoginForm):
    labels = {"login": _("Email"), "password": _PASSWORD}


class ChangePasswordForm(_OurWords, account.ChangePasswordForm):
    labels = {"oldpassword": _("The password you have now"), "password1": _NEW, "password2": _AGAIN}

    def clean_oldpassword(self) -> str:
        """As allauth's, but by the way that counts. Raises ValidationError."""
        given = str(self.cleaned_data.get("oldpassword", ""))
        if not get_adapter().reauthenticate(self.user, given):
            raise get_adapter().validation_error("enter_current_password")
        return given


class AskForPasswordForm(_OurWords, account.ResetPasswordForm):
    """Does the same for an address that nobody has as for one of the staff: the worker finds out whose it is."""

    labels = {"email": _("Email")}

    def clean_email(self) -> str:
        """Without allauth's look at who has it: the time of the answer must not tell."""
        get_adapter().clean_email(str(self.cleaned_data["email"]).lower())
        return str(self.cleaned_data["email"])

    def save(self, request: Any, **kwargs: Any) -> str:
        # The worker makes the link; allauth's own way makes one here, for nothing.
        email = str(self.cleaned_data["email"])
        ask_for_letter(LetterAsk.Letter.NEW_PASSWORD, email, now=timezone.now())
        return email


class NewPasswordForm(_OurWords, account.ResetPasswordKeyForm):
    labels = {"password1": _NEW, "password2": _AGAIN}


class StillMeForm(_OurWords, account.ReauthenticateForm):
    labels = {"password": _PASSWORD}


class _CountedCode:
    """A code is looked at after a try was taken for it; allauth's own limit is off (settings.MFA_RATE_LIMITS)."""

    looks_at: ClassVar[Secret] = Secret.CODE

    def clean_code(self) -> str:
        """Raises ValidationError for a wrong code, ImmediateHttpResponse (429) where there were too many."""
        taken = take_a_try(context.request, self.looks_at, self.user)  # type: ignore[attr-defined]
        code = str(super().clean_code())  # type: ignore[misc]
        taken.was_right()
        return code


class CodeForm(_CountedCode, _OurWords, mfa.AuthenticateForm):
    labels = {"code": _("Code from your app, or one of your recovery codes")}


class CodeAgainForm(_CountedCode, _OurWords, mfa.ReauthenticateForm):
    labels = {"code": _("Code from your app, or one of your recovery codes")}


class SetUpAppForm(_CountedCode, _OurWords, ActivateTOTPForm):
    looks_at = Secret.SET_UP
    labels = {"code": _("The six digits that the app shows now")}


class AddPasskeyForm(_OurWords, AddWebAuthnForm):
    labels = {"name": _("A name for it"), "passwordless": _("Sign in with it alone, without a password")}
    hints = {
        "name": _("Such as “my phone”, to tell several apart."),
        "passwordless": _("Your phone or computer then asks for your finger, your face or its PIN."),
    }


class RenamePasskeyForm(_OurWords, EditWebAuthnForm):
    labels = {"name": _("A name for it")}


class OwnAccountForm(TakesRefusals):
    """What somebody says about themselves."""

    name = field_of(
        Person,
        "name",
        _("Your name, as colleagues see it"),
        widget=forms.TextInput({"autocomplete": "name"}),
        required=True,
    )
    language = forms.ChoiceField(label=_("Language of the staff's pages"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=_("Your time zone"))

    def __init__(self, data: Any = None, *, person: Person) -> None:
        kept = {"name": person.name, "language": person.language, "time_zone": person.time_zone}
        super().__init__(data, initial=kept)
        names = sorted(zones() | {person.time_zone})
        offer(self, "time_zone", [(name, name.replace("_", " ")) for name in names])

    def given(self) -> dict[str, str]:
        return {name: str(value) for name, value in self.cleaned_data.items()}
