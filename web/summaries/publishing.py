"""A summary on its way out: read as everybody will, approved by a leader, published, and sent to who is told."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engage.commitments.models import Commitment
from engage.refusals import Unknown
from events.event.models import Event
from outreach.announcing.who_is_told import told_of_summary
from outreach.summaries import writing
from outreach.summaries.models import SummaryStatus, SummaryVersion
from outreach.summaries.parts import warnings_about
from outreach.summaries.reading import newest_version, published_version, words_of
from web.commitments.rows import as_if_public, row_of
from web.commitments.words import legend
from web.events.staff_head import own_event
from web.site.forms.fields import field_of
from web.site.forms.page import form_page, sent
from web.site.frames.staff import Desk, desk_page, go_on, show
from web.site.frames.swapping import for_htmx
from web.site.languages.names import language_name
from web.summaries.draft_reading import commitments_named, on_record, sending_of
from web.summaries.editing import about_the_present, frame_of
from web.summaries.forms import AsItWasRead, as_it_is_read


def as_everybody_reads_it(version: SummaryVersion, today: dt.date, language: str = "") -> dict[str, Any]:
    """For summaries/_summary.html. language: one of the version's; else that of the page. One query."""
    first, *others = version.languages or ["en"]
    chosen = language if language in {first, *others} else first
    with translation.override(chosen):
        words = words_of(version, chosen)
        rows = [row_of(as_if_public(one), today) for one in commitments_named(version)]
    return {
        "words": words,
        "rows": rows,
        "counts": legend(Counter(row.stands for row in rows)),
        "came": version.attendance.get("total") or 0,
        "tongues": [
            {"code": one, "name": capfirst(language_name(one)), "chosen": one == chosen}
            for one in (first, *others)
        ],
    }


class ApprovalForm(AsItWasRead):
    reply = field_of(
        SummaryVersion,
        "reply",
        gettext_lazy("Your reply, in your own words"),
        widget=forms.Textarea({"rows": 5}),
        hint=gettext_lazy("Everybody will read it below the summary, with your approval."),
    )


@desk_page("outreach:write")
def preview_summary(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """The wording as the public page will show it, its draft promises too."""
    event, version = _open(desk, event_id)
    return _reading(request, desk, event, version, "summaries/preview.html", {})


@desk_page("outreach:write")
def approve_summary(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """For a leader: the whole wording, and the button below it."""
    desk.must_do("summary.approve")
    event, version = _open(desk, event_id)
    initial = {"edit_version": as_it_is_read(version), "reply": version.reply}
    form = ApprovalForm(sent(request), initial=initial)
    said = _("You approved the summary. A liaison can publish it now.")
    return form_page(
        request,
        form,
        lambda: writing.approve(
            version,
            actor=desk.person,
            now=desk.now,
            reply=form.cleaned_data["reply"],
            if_version=form.version_read(version),
        ),
        shown=partial(_reading, request, desk, event, version, "summaries/approve.html", {"form": form}),
        done=lambda _made: go_on(request, desk, said, "event_summary_approve", event_id=event.pk),
        # The words that are shown with it are the present ones, so the next try is about them.
        refused=lambda _refusal: about_the_present(form, version),
    )


@desk_page("outreach:write")
def publish_summary(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """GET says what becomes public and who is told; POST does it."""
    desk.must_do("summary.publish")
    event, version = _open(desk, event_id)
    form = AsItWasRead(sent(request), initial={"edit_version": as_it_is_read(version)})

    def shown(status: int) -> HttpResponse:
        drafts = Commitment.objects.filter(pk__in=version.will_do, agency=desk.agency, draft=True)
        context = frame_of(desk, event, version) | {
            "form": form,
            "drafts": list(drafts.order_by("due_on", "pk")),
            "told": told_of_summary(version),
            "warnings": warnings_about(version),
            "record": on_record(event),
            "is_approved": version.status == SummaryStatus.APPROVED,
        }
        return show(request, "summaries/publish.html", desk, context, nav="events", status=status)

    return form_page(
        request,
        form,
        lambda: writing.publish(
            version, actor=desk.person, now=desk.now, if_version=form.version_read(version)
        ),
        shown=shown,
        done=lambda _made: go_on(
            request, desk, _("The summary is public."), "event_summary", event_id=event.pk
        ),
        refused=lambda _refusal: about_the_present(form, version),
    )


@desk_page("outreach:write")
def summary_sending(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """How far the mails are: a part of the page, asked for again until they are done."""
    event = own_event(desk, event_id)
    version = published_version(event)
    if version is None:
        raise Unknown
    context = {"event": event, "version": version, "sending": sending_of(version)}
    return for_htmx(show(request, "summaries/_sending.html", desk, context))


def _open(desk: Desk, event_id: UUID) -> tuple[Event, SummaryVersion]:
    event = own_event(desk, event_id)
    version = newest_version(event)
    if version is None:
        raise Unknown
    return event, version


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
