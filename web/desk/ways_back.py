"""A turn of an event taken back: its start, its end, its cancellation."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engage.local_time import one_stop
from events.event.models import Event
from events.event.when import moment_of
from events.planning import ways_back
from events.planning.foreseeing import of_reinstating
from events.planning.time_reading import local_time_of, zone_called
from events.planning.turning import latest_open_until, must_allow
from web.events.staff_head import own_event
from web.site.forms.fields import a_moment, field_of
from web.site.forms.page import form_page, sent
from web.site.forms.refusals import TakesRefusals
from web.site.frames.staff import Desk, desk_page, go_on, show


class UntilWhen(TakesRefusals):
    open_until = a_moment(gettext_lazy("Until when is it open?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["open_until"].required = True


class WhyOnAgain(TakesRefusals):
    note = field_of(
        Event,
        "reinstated_note",
        gettext_lazy("What do you want to say about it?"),
        hint=gettext_lazy("It stands in the message. You can leave this empty."),
        widget=forms.Textarea({"rows": "4"}),
    )


@desk_page("events:write")
def undo_start(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """By a button of the workspace; looked at, it leads back there."""
    event = own_event(desk, event_id)
    if request.method == "POST":
        ways_back.undo_start(event, actor=desk.person, now=desk.now)
        said = _("The start is taken back. The event is published, and begins at its planned time.")
        return go_on(request, desk, said, "workspace", event_id=event.pk)
    return redirect("workspace", slug=desk.agency.slug, event_id=event.pk)


@desk_page("events:write")
def undo_end(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """The event goes on, until when is chosen."""
    event = own_event(desk, event_id)
    must_allow(event, "undo-end", desk.now)
    usual = local_time_of(ways_back.usual_open_until(event, desk.now), zone_called(event.timezone)).naive
    form = UntilWhen(sent(request), initial={"open_until": usual})

    def shown(*, status: int) -> HttpResponse:
        when = moment_of(event, latest_open_until(event))
        latest = one_stop(_("The latest is {when}.").format(when=when))
        context = {"event": event, "form": form, "latest": latest}
        return show(request, "desk/undo_end.html", desk, context, nav="events", status=status)

    def gone_on() -> Any:
        # The clock at the place; of two equal times the first.
        until = form.cleaned_data["open_until"].replace(tzinfo=zone_called(event.timezone))
        return ways_back.undo_end(event, actor=desk.person, now=desk.now, open_until=until)

    return form_page(
        request,
        form,
        gone_on,
        shown=shown,
        done=lambda _made: go_on(request, desk, _("The event is on again."), "workspace", event_id=event.pk),
    )


@desk_page("events:write")
def reinstate_event(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """Who is told that it takes place after all, and what starts again."""
    event = own_event(desk, event_id)
    must_allow(event, "reinstate", desk.now)
    form = WhyOnAgain(sent(request))

    def shown(*, status: int) -> HttpResponse:
        context = {"event": event, "form": form, "question": of_reinstating(event)}
        return show(request, "desk/reinstate.html", desk, context, nav="events", status=status)

    def called_back() -> Any:
        note, confirm = form.cleaned_data["note"], request.POST.get("confirm", "")
        return ways_back.reinstate(event, actor=desk.person, now=desk.now, note=note, confirm=confirm)

    said = _("The event takes place. Everyone who was told that it is cancelled is told so.")
    return form_page(
        request,
        form,
        called_back,
        shown=shown,
        done=lambda _made: go_on(request, desk, said, "workspace", event_id=event.pk),
    )
