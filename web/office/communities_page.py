"""The communities that the agency serves: neighborhoods, languages, ages, and their share of the people."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from engage.agency_onboarding import add_community, edit_community, remove_community
from engage.models import Agency, Community
from engage.rule_violation import RuleViolation, Unknown
from web.desk_frame import Desk, desk_page, show
from web.forms.refusals import TakesRefusals, status_of


class CommunityForm(TakesRefusals):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=200,
        error_messages={"required": gettext_lazy("Say what it is called.")},
    )
    kind = forms.ChoiceField(label=gettext_lazy("What kind"), choices=Community.Kind.choices)
    population_share = forms.DecimalField(
        label=gettext_lazy("Share of the people, in percent"),
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        required=False,
        help_text=gettext_lazy("Leave it empty if you do not know. All of one kind come to 100 at most."),
    )
    seldom_heard = forms.BooleanField(label=gettext_lazy("We seldom hear from them"), required=False)


@desk_page("admin")
def communities(request: HttpRequest, desk: Desk) -> HttpResponse:
    """GET lists them by kind; POST adds one."""
    form, status = CommunityForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                made = add_community(desk.agency, actor=desk.person, now=desk.now, **form.cleaned_data)
                messages.success(request, _("{name} is on the list.").format(name=made.name))
                return redirect("office_communities", slug=desk.agency.slug)
            except RuleViolation as refusal:
                form.take(refusal)
                status = status_of(refusal)
    context = {"form": form, "groups": _by_kind(desk.agency)}
    return show(request, "office/communities.html", desk, context, nav="office", status=status)


@desk_page("admin")
def edit(request: HttpRequest, desk: Desk, community_id: UUID) -> HttpResponse:
    community = _one(desk, community_id)
    kept = {name: getattr(community, name) for name in CommunityForm.base_fields}
    form, status = CommunityForm(request.POST if request.method == "POST" else None, initial=kept), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                edit_community(community, actor=desk.person, now=desk.now, fields=form.cleaned_data)
                messages.success(request, _("The community is changed."))
                return redirect("office_communities", slug=desk.agency.slug)
            except RuleViolation as refusal:
                form.take(refusal)
                status = status_of(refusal)
    context = {"form": form, "community": community}
    return show(request, "office/community.html", desk, context, nav="office", status=status)


@require_POST
@desk_page("admin")
def remove(request: HttpRequest, desk: Desk, community_id: UUID) -> HttpResponse:
    """Takes it off the list; one that promises, dialogues or meetings name stays, and the page says so."""
    community = _one(desk, community_id)
    try:
        remove_community(community, actor=desk.person, now=desk.now)
        messages.success(request, _("{name} is off the list.").format(name=community.name))
    except RuleViolation as refusal:
        messages.error(request, str(refusal.detail))
    return redirect("office_communities", slug=desk.agency.slug)


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
