"""Pledges: what the agency promises about its own conduct, shown only while an administrator's signature stands."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engage.agency_onboarding import sign_pledge, withdraw_pledge
from engage.models import Pledge, uuid7
from engage.rule_violation import RuleViolation, Unknown
from web.desk_frame import Desk, desk_page, show
from web.forms.refusals import TakesRefusals

OWN = "own"


class PledgeForm(TakesRefusals):
    """code: one of the usual pledges, or ``own`` for the agency's own words."""

    code = forms.SlugField(max_length=63, widget=forms.HiddenInput)
    text = forms.CharField(
        label=gettext_lazy("The pledge, as the public reads it"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": gettext_lazy("Write what you pledge.")},
        help_text=gettext_lazy("Promise only what you will do. It stands on the public pages with its date."),
    )

    def given(self) -> dict[str, str]:
        code = self.cleaned_data["code"]
        return {
            "code": f"own-{uuid7().hex[-12:]}" if code == OWN else code,
            "text": self.cleaned_data["text"],
        }


@desk_page("admin")
def pledges(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Those that stand, those withdrawn, and the usual ones that could be signed."""
    found = list(
        Pledge.objects.filter(agency=desk.agency)
        .select_related("signed_by")
        .order_by("-signed_on", "-id")[:200]
    )
    standing = {pledge.code for pledge in found if pledge.withdrawn_on is None}
    context = {
        "standing": [pledge for pledge in found if pledge.withdrawn_on is None],
        "withdrawn": [pledge for pledge in found if pledge.withdrawn_on is not None],
        "usual": [(code, text) for code, text in usual_pledges().items() if code not in standing],
    }
    return show(request, "office/pledges.html", desk, context, nav="office")


@desk_page("admin")
def sign(request: HttpRequest, desk: Desk, code: str) -> HttpResponse:
    """GET shows the words, which can be changed before they are signed; POST signs them with name and date."""
    usual = usual_pledges()
    if code != OWN and code not in usual:
        raise Unknown
    begun: dict[str, Any] = {"code": code, "text": usual.get(code, "")}
    form, status = PledgeForm(request.POST if request.method == "POST" else None, initial=begun), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                sign_pledge(desk.agency, actor=desk.person, now=desk.now, **form.given())
                messages.success(request, _("The pledge is signed, and everyone can read it."))
                return redirect("office_pledges", slug=desk.agency.slug)
            except RuleViolation as refusal:
                form.take(refusal)
                status = 409 if refusal.refusal.value == "conflict" else 400
    return show(
        request,
        "office/sign_pledge.html",
        desk,
        {"form": form, "today": desk.today},
        nav="office",
        status=status,
    )


@desk_page("admin")
def withdraw(request: HttpRequest, desk: Desk, pledge_id: UUID) -> HttpResponse:
    """GET says what the public will see; POST withdraws it."""
    pledge = (
        Pledge.objects.filter(agency=desk.agency, pk=pledge_id, withdrawn_on=None)
        .select_related("agency")
        .first()
    )
    if pledge is None:
        raise Unknown
    if request.method == "POST":
        withdraw_pledge(pledge, actor=desk.person, now=desk.now)
        messages.success(request, _("The pledge is withdrawn. The public record says since when."))
        return redirect("office_pledges", slug=desk.agency.slug)
    return show(request, "office/withdraw_pledge.html", desk, {"pledge": pledge}, nav="office")


def usual_pledges() -> dict[str, str]:
    """By code, in the language of the page."""
    return {
        "never_used_to_investigate": _(
            "What people say at a meeting, and who came, is never used to investigate anybody."
        ),
        "date_moves_once": _("The date of a promise moves once at most, and the reason is public."),
        "no_id_asked": _("Nobody is asked for an ID or a name at the door of a public meeting."),
        "not_recorded": _("Nothing is filmed or recorded at a listening session."),
        "answers_in_ten_days": _("Every question that is put to us gets an answer within ten working days."),
    }
