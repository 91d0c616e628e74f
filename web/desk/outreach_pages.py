"""What was sent about one event, and when people are reminded: of this event, and of every event of the agency."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engage.rule_violation import RuleViolation
from events.models import Event
from outreach.event_messages import kinds_of_message, reminder_of, reminders_of, reminders_of_agency
from outreach.models import ReminderRule
from outreach.reminder_setting import add_rule, change_rule, end_rule
from web.desk.event_head import head_of, own_event
from web.desk.field_making import a_text
from web.desk.message_words import message_name, minutes_in_words
from web.desk_frame import Desk, desk_page, show
from web.forms.refusals import TakesRefusals, status_of

_UNITS = {"minutes": 1, "hours": 60, "days": 1440}


class ReminderForm(TakesRefusals):
    """So long before the start, with a sentence of one's own in each language."""

    minutes_before = forms.IntegerField(label=gettext_lazy("How long before"), min_value=1, max_value=43_200)
    unit = forms.ChoiceField(
        label=gettext_lazy("Counted in"),
        choices=[
            ("days", gettext_lazy("Days")),
            ("hours", gettext_lazy("Hours")),
            ("minutes", gettext_lazy("Minutes")),
        ],
    )

    def __init__(self, rule: ReminderRule | None = None, data: Any = None) -> None:
        super().__init__(data, initial=_as_it_stands(rule))
        for code, name in settings.LANGUAGES:
            label = _("A sentence of your own in {language}").format(language=name)
            self.fields[f"wording_{code}"] = a_text(label, 1000)

    def values(self) -> dict[str, Any]:
        """What ``add_rule`` and ``change_rule`` take."""
        given = self.cleaned_data
        words = {code: given[f"wording_{code}"] for code, _name in settings.LANGUAGES}
        return {
            "minutes_before": given["minutes_before"] * _UNITS[given["unit"]],
            "wording": {code: sentence for code, sentence in words.items() if sentence},
        }

    @property
    def wordings(self) -> list[forms.BoundField]:
        return [self[f"wording_{code}"] for code, _name in settings.LANGUAGES]


@desk_page("events:read")
def event_outreach(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """How many messages of each kind, up to yesterday, and the reminders."""
    event = own_event(desk, event_id)
    reminders = reminders_of(event)
    context = {
        "head": head_of(desk, event, "outreach"),
        "event": event,
        "kinds": [
            {"name": message_name(one.kind), "kind": one} for one in kinds_of_message(event, now=desk.now)
        ],
        "own": [_rule(rule) for rule in reminders.own],
        "of_agency": [_rule(rule) for rule in reminders.agency],
    }
    return show(request, "console/outreach.html", desk, context, nav="events")


@desk_page("events:write")
def reminders(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Those of the agency: for every event that has none of its own."""
    context = {"rules": [_rule(rule) for rule in reminders_of_agency(desk.agency)]}
    return show(request, "console/reminders.html", desk, context, nav="events")


@desk_page("outreach:write")
def add_reminder(request: HttpRequest, desk: Desk, event_id: UUID | None = None) -> HttpResponse:
    """One more, of the event or of the agency."""
    desk.viewer.must("events:write", desk.agency.pk)
    event = own_event(desk, event_id) if event_id else None
    form = ReminderForm(data=request.POST or None)
    status: int = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.BAD_REQUEST
        if form.is_valid():
            try:
                add_rule(agency=desk.agency, event=event, actor=desk.person, now=desk.now, **form.values())
            except RuleViolation as refusal:
                form.take(refusal)
                status = status_of(refusal)
            else:
                messages.success(
                    request, _("The reminder is added. It counts for events already published, too.")
                )
                return _back(desk, event)
    context = {"form": form, "event": event}
    return show(request, "console/reminder.html", desk, context, nav="events", status=status)


@desk_page("outreach:write")
def change_reminder(
    request: HttpRequest, desk: Desk, rule_id: UUID, event_id: UUID | None = None
) -> HttpResponse:
    """Another time, or other words."""
    desk.viewer.must("events:write", desk.agency.pk)
    event = own_event(desk, event_id) if event_id else None
    rule = reminder_of(desk.agency, rule_id, event=event)
    form = ReminderForm(rule, request.POST or None)
    status: int = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.BAD_REQUEST
        if form.is_valid():
            try:
                change_rule(rule, actor=desk.person, now=desk.now, fields=form.values())
            except RuleViolation as refusal:
                form.take(refusal)
                status = status_of(refusal)
            else:
                messages.success(request, _("The reminder is changed."))
                return _back(desk, event)
    context = {"form": form, "event": event, "rule": rule}
    return show(request, "console/reminder.html", desk, context, nav="events", status=status)


@desk_page("outreach:write")
def end_reminder(
    request: HttpRequest, desk: Desk, rule_id: UUID, event_id: UUID | None = None
) -> HttpResponse:
    """By the button below its form: nothing more is planned by it."""
    desk.viewer.must("events:write", desk.agency.pk)
    event = own_event(desk, event_id) if event_id else None
    if request.method == "POST":
        end_rule(reminder_of(desk.agency, rule_id, event=event), actor=desk.person, now=desk.now)
        messages.success(request, _("The reminder is ended. What it sent before stays on the record."))
    return _back(desk, event)


def _rule(rule: ReminderRule) -> dict[str, Any]:
    return {
        "rule": rule,
        "words": minutes_in_words(rule.minutes_before),
        "sentences": list(rule.wording.values()),
    }


def _as_it_stands(rule: ReminderRule | None) -> dict[str, Any]:
    if rule is None:
        return {"minutes_before": 1, "unit": "days"}
    unit = next(name for name in ("days", "hours", "minutes") if rule.minutes_before % _UNITS[name] == 0)
    words = {f"wording_{code}": sentence for code, sentence in rule.wording.items()}
    return words | {"minutes_before": rule.minutes_before // _UNITS[unit], "unit": unit}


def _back(desk: Desk, event: Event | None) -> HttpResponse:
    if event is None:
        return redirect("reminders", slug=desk.agency.slug)
    return redirect("event_outreach", slug=desk.agency.slug, event_id=event.pk)
