"""People and roles: who works here, whom to invite, whose role ends."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from engage.models import Agency, Invitation, Role
from engage.role_granting import end_role, invite, withdraw_invitation
from engage.rule_violation import RuleViolation, Unknown
from engage.who_works_here import staff_of
from web.access_events import stay
from web.desk_frame import Desk, desk_page, show
from web.forms.refusals import TakesRefusals
from web.language_names import language_choices


class InviteForm(TakesRefusals):
    email = forms.EmailField(
        label=gettext_lazy("Email"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Give an email address.")},
        help_text=gettext_lazy("We mail a link that works for seven days."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role.Kind.choices, widget=forms.RadioSelect)
    language = forms.ChoiceField(label=gettext_lazy("Language of the mail"))

    def __init__(self, data: Any = None, *, agency: Agency) -> None:
        super().__init__(data, initial={"kind": Role.Kind.LIAISON.value})
        self.fields["language"].choices = language_choices([])  # type: ignore[attr-defined]


@desk_page("admin")
def people(request: HttpRequest, desk: Desk) -> HttpResponse:
    """GET shows everyone who holds a role; POST invites somebody by mail."""
    form, status = InviteForm(request.POST if request.method == "POST" else None, agency=desk.agency), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                made = invite(agency=desk.agency, actor=desk.person, now=desk.now, **form.cleaned_data)
                messages.success(
                    request, _("The invitation is on its way to {email}.").format(email=made.email)
                )
                return redirect("office_people", slug=desk.agency.slug)
            except RuleViolation as refusal:
                form.take(refusal)
                status = 409 if refusal.refusal.value == "conflict" else 400
    staff = staff_of(desk.agency, now=desk.now)
    context = {
        "form": form,
        "people": [(person, list(roles)) for person, roles in groupby(staff.roles, lambda role: role.person)],
        "invitations": staff.invitations,
        "kinds": _kinds(),
    }
    return show(request, "office/people.html", desk, context, nav="office", status=status)


@desk_page("admin")
def end_somebodys_role(request: HttpRequest, desk: Desk, role_id: UUID) -> HttpResponse:
    """GET says what ends; POST ends it. Raises Unknown for a role elsewhere or one that has ended."""
    role = Role.objects.filter(agency=desk.agency, pk=role_id, until=None).select_related("person").first()
    if role is None:
        raise Unknown
    form, status = TakesRefusals(request.POST if request.method == "POST" else None), 200
    if request.method == "POST" and form.is_valid():
        try:
            end_role(role, actor=desk.person, now=desk.now)
            messages.success(request, _("The role has ended."))
            is_me = role.person_id == desk.person.pk
            if is_me:
                stay(request, desk.person)
            is_own = is_me and role.kind == Role.Kind.ADMIN
            return redirect("account") if is_own else redirect("office_people", slug=desk.agency.slug)
        except RuleViolation as refusal:
            form.take(refusal)
            status = 409
    context = {"role": role, "form": form, "is_own": role.person_id == desk.person.pk}
    return show(request, "office/end_role.html", desk, context, nav="office", status=status)


@require_POST
@desk_page("admin")
def withdraw(request: HttpRequest, desk: Desk, invitation_id: UUID) -> HttpResponse:
    """The link that was mailed opens nothing from now on."""
    found = Invitation.objects.filter(agency=desk.agency, pk=invitation_id).first()
    if found is None:
        raise Unknown
    withdraw_invitation(found, actor=desk.person, now=desk.now)
    messages.success(request, _("The invitation is withdrawn."))
    return redirect("office_people", slug=desk.agency.slug)


def _kinds() -> list[tuple[str, str]]:
    """What each role may do, in a sentence."""
    return [
        (str(Role.Kind.LIAISON.label), _("Plans and runs meetings, listens, keeps promises.")),
        (
            str(Role.Kind.LEADER.label),
            _("Sees what is kept and late, decides, approves summaries, answers for promises."),
        ),
        (
            str(Role.Kind.PANELIST.label),
            _("Sees the meetings that staff see. More comes with the advisory panel."),
        ),
        (str(Role.Kind.ADMIN.label), _("Looks after these settings, people and keys.")),
    ]
