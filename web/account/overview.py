"""Somebody's own account: who they are here, how well it is guarded, in which language the pages speak to them."""

from __future__ import annotations

from typing import cast

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from engage.people.models import Person
from engage.people.own_account import change_own_account
from engage.roles.models import Role
from web.account.choosing_agency import page_of
from web.account.forms import OwnAccountForm
from web.account.second_factors import is_second_factor_due
from web.account.sessions import open_sessions
from web.site.forms.page import form_page, sent
from web.site.frames.staff import language_of


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def account(request: HttpRequest) -> HttpResponse:
    """GET shows the account, POST changes what its owner says about themselves."""
    person = cast("Person", request.user)
    form = OwnAccountForm(sent(request), person=person)

    def changed(_made: object) -> HttpResponse:
        with translation.override(language_of(person)):
            messages.success(request, _("Your account is changed."))
        return redirect("account")

    return form_page(
        request,
        form,
        lambda: change_own_account(person, now=timezone.now(), **form.given()),
        shown=lambda status: _shown(request, person, form, status),
        done=changed,
    )


def _shown(request: HttpRequest, person: Person, form: OwnAccountForm, status: int) -> HttpResponse:
    roles = Role.objects.standing().filter(person=person).select_related("agency")
    factors = set(Authenticator.objects.filter(user=person).values_list("type", flat=True))
    context = {
        "person": person,
        "form": form,
        "roles": [(role, page_of(role.kind, role.agency)) for role in roles.order_by("agency__name", "kind")],
        "second_factor_due": is_second_factor_due(person),
        "has_app": Authenticator.Type.TOTP in factors,
        "has_passkey": Authenticator.Type.WEBAUTHN in factors,
        "sessions": open_sessions(person, reader=person, key=request.session.session_key),
        "has_codes": Authenticator.Type.RECOVERY_CODES in factors,
    }
    return render(request, "account/overview.html", context, status=status)
