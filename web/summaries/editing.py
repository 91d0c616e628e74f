"""The summary of a meeting: drafted from the record, edited, looked at as everybody will, approved, published, corrected."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from engage.listening.listing import themes_for
from engage.refusals import RuleViolation, StaleEdit, Unknown
from events.door.attendance import attendance
from events.event.models import OVER, Event
from outreach.summaries import writing
from outreach.summaries.drafting import counts_by_theme
from outreach.summaries.models import SummaryStatus, SummaryVersion
from outreach.summaries.parts import warnings_about
from outreach.summaries.reading import open_version, published_version
from web.commitments.words import standing_of
from web.events.staff_head import head_of, own_event
from web.site.forms.page import form_page, sent
from web.site.forms.refusals import TakesRefusals
from web.site.frames.staff import Desk, desk_page, go_on, show
from web.summaries.draft_reading import commitments_to_name, on_record, quotes_allowed, sending_of
from web.summaries.forms import AsItWasRead, BeginCorrection, SummaryForm, as_it_is_read


def about_the_present(form: forms.Form, version: SummaryVersion) -> None:
    """The next time it is sent, the form is about ``version``, which its page shows beside the words typed."""
    sent: Any = form.data
    again = sent.copy()
    again["edit_version"] = as_it_is_read(version)
    form.data = again


@desk_page("outreach:write")
def event_summary(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """Where the summary stands and what can be done now. A liaison writes here (POST saves); a leader reads and approves."""
    event = own_event(desk, event_id)
    version = open_version(event)
    if request.method == "POST":
        desk.must_do("summary.edit")
        if version is None:
            raise Unknown
        return _edited(request, desk, event, version)
    if version is None:
        return _without_a_draft(request, desk, event)
    if not desk.does("summary.edit"):
        return HttpResponseRedirect(_url("event_summary_approve", desk, event))
    return _draft_page(request, desk, event, version, _form(event, version))


@desk_page("outreach:write")
def draft_summary(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """The first wording, from the record; after publishing, a correction, which asks what it corrects."""
    event = own_event(desk, event_id)
    corrects = open_version(event) is None and published_version(event) is not None
    if request.method == "POST" or corrects:
        desk.must_do("summary.draft")
    form = BeginCorrection(sent(request)) if corrects else TakesRefusals(sent(request))
    context = frame_of(desk, event, None) | {"form": form}

    def shown(status: int) -> HttpResponse:
        if not corrects and status == HTTPStatus.OK:
            return HttpResponseRedirect(_url("event_summary", desk, event))
        return show(request, "summaries/correct.html", desk, context, nav="events", status=status)

    def done(drafted: writing.Drafted) -> HttpResponse:
        if drafted.created and not corrects:
            said = _("The draft is made from the record. Read it, and write what is missing.")
            messages.success(request, said)
        return HttpResponseRedirect(_url("event_summary", desk, event))

    return form_page(
        request,
        form,
        lambda: writing.draft(event, actor=desk.person, now=desk.now, **form.cleaned_data),
        shown=shown,
        done=done,
    )


@desk_page("outreach:write")
def discard_summary(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """GET asks, POST throws away what was begun and not published."""
    desk.must_do("summary.discard")
    event = own_event(desk, event_id)
    version = open_version(event)
    if version is None:
        return HttpResponseRedirect(_url("event_summary", desk, event))
    form = AsItWasRead(sent(request), initial={"edit_version": as_it_is_read(version)})
    context = frame_of(desk, event, version) | {"form": form}
    return form_page(
        request,
        form,
        lambda: writing.discard(
            version, actor=desk.person, now=desk.now, if_version=form.version_read(version)
        ),
        shown=partial(show, request, "summaries/discard.html", desk, context, nav="events"),
        done=lambda _made: go_on(request, desk, _("It is thrown away."), "event_summary", event_id=event.pk),
        refused=lambda _refusal: about_the_present(form, version),
    )


def frame_of(desk: Desk, event: Event, version: SummaryVersion | None) -> dict[str, Any]:
    """What every page about the summary shows around itself."""
    return {
        "event": event,
        "head": head_of(desk, event, "summary"),
        "version": version,
        "record": None,
        "warnings": (),
        "writes": desk.does("summary.edit"),
        "approves": desk.does("summary.approve"),
    }


def _without_a_draft(request: HttpRequest, desk: Desk, event: Event) -> HttpResponse:
    published = published_version(event)
    context = frame_of(desk, event, published) | {"is_over": event.status in OVER}
    if published is not None:
        context["sending"] = sending_of(published)
    elif context["is_over"]:
        context["record"] = on_record(event)
    return show(request, "summaries/standing.html", desk, context, nav="events")


def _draft_page(
    request: HttpRequest,
    desk: Desk,
    event: Event,
    version: SummaryVersion,
    form: SummaryForm,
    *,
    status: int = 200,
) -> HttpResponse:
    commitments = [
        (box, one, standing_of(one, desk.today, staff=True)) for box, one in form.commitment_choices()
    ]
    context = frame_of(desk, event, version) | {
        "form": form,
        "commitments": commitments,
        "warnings": warnings_about(version),
        "record": on_record(event),
        "published": published_version(event) if version.number > 1 else None,
    }
    return show(request, "summaries/edit.html", desk, context, nav="events", status=status)


def _edited(request: HttpRequest, desk: Desk, event: Event, version: SummaryVersion) -> HttpResponse:
    form = _form(event, version, request.POST)

    def edit() -> None:
        fields = form.changes() | {"attendance": attendance(event)}
        seen = form.version_read(version)
        writing.edit(version, actor=desk.person, fields=fields, now=desk.now, if_version=seen)

    def refused(refusal: RuleViolation) -> None:
        # The words stay in the fields; saved once more, they replace the other writer's, who is named by the rule.
        if isinstance(refusal, StaleEdit):
            about_the_present(form, version)

    return form_page(
        request,
        form,
        edit,
        shown=partial(_draft_page, request, desk, event, version, form),
        done=lambda _made: go_on(request, desk, _saved_words(version), "event_summary", event_id=event.pk),
        refused=refused,
    )


def _saved_words(before: SummaryVersion) -> str:
    if before.status == SummaryStatus.APPROVED:
        return _("The summary is saved. Its words changed, so a leader has to approve it again.")
    return _("The summary is saved.")


def _form(event: Event, version: SummaryVersion, data: Any = None) -> SummaryForm:
    return SummaryForm(
        version,
        data,
        commitments=commitments_to_name(event, version),
        counts=counts_by_theme(event),
        quotes=quotes_allowed(event),
        themes=themes_for(event),
    )


def _url(name: str, desk: Desk, event: Event) -> str:
    return reverse(name, kwargs={"slug": desk.agency.slug, "event_id": event.pk})
