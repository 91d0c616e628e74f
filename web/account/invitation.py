"""The link of an invitation to work here: say who you are, and the role is yours."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engage.people.models import Person
from engage.roles.granting import accept_invitation, invitation_behind
from web.site.forms.fields import field_of
from web.site.forms.page import form_page, sent
from web.site.forms.refusals import TakesRefusals
from web.site.frames.behind_a_link import link_page, speak


class AcceptInvitation(TakesRefusals):
    """A name and a password; nothing at all for somebody who signs in here already."""

    name = field_of(
        Person,
        "name",
        gettext_lazy("Your name, as colleagues see it"),
        widget=forms.TextInput({"autocomplete": "name"}),
        required=True,
    )
    password = forms.CharField(
        label=gettext_lazy("A password of at least 12 characters"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("The same password again"),
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
            self.add_error("again", gettext_lazy("The two passwords differ."))
        return given

    def given(self, name: str) -> str:
        return str(self.cleaned_data.get(name, ""))


@link_page
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks for a name and a password, or for a click of somebody who signs in here already; POST gives the role."""
    now = timezone.now()
    offered = invitation_behind(token, now=now)
    speak(request, offered.language)
    is_here = Person.objects.filter(email=offered.email).exists()
    form = AcceptInvitation(sent(request), is_here=is_here)
    context = {"invitation": offered, "form": form, "is_here": is_here}
    return form_page(
        request,
        form,
        lambda: accept_invitation(token, name=form.given("name"), password=form.given("password"), now=now),
        shown=partial(render, request, "account/invitation.html", context),
        done=lambda _made: _welcome(request, offered.agency.name),
    )


def _welcome(request: HttpRequest, agency: str) -> HttpResponse:
    done = {
        "heading": _("Welcome"),
        "text": _("The role at {agency} is yours. Sign in to begin.").format(agency=agency),
        "link": reverse("account_login"),
        "link_text": _("Sign in"),
    }
    return render(request, "account/welcome.html", done)
