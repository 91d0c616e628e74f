"""One commitment for staff: all of its record, the next line of its public history, and its draft before it is public."""

from __future__ import annotations

from functools import partial
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from engage.agencies.models import Community
from engage.commitments.standing import first_day_of_moved, has_ended
from engage.commitments.tracking import edit, update
from engage.refusals import RuleViolation, StaleEdit
from engage.roles.staff import colleagues_of
from outreach.announcing.who_is_told import told_of_update
from web.commitments.forms import CommitmentForm, UpdateForm
from web.commitments.staff_record import CommitmentRecord, commitment_of, history, record_of
from web.commitments.words import standing_of
from web.site.forms.page import form_page, sent
from web.site.frames.staff import Desk, desk_page, go_on, show

_FOLDED: Final = frozenset({"title", "done_means", "owner", "owner_office", "due_on"})


@desk_page("commitments:write")
def desk_commitment(request: HttpRequest, desk: Desk, commitment_id: UUID) -> HttpResponse:
    """GET shows it; POST writes the next line of its history, which everyone can read."""
    record = record_of(desk.agency, commitment_id)
    form = UpdateForm(
        sent(request),
        commitment=record.commitment,
        colleagues=colleagues_of(desk.agency),
        loose=record.loose,
    )

    def shown(status: int) -> HttpResponse:
        context = _context(desk, record, form)
        return show(request, "commitments/staff_detail.html", desk, context, nav="commitments", status=status)

    def refused(refusal: RuleViolation) -> None:
        if isinstance(refusal, StaleEdit):
            _bring_up_to_date(form, record)

    said = _("The update is saved, and everyone can read it.")
    return form_page(
        request,
        form,
        lambda: update(record.commitment, actor=desk.person, now=desk.now, **form.given()),
        shown=shown,
        done=lambda _made: go_on(request, desk, said, "desk_commitment", commitment_id=commitment_id),
        refused=refused,
    )


@desk_page("commitments:write")
def edit_draft(request: HttpRequest, desk: Desk, commitment_id: UUID) -> HttpResponse:
    """A draft may change in any way; a commitment that is public may not (``use_updates``)."""
    draft = commitment_of(desk.agency, commitment_id)
    if not draft.draft:
        return redirect("desk_commitment", slug=desk.agency.slug, commitment_id=commitment_id)
    form = CommitmentForm(
        sent(request),
        agency=desk.agency,
        colleagues=colleagues_of(desk.agency),
        communities=Community.objects.filter(agency=desk.agency).order_by("name", "pk"),
        initial=CommitmentForm.as_it_is(draft),
    )
    context = {"form": form, "draft": draft}
    said = _("The draft is saved. Only staff see it.")
    return form_page(
        request,
        form,
        lambda: edit(
            draft,
            actor=desk.person,
            fields=form.given(),
            now=desk.now,
            if_version=form.cleaned_data["edit_version"],
        ),
        shown=partial(show, request, "commitments/form.html", desk, context, nav="commitments"),
        done=lambda _made: go_on(request, desk, said, "desk_commitment", commitment_id=commitment_id),
    )


def _context(desk: Desk, record: CommitmentRecord, form: UpdateForm) -> dict[str, Any]:
    commitment = record.commitment
    return {
        "commitment": commitment,
        "standing": standing_of(commitment, desk.today, staff=True),
        "communities": record.communities,
        "lines": history(record.lines),
        "first_due": first_day_of_moved(commitment),
        "form": form,
        "followers": told_of_update(commitment).followers,
        "has_ended": has_ended(commitment),
        # Open where something in it was changed or is wrong: what was typed stands where it can be seen.
        "open_more": bool(_FOLDED & (set(form.errors) | form.said_otherwise)),
    }


def _bring_up_to_date(form: UpdateForm, record: CommitmentRecord) -> None:
    """Somebody was faster: what was typed stays, and sending it again means it is meant now.

    What was only sent along, since it stood there, is brought up to date: else it would undo what the other did.
    """
    typed: Any = form.data
    data = typed.copy()
    data["if_version"] = str(record.commitment.edit_version)
    for name, now in UpdateForm.as_it_is(record.commitment).items():
        if name in form.fields and name not in form.said_otherwise:
            data[name] = str(now)
    form.data = data
