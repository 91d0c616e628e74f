"""The communities that the agency serves: neighborhoods, languages, ages, and their share of the people."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from engage.agencies.communities import add_community, edit_community, remove_community
from engage.agencies.models import Agency, Community
from engage.database.what_stood import what_stood
from engage.refusals import Unknown
from web.site.forms.fields import field_of
from web.site.forms.page import form_page, sent
from web.site.forms.refusals import TakesRefusals
from web.site.frames.staff import Desk, desk_page, go_on, show


class CommunityForm(TakesRefusals):
    name = field_of(
        Community,
        "name",
        gettext_lazy("Name"),
        error_messages={"required": gettext_lazy("Say what it is called.")},
    )
    kind = field_of(Community, "kind", gettext_lazy("What kind"))
    population_share = field_of(
        Community,
        "population_share",
        gettext_lazy("Share of the people, in percent"),
        hint=gettext_lazy("Leave it empty if you do not know. All of one kind come to 100 at most."),
    )
    seldom_heard = field_of(Community, "seldom_heard", gettext_lazy("We seldom hear from them"))


class EditForm(CommunityForm):
    if_stood = forms.CharField(required=False, widget=forms.HiddenInput)


@desk_page("admin")
def communities(request: HttpRequest, desk: Desk) -> HttpResponse:
    """GET lists them by kind; POST adds one."""
    form = CommunityForm(sent(request))
    return form_page(
        request,
        form,
        lambda: add_community(desk.agency, actor=desk.person, now=desk.now, **form.cleaned_data),
        shown=lambda status: _listed(request, desk, form, status),
        done=lambda made: go_on(
            request, desk, _("{name} is on the list.").format(name=made.name), "office_communities"
        ),
    )


@desk_page("admin")
def edit(request: HttpRequest, desk: Desk, community_id: UUID) -> HttpResponse:
    community = _one(desk, community_id)
    kept = {name: getattr(community, name) for name in CommunityForm.base_fields}
    form = EditForm(sent(request), initial=kept | {"if_stood": what_stood(community, kept)})
    context = {"form": form, "community": community}

    def change() -> Community:
        given = dict(form.cleaned_data)
        seen = given.pop("if_stood")
        return edit_community(community, actor=desk.person, now=desk.now, fields=given, if_stood=seen)

    return form_page(
        request,
        form,
        change,
        shown=partial(show, request, "office/community.html", desk, context, nav="office"),
        done=lambda _made: go_on(request, desk, _("The community is changed."), "office_communities"),
    )


def _listed(request: HttpRequest, desk: Desk, form: TakesRefusals, status: int) -> HttpResponse:
    context = {"form": form, "groups": _by_kind(desk.agency)}
    return show(request, "office/communities.html", desk, context, nav="office", status=status)


@require_POST
@desk_page("admin")
def remove(request: HttpRequest, desk: Desk, community_id: UUID) -> HttpResponse:
    """Takes it off the list; one that promises, dialogues or meetings name stays, and the page says so."""
    community = _one(desk, community_id)
    form, to = TakesRefusals(request.POST), "office_communities"

    def stays(**_status: int) -> HttpResponse:
        messages.error(request, " ".join(map(str, form.non_field_errors())))
        return redirect(to, slug=desk.agency.slug)

    return form_page(
        request,
        form,
        lambda: remove_community(community, actor=desk.person, now=desk.now),
        shown=stays,
        done=lambda _made: go_on(request, desk, _("{name} is off the list.").format(name=community.name), to),
    )


def _one(desk: Desk, community_id: UUID) -> Community:
    found = Community.objects.filter(agency=desk.agency, pk=community_id).first()
    if found is None:
        raise Unknown
    return found


def _by_kind(agency: Agency) -> list[dict[str, Any]]:
    """Each kind that has any, with the sum of its shares."""
    found: dict[str, list[Community]] = {}
    for community in Community.objects.filter(agency=agency).order_by("name", "pk"):
        found.setdefault(community.kind, []).append(community)
    return [
        {
            "name": label,
            "communities": found[kind],
            "sum": sum(one.population_share or 0 for one in found[kind]),
        }
        for kind, label in Community.Kind.choices
        if kind in found
    ]
