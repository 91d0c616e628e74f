"""The summary of a meeting: drafted from the record, edited, looked at as everybody will, approved, published, corrected."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from engage.models import Role
from engage.rule_violation import Forbidden, RuleViolation, StaleEdit, Unknown
from engage.said_listing import themes_for
from events.attending import attendance
from events.models import Event, EventStatus
from outreach import outcome_summarising
from outreach.models import SummaryStatus, SummaryVersion
from outreach.summary_drafting import counts_by_theme
from outreach.summary_reading import on_record, promises_to_name, quotes_allowed, sending_of
from outreach.summary_shapes import warnings_about
from web.desk.event_head import head_of, own_event
from web.desk_frame import Desk, desk_page, show
from web.forms.refusals import status_of
from web.listening.stale_forms import about_the_present
from web.listening.summary_forms import SummaryForm
from web.promise_words import standing_of

_OVER = frozenset({EventStatus.ENDED, EventStatus.REPORTED})


@desk_page("outreach:write")
def event_summary(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """Where the summary stands and what can be done now. A liaison writes here (POST saves); a leader reads and approves."""
    event = own_event(desk, event_id)
    version = outcome_summarising.open_version(event)
    if request.method == "POST":
        must_be(desk, Role.Kind.LIAISON)
        if version is None:
            raise Unknown
        return _edited(request, desk, event, version)
    if version is None:
        return _without_a_draft(request, desk, event)
    if not desk.is_a(Role.Kind.LIAISON):
        return HttpResponseRedirect(_url("event_summary_approve", desk, event))
    return _draft_page(request, desk, event, version, _form(event, version))


@desk_page("outreach:write")
def draft_summary(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """POST: the first wording, from the record; after publishing, a correction. GET shows where it stands."""
    event = own_event(desk, event_id)
    if request.method == "POST":
        must_be(desk, Role.Kind.LIAISON)
        drafted = outcome_summarising.draft(event, actor=desk.person, now=desk.now)
        if drafted.created:
            messages.success(
                request, _("The draft is made from the record. Read it, and write what is missing.")
            )
    return HttpResponseRedirect(_url("event_summary", desk, event))


def must_be(desk: Desk, kind: str) -> None:
    """Raises Forbidden."""
    if not desk.is_a(kind):
        raise Forbidden


def frame_of(desk: Desk, event: Event, version: SummaryVersion | None) -> dict[str, Any]:
    """What every page about the summary shows around itself."""
    return {
        "event": event,
        "head": head_of(desk, event, "summary"),
        "version": version,
        "writes": desk.is_a(Role.Kind.LIAISON),
        "approves": desk.is_a(Role.Kind.LEADER),
    }


def _without_a_draft(request: HttpRequest, desk: Desk, event: Event) -> HttpResponse:
    published = outcome_summarising.published_version(event)
    context = frame_of(desk, event, published) | {"is_over": event.status in _OVER}
    if published is not None:
        context["sending"] = sending_of(published)
    elif context["is_over"]:
        context["record"] = on_record(event)
    return show(request, "console/summary/standing.html", desk, context, nav="events")


def _draft_page(
    request: HttpRequest,
    desk: Desk,
    event: Event,
    version: SummaryVersion,
    form: SummaryForm,
    *,
    status: int = 200,
) -> HttpResponse:
    promises = [(box, one, standing_of(one, desk.today, staff=True)) for box, one in form.promise_choices()]
    context = frame_of(desk, event, version) | {
        "form": form,
        "promises": promises,
        "warnings": warnings_about(version),
        "record": on_record(event),
        "published": outcome_summarising.published_version(event) if version.number > 1 else None,
    }
    return show(request, "console/summary/edit.html", desk, context, nav="events", status=status)


def _edited(request: HttpRequest, desk: Desk, event: Event, version: SummaryVersion) -> HttpResponse:
    form, status = _form(event, version, request.POST), 400
    if form.is_valid():
        fields = form.changes() | {"attendance": attendance(event)}
        seen = form.cleaned_data["edit_version"]
        try:
            outcome_summarising.edit(version, actor=desk.person, fields=fields, now=desk.now, if_version=seen)
        except StaleEdit as refusal:
            # The words stay in the fields; saved once more, they replace the other writer's, who is named by the rule.
            form.take(refusal)
            about_the_present(form, version.edit_version)
            return _draft_page(request, desk, event, version, form, status=409)
        except RuleViolation as refusal:
            form.take(refusal)
            status = status_of(refusal)
        else:
            messages.success(request, _saved_words(version))
            return HttpResponseRedirect(_url("event_summary", desk, event))
    return _draft_page(request, desk, event, version, form, status=status)


def _saved_words(before: SummaryVersion) -> str:
    if before.status == SummaryStatus.APPROVED:
        return _("The summary is saved. Its words changed, so a leader has to approve it again.")
    return _("The summary is saved.")


def _form(event: Event, version: SummaryVersion, data: Any = None) -> SummaryForm:
    return SummaryForm(
        version,
        data,
        promises=promises_to_name(event, version),
        counts=counts_by_theme(event),
        quotes=quotes_allowed(event),
        themes=themes_for(event),
    )


def _url(name: str, desk: Desk, event: Event) -> str:
    return reverse(name, kwargs={"slug": desk.agency.slug, "event_id": event.pk})
