"""The link of an invitation to work here: say who you are, and the role is yours."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from engage.models import Person
from engage.role_granting import accept_invitation, invitation_behind
from engage.rule_violation import Invalid
from web.behind_a_link import link_page, speak
from web.forms.accept_invitation import AcceptInvitation


@link_page
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks for a name and a password, or for a click of somebody who signs in here already; POST gives the role."""
    now = timezone.now()
    offered = invitation_behind(token, now=now)
    speak(request, offered.language)
    is_here = Person.objects.filter(email=offered.email).exists()
    form = AcceptInvitation(request.POST if request.method == "POST" else None, is_here=is_here)
    context = {"invitation": offered, "form": form, "is_here": is_here}
    if request.method != "POST":
        return render(request, "account/invitation.html", context)
    if form.is_valid():
        try:
            accept_invitation(token, name=form.given("name"), password=form.given("password"), now=now)
            return _welcome(request, offered.agency.name)
        except Invalid as refusal:
            form.take(refusal)
    return render(request, "account/invitation.html", context, status=400)


def _welcome(request: HttpRequest, agency: str) -> HttpResponse:
    done = {
        "heading": _("Welcome"),
        "text": _("The role at {agency} is yours. Sign in to begin.").format(agency=agency),
        "link": reverse("account_login"),
        "link_text": _("Sign in"),
    }
    return render(request, "account/welcome.html", done)
