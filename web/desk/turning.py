"""The turns in an event's life: publish, start, end, cancel, delete a draft. The ways back stand in ``ways_back``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engage.confirming import ConfirmRequired, Question
from engage.refusal_statuses import status_of
from engage.refusals import RuleViolation, WrongState
from events.event.models import Event, EventStatus
from events.planning import lifecycle
from events.planning.fields import warnings_before_people_come
from events.planning.foreseeing import of_a_cancellation, of_an_early_end, of_an_early_start
from events.planning.scheduling import delete_draft
from events.planning.turning import must_allow, possible_acts
from outreach.announcing.who_is_told import told_of_publishing
from web.events.staff_head import own_event
from web.site import errors
from web.site.forms.fields import field_of
from web.site.forms.page import form_page, sent
from web.site.forms.refusals import TakesRefusals
from web.site.frames.asking import asking_form_page, asks_page
from web.site.frames.staff import Desk, desk_page, go_on, show


class WhyCancelled(TakesRefusals):
    reason = field_of(
        Event,
        "cancelled_reason",
        gettext_lazy("Why is it cancelled?"),
        hint=gettext_lazy("Everyone can read this. Say what happened, and whether there will be a new day."),
        widget=forms.Textarea({"rows": "4"}),
        required=True,
    )


@desk_page("events:write")
def publish_event(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """What publishing does and what is still missing; then it is done."""
    event = own_event(desk, event_id)
    if request.method == "POST":
        lifecycle.publish(event, actor=desk.person, now=desk.now)
        messages.success(request, _("The event is published."))
        return _back(event)
    if event.status != EventStatus.DRAFT:
        return _back(event)
    remarks = warnings_before_people_come(event, now=desk.now)
    context = {
        "event": event,
        "remarks": remarks,
        "lacks_a_reminder": any(remark.code == "no_reminder" for remark in remarks),
        "told": told_of_publishing(event),
    }
    return show(request, "desk/publish.html", desk, context, nav="events")


@desk_page("events:write")
def start_event(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """At once near its hour; earlier it is asked, with what everyone reads then."""
    event = own_event(desk, event_id)
    return _turned(
        request,
        desk,
        event,
        act=lambda confirm: lifecycle.start(event, actor=desk.person, now=desk.now, confirm=confirm),
        ahead=of_an_early_start(event, desk.now) if "start" in possible_acts(event, desk.now) else None,
        heading=_("Start this event before its time?"),
        button=_("Start it now"),
        said=_("The event has started."),
    )


@desk_page("events:write")
def end_event(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """At once from its planned end on; earlier it is asked."""
    event = own_event(desk, event_id)
    return _turned(
        request,
        desk,
        event,
        act=lambda confirm: lifecycle.end(event, actor=desk.person, now=desk.now, confirm=confirm),
        ahead=of_an_early_end(event, desk.now) if "end" in possible_acts(event, desk.now) else None,
        heading=_("End this event before its time?"),
        button=_("End it now"),
        said=_("The event has ended. The door stays open 12 hours for late entries."),
    )


def _turned(
    request: HttpRequest,
    desk: Desk,
    event: Event,
    *,
    act: Callable[[str], Any],
    ahead: Question | None,
    heading: str,
    button: str,
    said: str,
) -> HttpResponse:
    """A turn by one button. Only looked at: what it would set off, or back to the event where there is nothing to ask."""

    def asks(question: Question, status: int) -> HttpResponse:
        back = reverse("workspace", kwargs={"slug": desk.agency.slug, "event_id": event.pk})
        return asks_page(
            request, desk, question, heading=heading, button=button, back=back, back_words=event.title,
            leave=_("Leave it as it is"), status=status,
        )  # fmt: skip

    def shown(*, status: int) -> HttpResponse:
        return asks(ahead, status) if ahead is not None and ahead.consequences else _back(event)

    def refused(refusal: RuleViolation) -> HttpResponse:
        return errors.refusal(request, status_of(refusal), str(refusal.detail))

    def asked(refusal: ConfirmRequired, status: int) -> HttpResponse:
        return asks(refusal.question, status)

    return asking_form_page(
        request,
        TakesRefusals(sent(request)),
        act,
        shown=shown,
        asks=asked,
        done=lambda _made: go_on(request, desk, said, "workspace", event_id=event.pk),
        refused=refused,
    )


@desk_page("events:write")
def cancel_event(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """Who is told, and the reason that everyone can read."""
    event = own_event(desk, event_id)
    must_allow(event, "cancel", desk.now)
    form = WhyCancelled(sent(request))

    def shown(*, status: int) -> HttpResponse:
        context = {"event": event, "form": form, "question": of_a_cancellation(event)}
        return show(request, "desk/cancel.html", desk, context, nav="events", status=status)

    def cancelled() -> Any:
        reason, confirm = form.cleaned_data["reason"], request.POST.get("confirm", "")
        return lifecycle.cancel(event, reason=reason, actor=desk.person, now=desk.now, confirm=confirm)

    said = _("The event is cancelled. Everyone who holds a place is told.")
    return form_page(
        request,
        form,
        cancelled,
        shown=shown,
        done=lambda _made: go_on(request, desk, said, "workspace", event_id=event.pk),
    )


@desk_page("events:write")
def delete_event(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """Only a draft can go; anything that was ever known is cancelled instead."""
    event = own_event(desk, event_id)
    if request.method == "POST":
        delete_draft(event, actor=desk.person, now=desk.now)
        return go_on(request, desk, _("The draft is deleted."), "board")
    if event.status != EventStatus.DRAFT:
        raise WrongState(_("Only a draft can be deleted. Cancel the event instead."))
    return show(request, "desk/delete.html", desk, {"event": event}, nav="events")


def _back(event: Event) -> HttpResponse:
    return redirect("workspace", slug=event.agency.slug, event_id=event.pk)
