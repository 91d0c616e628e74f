"""Where somebody of the staff arrives: at the page that their role begins with, of the agency they work for."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from engage.agencies.models import Agency
from engage.roles.models import Role
from engage.roles.permissions import Viewer, viewer_of
from web.site.frames.staff import ask_to_sign_in, language_of

_BEGINS_AT: Final[dict[str, str]] = {
    Role.Kind.LIAISON: "board",
    Role.Kind.LEADER: "follow_through",
    Role.Kind.ADMIN: "office",
}


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """On to the first page of the only agency; with several, a page to choose one."""
    if not request.user.is_authenticated:
        return ask_to_sign_in(request)
    person = request.user
    viewer = viewer_of(person)
    agencies = list(Agency.objects.filter(pk__in=list(viewer.roles)).order_by("name"))
    if not agencies:
        return redirect("account")
    if len(agencies) == 1:
        return redirect(first_page(viewer, agencies[0]))
    with translation.override(language_of(person)):
        choices = [{"agency": agency, "url": first_page(viewer, agency)} for agency in agencies]
        return render(request, "account/choose.html", {"choices": choices})


def first_page(viewer: Viewer, agency: Agency) -> str:
    """Whoever runs events begins at the board, whoever leads at what is to be decided."""
    for kind in _BEGINS_AT:
        if viewer.has_role(kind, agency.pk):
            return page_of(kind, agency)
    return reverse("account")


def page_of(kind: str, agency: Agency) -> str:
    """Where this one role begins; empty for a role that has no page at the desk."""
    name = _BEGINS_AT.get(kind)
    return reverse(name, kwargs={"slug": agency.slug}) if name else ""
