"""A summary on its way out: read as everybody will, approved by a leader, published, and sent to who is told."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engage.models import Commitment, Role
from engage.rule_violation import RuleViolation, Unknown
from events.models import Event
from outreach import outcome_summarising
from outreach.models import SummaryStatus, SummaryVersion
from outreach.summary_reading import readers_told, sending_of
from outreach.summary_shapes import warnings_about
from web.desk.event_head import own_event
from web.desk_frame import Desk, desk_page, show
from web.forms.refusals import TakesRefusals, status_of
from web.listening.stale_forms import about_the_present
from web.listening.summary_pages import frame_of, must_be
from web.listening.summary_preview import as_everybody_reads_it
from web.listening.swapping import for_htmx


class AsItWasRead(TakesRefusals):
    """edit_version: of the words that stood on the page."""

    edit_version = forms.IntegerField(widget=forms.HiddenInput)


class ApprovalForm(AsItWasRead):
    reply = forms.CharField(
        label=gettext_lazy("Your reply, in your own words"),
        max_length=4000,
        required=False,
        widget=forms.Textarea({"rows": 5}),
        help_text=gettext_lazy("Everybody will read it below the summary, with your approval."),
    )


@desk_page("outreach:write")
def preview_summary(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """The wording as the public page will show it, its draft promises too."""
    event, version = _open(desk, event_id)
    return _reading(request, desk, event, version, "console/summary/preview.html", {})


@desk_page("outreach:write")
def approve_summary(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """For a leader: the whole wording, and the button below it."""
    must_be(desk, Role.Kind.LEADER)
    event, version = _open(desk, event_id)
    data = request.POST if request.method == "POST" else None
    initial = {"edit_version": version.edit_version, "reply": version.reply}
    form, status = ApprovalForm(data, initial=initial), 400 if data is not None else 200
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            outcome_summarising.approve(
                version,
                actor=desk.person,
                now=desk.now,
                reply=given["reply"],
                if_version=given["edit_version"],
            )
        except RuleViolation as refusal:
            status = _taken(form, refusal, version)
        else:
            messages.success(request, _("You approved the summary. A liaison can publish it now."))
            return HttpResponseRedirect(_url("event_summary_approve", desk, event))
    return _reading(
        request, desk, event, version, "console/summary/approve.html", {"form": form}, status=status
    )


@desk_page("outreach:write")
def publish_summary(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """GET says what becomes public and who is told; POST does it."""
    must_be(desk, Role.Kind.LIAISON)
    event, version = _open(desk, event_id)
    data = request.POST if request.method == "POST" else None
    form, status = (
        AsItWasRead(data, initial={"edit_version": version.edit_version}),
        400 if data is not None else 200,
    )
    if form.is_bound and form.is_valid():
        try:
            outcome_summarising.publish(
                version, actor=desk.person, now=desk.now, if_version=form.cleaned_data["edit_version"]
            )
        except RuleViolation as refusal:
            status = _taken(form, refusal, version)
        else:
            messages.success(request, _("The summary is public."))
            return HttpResponseRedirect(_url("event_summary", desk, event))
    drafts = Commitment.objects.filter(pk__in=version.will_do, agency=desk.agency, draft=True).order_by(
        "due_on", "pk"
    )
    context = frame_of(desk, event, version) | {
        "form": form,
        "drafts": list(drafts),
        "readers": readers_told(version),
        "warnings": warnings_about(version),
        "is_approved": version.status == SummaryStatus.APPROVED,
    }
    return show(request, "console/summary/publish.html", desk, context, nav="events", status=status)


@desk_page("outreach:write")
def summary_sending(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """How far the mails are: a part of the page, asked for again until they are done."""
    event = own_event(desk, event_id)
    version = outcome_summarising.published_version(event)
    if version is None:
        raise Unknown
    context = {"event": event, "version": version, "sending": sending_of(version)}
    return for_htmx(show(request, "console/summary/_sending.html", desk, context))


def _open(desk: Desk, event_id: UUID) -> tuple[Event, SummaryVersion]:
    event = own_event(desk, event_id)
    version = outcome_summarising.open_version(event) or outcome_summarising.published_version(event)
    if version is None:
        raise Unknown
    return event, version


def _taken(form: AsItWasRead, refusal: RuleViolation, version: SummaryVersion) -> int:
    """The refusal on the form. The words that are shown with it are the present ones, so the next try is about them."""
    form.take(refusal)
    about_the_present(form, version.edit_version)
    return status_of(refusal)


def _reading(
    request: HttpRequest,
    desk: Desk,
    event: Event,
    version: SummaryVersion,
    template: str,
    more: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    context = (
        frame_of(desk, event, version)
        | as_everybody_reads_it(version, desk.today, request.GET.get("in", ""))
        | more
    )
    return show(request, template, desk, context, nav="events", status=status)


def _url(name: str, desk: Desk, event: Event) -> str:
    return reverse(name, kwargs={"slug": desk.agency.slug, "event_id": event.pk})
