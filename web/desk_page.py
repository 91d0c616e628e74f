"""Where somebody of the staff arrives after signing in: who they are here, and how well their account is guarded."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from engage.models import Person, Role
from web.second_factors import is_second_factor_due


@require_safe
@login_required
def desk(request: HttpRequest) -> HttpResponse:
    """The signed-in person's roles, and what their agency still asks of them."""
    person = cast("Person", request.user)
    roles = Role.objects.filter(person=person, until=None).select_related("agency")
    context = {
        "person": person,
        "roles": list(roles.order_by("agency__name", "kind")),
        "second_factor_due": is_second_factor_due(person),
    }
    return render(request, "pages/desk.html", context)
