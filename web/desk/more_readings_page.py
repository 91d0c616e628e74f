"""More names and addresses in one hour than one person may read: asking for it, and a second person's yes."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from engage.contact_reading import READINGS_AN_HOUR, TO_CHOOSE, SecondPersonNeeded, purpose_in_words
from engage.models import ReadingRequest
from engage.reading_grants import ask_for_more, grant, is_night, may_say_yes, request_at, requests_of
from engage.rule_violation import Forbidden
from web.dates_in_words import moment_in_words
from web.desk_frame import Desk, desk_page, show
from web.forms.refusals import TakesRefusals


class Purpose(TakesRefusals):
    """What somebody needs a name or an address for; as a choice, so that it can be counted and read in any language."""

    purpose = forms.ChoiceField(
        label=gettext_lazy("What do you need it for?"),
        help_text=gettext_lazy("It is kept on the record with your name, and the resident can read both."),
        choices=[("", gettext_lazy("Choose one")), *((one.value, one.label) for one in TO_CHOOSE)],
    )


def ask_a_second_person(request: HttpRequest, desk: Desk, refusal: SecondPersonNeeded) -> HttpResponse:
    """To the page on which one asks, with what was refused."""
    messages.error(request, str(refusal.detail))
    return redirect("more_readings", slug=desk.agency.slug)


@desk_page("events:read")
def more_readings(request: HttpRequest, desk: Desk) -> HttpResponse:
    """GET shows one's own request, and to leaders and administrators those of others; POST asks."""
    if not (desk.may("rsvps:read") or may_say_yes(desk.viewer, desk.agency)):
        raise Forbidden
    form, status = Purpose(request.POST if request.method == "POST" else None), HTTPStatus.OK
    if request.method == "POST":
        desk.viewer.must("rsvps:read", desk.agency.pk)
        if form.is_valid():
            ask_for_more(desk.agency, reader=desk.person, purpose=form.cleaned_data["purpose"], now=desk.now)
            messages.success(
                request, _("Asked. Tell a leader or an administrator, who says yes on this page.")
            )
            return redirect("more_readings", slug=desk.agency.slug)
        status = HTTPStatus.BAD_REQUEST
    context = {
        "form": form,
        "rows": [_row(desk, one) for one in requests_of(desk.agency, now=desk.now) if _is_shown(desk, one)],
        "may_ask": desk.may("rsvps:read"),
        "most": READINGS_AN_HOUR,
    }
    return show(request, "console/more_readings.html", desk, context, nav="events", status=status)


@require_POST
@desk_page("events:read")
def say_yes(request: HttpRequest, desk: Desk, request_id: UUID) -> HttpResponse:
    """By a second person; at night, once, by the reader."""
    grant(request_at(desk.agency, request_id, now=desk.now), viewer=desk.viewer, now=desk.now)
    messages.success(request, _("They may read as many again within the next hour."))
    return redirect("more_readings", slug=desk.agency.slug)


def _is_shown(desk: Desk, asked: ReadingRequest) -> bool:
    return asked.reader_id == desk.person.pk or may_say_yes(desk.viewer, desk.agency)


def _row(desk: Desk, asked: ReadingRequest) -> dict[str, Any]:
    own = asked.reader_id == desk.person.pk
    return {
        "request": asked,
        "purpose": purpose_in_words(asked.purpose),
        "asked": moment_in_words(asked.asked_at, desk.agency.timezone),
        "granted": moment_in_words(asked.granted_at, desk.agency.timezone),
        "may": asked.granted_at is None and (is_night(desk.agency, desk.now) if own else True),
        "own": own,
    }
