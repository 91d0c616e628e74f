"""What was sent about one event, and when people are reminded: of this event, and of every event of the agency."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from engage.refusals import Unknown
from events.event.models import Event
from outreach.reminders.models import ReminderRule
from outreach.reminders.reading import rules_of, standing_rules
from outreach.reminders.setting import LONGEST_SENTENCE, add_rule, change_rule, end_rule
from web.desk.messages import kinds_of_message
from web.events.staff_head import head_of, own_event
from web.site.forms.fields import a_text, field_of
from web.site.forms.page import form_page, sent
from web.site.forms.refusals import TakesRefusals
from web.site.frames.staff import Desk, desk_page, show

_UNITS = {"minutes": 1, "hours": 60, "days": 1440}


class ReminderForm(TakesRefusals):
    """So long before the start, with a sentence of one's own in each language."""

    minutes_before = field_of(ReminderRule, "minutes_before", gettext_lazy("How long before"), min_value=1)
    unit = forms.ChoiceField(
        label=gettext_lazy("Counted in"),
        choices=[
            ("days", gettext_lazy("Days")),
            ("hours", gettext_lazy("Hours")),
            ("minutes", gettext_lazy("Minutes")),
        ],
    )

    # Of a rule that is there already.
    edit_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, rule: ReminderRule | None = None, data: Any = None) -> None:
        super().__init__(data, initial=_as_it_stands(rule))
        for code, name in settings.LANGUAGES:
            label = _("A sentence of your own in {language}").format(language=name)
            self.fields[f"wording_{code}"] = a_text(label, LONGEST_SENTENCE)

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
    rules = rules_of(event)
    context = {
        "head": head_of(desk, event, "outreach"),
        "event": event,
        "kinds": kinds_of_message(event, now=desk.now),
        "own": [_rule(rule) for rule in rules.own],
        "of_agency": [_rule(rule) for rule in rules.agency],
    }
    return show(request, "desk/outreach.html", desk, context, nav="events")


@desk_page("events:write")
def reminders(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Those of the agency: for every event that has none of its own."""
    rules = standing_rules([desk.agency.pk]).filter(event=None).order_by("-minutes_before")
    context = {"rules": [_rule(rule) for rule in rules]}
    return show(request, "desk/reminders.html", desk, context, nav="events")


@desk_page("outreach:write")
def add_reminder(request: HttpRequest, desk: Desk, event_id: UUID | None = None) -> HttpResponse:
    """One more, of the event or of the agency."""
    desk.must_do("reminder_rule.set")
    event = own_event(desk, event_id) if event_id else None
    form = ReminderForm(data=sent(request))
    context = {"form": form, "event": event, "rule": None}
    said = _("The reminder is added. It counts for events already published, too.")
    return form_page(
        request,
        form,
        lambda: add_rule(agency=desk.agency, event=event, actor=desk.person, now=desk.now, **form.values()),
        shown=partial(show, request, "desk/reminder.html", desk, context, nav="events"),
        done=lambda _made: _back(request, desk, event, said),
    )


@desk_page("outreach:write")
def change_reminder(
    request: HttpRequest, desk: Desk, rule_id: UUID, event_id: UUID | None = None
) -> HttpResponse:
    """Another time, or other words."""
    desk.must_do("reminder_rule.set")
    event = own_event(desk, event_id) if event_id else None
    rule = _the_rule(desk, rule_id, event)
    form = ReminderForm(rule, sent(request))
    context = {"form": form, "event": event, "rule": rule}
    return form_page(
        request,
        form,
        lambda: change_rule(
            rule,
            actor=desk.person,
            now=desk.now,
            fields=form.values(),
            if_version=form.cleaned_data["edit_version"],
        ),
        shown=partial(show, request, "desk/reminder.html", desk, context, nav="events"),
        done=lambda _made: _back(request, desk, event, _("The reminder is changed.")),
    )


@desk_page("outreach:write")
def end_reminder(
    request: HttpRequest, desk: Desk, rule_id: UUID, event_id: UUID | None = None
) -> HttpResponse:
    """By the button below its form: nothing more is planned by it."""
    desk.must_do("reminder_rule.set")
    event = own_event(desk, event_id) if event_id else None
    said = ""
    if request.method == "POST":
        end_rule(_the_rule(desk, rule_id, event), actor=desk.person, now=desk.now)
        said = _("The reminder is ended. What it sent before stays on the record.")
    return _back(request, desk, event, said)


def _the_rule(desk: Desk, rule_id: UUID, event: Event | None) -> ReminderRule:
    """One that stands, of the event or else of the agency. Raises Unknown."""
    found = standing_rules([desk.agency.pk]).filter(event=event, pk=rule_id).first()
    if found is None:
        raise Unknown
    return found


def _rule(rule: ReminderRule) -> dict[str, Any]:
    return {
        "rule": rule,
        "words": _minutes_in_words(rule.minutes_before),
        "sentences": list(rule.wording.values()),
    }


def _minutes_in_words(minutes: int) -> str:
    """So long before the start."""
    if minutes % 1440 == 0:
        days = minutes // 1440
        return ngettext("%(days)d day before", "%(days)d days before", days) % {"days": days}
    if minutes % 60 == 0:
        hours = minutes // 60
        return ngettext("%(hours)d hour before", "%(hours)d hours before", hours) % {"hours": hours}
    return ngettext("%(minutes)d minute before", "%(minutes)d minutes before", minutes) % {"minutes": minutes}


def _as_it_stands(rule: ReminderRule | None) -> dict[str, Any]:
    if rule is None:
        return {"minutes_before": 1, "unit": "days"}
    unit = next(name for name in ("days", "hours", "minutes") if rule.minutes_before % _UNITS[name] == 0)
    words = {f"wording_{code}": sentence for code, sentence in rule.wording.items()}
    stands = {"minutes_before": rule.minutes_before // _UNITS[unit], "unit": unit}
    return words | stands | {"edit_version": rule.edit_version}


def _back(request: HttpRequest, desk: Desk, event: Event | None, done: str) -> HttpResponse:
    """done: what was done, empty for nothing."""
    if done:
        messages.success(request, done)
    if event is None:
        return redirect("reminders", slug=desk.agency.slug)
    return redirect("event_outreach", slug=desk.agency.slug, event_id=event.pk)
