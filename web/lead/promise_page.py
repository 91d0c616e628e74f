"""One promise for staff: all of its record, the next line of its public history, and its draft before it is public."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from engage.commitment_tracking import edit, update
from engage.models import ENDED, Community
from engage.promise_record import PromiseRecord, colleagues_of, promise_of, record_of
from engage.rule_violation import RuleViolation, StaleEdit
from outreach.promise_followers import followers_of
from web.desk_frame import Desk, desk_page, show
from web.lead.history import history
from web.lead.promise_forms import PromiseForm, UpdateForm, taken
from web.promise_words import standing_of


@desk_page("commitments:write")
def desk_promise(request: HttpRequest, desk: Desk, commitment_id: UUID) -> HttpResponse:
    """GET shows it; POST writes the next line of its history, which everyone can read."""
    record = record_of(desk.agency, commitment_id)
    about: dict[str, Any] = {
        "promised": record.promised,
        "colleagues": colleagues_of(desk.agency),
        "loose": record.loose,
    }
    form = UpdateForm(request.POST if request.method == "POST" else None, **about)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                update(record.promised, actor=desk.person, now=desk.now, **form.given())
                messages.success(request, _("The update is saved, and everyone can read it."))
                return redirect("desk_promise", slug=desk.agency.slug, commitment_id=commitment_id)
            except StaleEdit as refusal:
                status = taken(form, refusal)
                form = _with_the_present_version(form, record)
            except RuleViolation as refusal:
                status = taken(form, refusal)
    return show(
        request, "follow/promise.html", desk, _context(desk, record, form), nav="promises", status=status
    )


@desk_page("commitments:write")
def edit_draft(request: HttpRequest, desk: Desk, commitment_id: UUID) -> HttpResponse:
    """A draft may change in any way; a promise that is public may not (``use_updates``)."""
    draft = promise_of(desk.agency, commitment_id)
    if not draft.draft:
        return redirect("desk_promise", slug=desk.agency.slug, commitment_id=commitment_id)
    form = PromiseForm(
        request.POST if request.method == "POST" else None,
        agency=desk.agency,
        colleagues=colleagues_of(desk.agency),
        communities=Community.objects.filter(agency=desk.agency).order_by("name", "pk"),
        initial=PromiseForm.as_it_is(draft),
    )
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                edit(draft, actor=desk.person, fields=form.given(), now=desk.now)
                messages.success(request, _("The draft is saved. Only staff see it."))
                return redirect("desk_promise", slug=desk.agency.slug, commitment_id=commitment_id)
            except RuleViolation as refusal:
                status = taken(form, refusal)
    context = {"form": form, "draft": draft}
    return show(request, "follow/promise_form.html", desk, context, nav="promises", status=status)


def _context(desk: Desk, record: PromiseRecord, form: UpdateForm) -> dict[str, Any]:
    promised = record.promised
    return {
        "promised": promised,
        "standing": standing_of(promised, desk.today, staff=True),
        "communities": record.communities,
        "lines": history(record.lines),
        "loose": record.loose,
        "form": form,
        "followers": 0 if promised.draft else followers_of(promised),
        "has_ended": promised.status in ENDED,
        "open_more": bool({"title", "done_means", "owner", "owner_office", "due_on"} & set(form.errors)),
    }


def _with_the_present_version(form: UpdateForm, record: PromiseRecord) -> UpdateForm:
    """Somebody was faster: what was typed stays, and sending it again means it is meant now.

    What was only sent along, since it stood there, is brought up to date: else it would undo what the other did.
    """
    sent: Any = form.data
    data = sent.copy()
    data["if_version"] = str(record.promised.edit_version)
    for name, now in UpdateForm.as_it_is(record.promised).items():
        if name in form.fields and name not in form.said_otherwise:
            data[name] = str(now)
    form.data = data
    return form
