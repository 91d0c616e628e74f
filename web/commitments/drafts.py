"""A draft before anybody outside has seen it: making it public, which asks first, and deleting it."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from engage.commitments.models import Commitment
from engage.commitments.tracking import confirm
from engage.commitments.ways_back import delete_draft
from engage.refusals import WrongState
from outreach.summaries.models import SummaryVersion
from web.commitments.acts import back_name, back_to
from web.commitments.rows import as_if_public, row_of
from web.commitments.staff_record import commitment_of
from web.site.forms.page import form_page
from web.site.forms.refusals import TakesRefusals
from web.site.frames.staff import Desk, desk_page, go_on, show


class MakePublicForm(TakesRefusals):
    """edit_version: of the words that stood on the page."""

    edit_version = forms.IntegerField(widget=forms.HiddenInput)


@desk_page("commitments:write")
def confirm_commitment(request: HttpRequest, desk: Desk, commitment_id: UUID) -> HttpResponse:
    """A draft becomes public, with the next number: asked first, with the words that everyone will read.

    What is sent from that page says which words it showed; from anywhere else the page is shown. Raises WrongState.
    """
    commitment = commitment_of(desk.agency, commitment_id)
    if not commitment.draft:
        raise WrongState(_("It is public already."))
    form = MakePublicForm(request.POST if "edit_version" in request.POST else None)

    def shown(status: int) -> HttpResponse:
        now = commitment_of(desk.agency, commitment_id)
        context = {
            "commitment": now,
            "row": row_of(as_if_public(now), desk.today),
            "form": form,
            "back": back_name(request),
            "back_url": back_to(request, desk, now),
        }
        return show(request, "commitments/confirm.html", desk, context, nav="commitments", status=status)

    def done(made: Commitment) -> HttpResponse:
        said = _("The promise is public. It has number {number}.").format(number=made.number)
        messages.success(request, said)
        return redirect(back_to(request, desk, made))

    if not form.is_bound:
        return shown(HTTPStatus.OK)
    return form_page(
        request,
        form,
        lambda: confirm(
            commitment, actor=desk.person, now=desk.now, if_version=form.cleaned_data["edit_version"]
        ),
        shown=shown,
        done=done,
    )


@desk_page("commitments:write")
def delete_draft_page(request: HttpRequest, desk: Desk, commitment_id: UUID) -> HttpResponse:
    """GET asks; POST deletes what nobody outside has seen. Raises WrongState for what is public."""
    draft = commitment_of(desk.agency, commitment_id)
    if not draft.draft:
        raise WrongState(_("It is public. It can be stopped, with a reason, but not deleted."))
    if SummaryVersion.objects.filter(agency=desk.agency, will_do__contains=[draft.pk]).exists():
        raise WrongState(_("The summary of a meeting names this draft. Take it out there first."))
    if request.method == "POST":
        delete_draft(draft, actor=desk.person, now=desk.now)
        return go_on(request, desk, _("The draft is deleted."), "desk_commitments")
    return show(request, "commitments/delete_draft.html", desk, {"commitment": draft}, nav="commitments")
