"""People and roles: who works here, whom to invite, whose role ends."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from engage.agencies.models import Agency
from engage.contacts.addresses import LONGEST_EMAIL
from engage.refusals import Unknown
from engage.roles.granting import end_role, invite, withdraw_invitation
from engage.roles.handing_over import Owned, choices_for, of_leaving, would_leave
from engage.roles.models import Invitation, Role
from web.account.what_ends import stay
from web.office.staff_listing import staff_of
from web.site.forms.fields import a_choice, offer
from web.site.forms.page import form_page, sent
from web.site.forms.refusals import TakesRefusals
from web.site.frames.staff import Desk, desk_page, go_on, show
from web.site.languages.names import language_choices

_NOBODY: Final = "nobody"


class InviteForm(TakesRefusals):
    email = forms.EmailField(
        label=gettext_lazy("Email"),
        max_length=LONGEST_EMAIL,
        widget=forms.EmailInput({"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Give an email address.")},
        help_text=gettext_lazy("We mail a link that works for seven days."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role.Kind.choices, widget=forms.RadioSelect)
    language = forms.ChoiceField(label=gettext_lazy("Language of the mail"))

    def __init__(self, data: Any = None, *, agency: Agency) -> None:
        super().__init__(data, initial={"kind": Role.Kind.LIAISON.value})
        offer(self, "language", language_choices([]))


class LeavingForm(TakesRefusals):
    """For each kind of thing that somebody leaves behind: who takes it. Nobody is a choice, and has to be made."""

    def __init__(self, data: Any = None, *, role: Role, leaves: Sequence[Owned]) -> None:
        super().__init__(data)
        for one in leaves:
            people = choices_for(one.kind, role.agency, role.person)
            asked = a_choice(one.kind.said(one.number), [], hint=gettext_lazy("Who takes it from now on?"))
            asked.error_messages["required"] = gettext_lazy("Choose who takes it, or nobody for now.")
            self.fields[one.kind.code] = asked
            named = [(str(person.pk), str(person)) for person in people]
            offer(self, one.kind.code, [("", _("Choose one")), *named, (_NOBODY, _("Nobody for now"))])

    def takers(self) -> dict[str, UUID | None]:
        """As ``end_role`` takes it."""
        return {code: None if pk == _NOBODY else UUID(pk) for code, pk in self.cleaned_data.items()}


@desk_page("admin")
def people(request: HttpRequest, desk: Desk) -> HttpResponse:
    """GET shows everyone who holds a role; POST invites somebody by mail."""
    form = InviteForm(sent(request), agency=desk.agency)
    return form_page(
        request,
        form,
        lambda: invite(agency=desk.agency, actor=desk.person, now=desk.now, **form.cleaned_data),
        shown=lambda status: _staff(request, desk, form, status),
        done=lambda made: go_on(
            request,
            desk,
            _("The invitation is on its way to {email}.").format(email=made.email),
            "office_people",
        ),
    )


@desk_page("admin")
def end_somebodys_role(request: HttpRequest, desk: Desk, role_id: UUID) -> HttpResponse:
    """GET says what ends; POST ends it. Raises Unknown for a role elsewhere or one that has ended."""
    role = Role.objects.filter(agency=desk.agency, pk=role_id, until=None).select_related("person").first()
    if role is None:
        raise Unknown
    role.agency = desk.agency
    leaves, is_me = would_leave(role), role.person_id == desk.person.pk
    form = LeavingForm(sent(request), role=role, leaves=leaves)
    context = {"role": role, "form": form, "is_own": is_me, "leaves": leaves}

    def shown(*, status: int) -> HttpResponse:
        # Asked anew: it may have changed while the form was read.
        context["question"] = of_leaving(role, would_leave(role))
        return show(request, "office/end_role.html", desk, context, nav="office", status=status)

    def ended(_made: object) -> HttpResponse:
        messages.success(request, _("The role has ended."))
        if is_me:
            stay(request, desk.person)
        is_own = is_me and role.kind == Role.Kind.ADMIN
        return redirect("account") if is_own else redirect("office_people", slug=desk.agency.slug)

    return form_page(
        request,
        form,
        lambda: end_role(
            role, actor=desk.person, now=desk.now, confirm=request.POST.get("confirm", ""), to=form.takers()
        ),
        shown=shown,
        done=ended,
    )


def _staff(request: HttpRequest, desk: Desk, form: InviteForm, status: int) -> HttpResponse:
    staff = staff_of(desk.agency, now=desk.now)
    context = {
        "form": form,
        "people": [(person, list(roles)) for person, roles in groupby(staff.roles, lambda role: role.person)],
        "invitations": staff.invitations,
        "kinds": _kinds(),
    }
    return show(request, "office/people.html", desk, context, nav="office", status=status)


@require_POST
@desk_page("admin")
def withdraw(request: HttpRequest, desk: Desk, invitation_id: UUID) -> HttpResponse:
    """The link that was mailed opens nothing from now on."""
    found = Invitation.objects.filter(agency=desk.agency, pk=invitation_id).first()
    if found is None:
        raise Unknown
    withdraw_invitation(found, actor=desk.person, now=desk.now)
    return go_on(request, desk, _("The invitation is withdrawn."), "office_people")


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
