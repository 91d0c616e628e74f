"""A second person's yes: to more names and addresses in an hour than one may read, and to giving back a flood of places."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from engage.readings.granting import ask_for_more, grant, may_be_alone, may_say_yes, request_at, requests_of
from engage.readings.models import ReadingRequest
from engage.readings.recording import READINGS_AN_HOUR, TO_CHOOSE, SecondPersonNeeded, purpose_in_words
from engage.refusals import Forbidden, RuleViolation
from events.event.models import Event
from events.rsvps.floods import give_back
from web.rsvps.flood_words import what_is_asked
from web.site.forms.page import form_page, sent
from web.site.forms.refusals import TakesRefusals
from web.site.frames.staff import Desk, desk_page, go_on, show
from web.site.languages.dates import moment_in_words


class Purpose(TakesRefusals):
    """What somebody needs a name or an address for; as a choice, so that it can be counted and read in any language."""

    purpose = forms.ChoiceField(
        label=gettext_lazy("What do you need it for?"),
        help_text=gettext_lazy("It is kept on the record with your name, and the resident can read both."),
        choices=[("", gettext_lazy("Choose one")), *((one.value, one.label) for one in TO_CHOOSE)],
    )


def ask_a_second_person(request: HttpRequest, desk: Desk, refusal: RuleViolation) -> HttpResponse:
    """To the page on which one asks, with what was refused. Raises any other refusal, which a second person cannot lift."""
    if not isinstance(refusal, SecondPersonNeeded):
        raise refusal
    messages.error(request, str(refusal.detail))
    return redirect("more_readings", slug=desk.agency.slug)


@desk_page("events:read")
def more_readings(request: HttpRequest, desk: Desk) -> HttpResponse:
    """GET shows one's own request, and to leaders and administrators those of others; POST asks."""
    if not (desk.may("rsvps:read") or may_say_yes(desk.viewer, desk.agency)):
        raise Forbidden
    if request.method == "POST":
        desk.viewer.must("rsvps:read", desk.agency.pk)
    form = Purpose(sent(request))
    said = _("Asked. Tell a leader or an administrator, who says yes on this page.")
    return form_page(
        request,
        form,
        lambda: ask_for_more(
            desk.agency, reader=desk.person, purpose=form.cleaned_data["purpose"], now=desk.now
        ),
        shown=lambda status: _requests(request, desk, form, status),
        done=lambda _made: go_on(request, desk, said, "more_readings"),
    )


def _requests(request: HttpRequest, desk: Desk, form: Purpose, status: int) -> HttpResponse:
    asked = [one for one in requests_of(desk.agency, now=desk.now) if _is_shown(desk, one)]
    events = Event.objects.in_bulk({one.event_id for one in asked if one.event_id})
    context = {
        "form": form,
        "rows": [_row(desk, one, events) for one in asked],
        "may_ask": desk.may("rsvps:read"),
        "most": READINGS_AN_HOUR,
    }
    return show(request, "rsvps/more_readings.html", desk, context, nav="events", status=status)


@require_POST
@desk_page("events:read")
def say_yes(request: HttpRequest, desk: Desk, request_id: UUID) -> HttpResponse:
    """By a second person; where nobody else is there, once, by whoever asked. Raises what ``grant`` and ``give_back`` do."""
    asked = request_at(desk.agency, request_id, now=desk.now)
    if asked.flood:
        give_back(asked, viewer=desk.viewer, now=desk.now)
        # No number: how many of them were not one's own would tell who shares whose connection.
        messages.success(request, _("They are cancelled. Their seats go to those who have waited longest."))
        return redirect("more_readings", slug=desk.agency.slug)
    grant(asked, viewer=desk.viewer, now=desk.now)
    messages.success(request, _("They may read as many again within the next hour."))
    return redirect("more_readings", slug=desk.agency.slug)


def _is_shown(desk: Desk, asked: ReadingRequest) -> bool:
    return asked.reader_id == desk.person.pk or may_say_yes(desk.viewer, desk.agency)


def _row(desk: Desk, asked: ReadingRequest, events: dict[UUID, Event]) -> dict[str, Any]:
    own = asked.reader_id == desk.person.pk
    event = events.get(asked.event_id) if asked.event_id else None
    waits = asked.granted_at is None
    flood = what_is_asked(asked, event, now=desk.now) if event and waits else ""
    return {
        "request": asked,
        "purpose": purpose_in_words(asked.purpose),
        "event": event,
        "flood": flood,
        "gone": event is not None and waits and not flood,
        "asked": moment_in_words(asked.asked_at, desk.agency.timezone),
        "granted": moment_in_words(asked.granted_at, desk.agency.timezone),
        "may": waits and (event is None or bool(flood)) and (may_be_alone(asked, desk.now) if own else True),
        "own": own,
    }
