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

from engage.models import Person, Role
from engage.own_account import change_own_account
from engage.rule_violation import RuleViolation
from web.desk.choosing_agency import page_of
from web.desk_frame import language_of
from web.forms.account import OwnAccountForm
from web.second_factors import is_second_factor_due
from web.session_pages import open_sessions


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def account(request: HttpRequest) -> HttpResponse:
    """GET shows the account, POST changes what its owner says about themselves."""
    person = cast("Person", request.user)
    form = OwnAccountForm(request.POST if request.method == "POST" else None, person=person)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                change_own_account(person, now=timezone.now(), **form.given())
                with translation.override(language_of(person)):
                    messages.success(request, _("Your account is changed."))
                return redirect("account")
            except RuleViolation as refusal:
                form.take(refusal)
    roles = Role.objects.filter(person=person, until=None).select_related("agency")
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
    return render(request, "account/account.html", context, status=status)
