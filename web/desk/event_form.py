"""What a liaison fills in about an event: local date and times, the place or a new one, and everything people read."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engage.models import Agency, Community, Dialogue, FocusArea, ParticipationLevel
from engage.rule_violation import RuleViolation
from events.models import Audience, Event, EventFormat, EventKind, RsvpMode, Venue
from events.time_reading import AmbiguousTime, read_time
from web.desk.agenda_lines import agenda_from, agenda_text
from web.desk.event_as_form import AS_GIVEN, NEW_PLACE, local_minute
from web.desk.event_choices import (
    TRANSLATED,
    language_choices,
    offered_choices,
    other_languages,
    zone_choices,
)
from web.desk.field_making import a_choice, a_day, a_moment, a_text, a_time, boxes, or_not_said
from web.forms.refusals import TakesRefusals

# What the domain calls it → where it stands in the form.
_SHOWN_AT = {
    "starts_at": "starts",
    "ends_at": "ends",
    "doors_open_at": "doors",
    "rsvp_opens_at": "rsvp_opens",
    "rsvp_closes_at": "rsvp_closes",
    "translations": "languages",
}


class EventForm(TakesRefusals):
    """A new event, or one that stands. The rules live in the domain; this reads, and shows refusals at their fields."""

    title = a_text(
        gettext_lazy("Title"), 200, required=True, hint=gettext_lazy("What it is about, in words people use.")
    )
    description = a_text(gettext_lazy("What happens there"), 10_000, lines=True)
    kind = a_choice(gettext_lazy("Kind"), EventKind.choices)
    format = a_choice(gettext_lazy("How people take part"), EventFormat.choices)
    audience = a_choice(gettext_lazy("Who it is for"), Audience.choices)
    date = a_day(gettext_lazy("Day"))
    starts = a_time(gettext_lazy("Begins"))
    ends = a_time(gettext_lazy("Ends"))
    ends_on = a_day(
        gettext_lazy("Day it ends"), required=False, hint=gettext_lazy("Only where it ends on another day.")
    )
    timezone = a_choice(gettext_lazy("Time zone"), [])
    doors = a_time(gettext_lazy("Doors open"), required=False)
    venue = a_choice(gettext_lazy("Place"), [], required=False)
    place_name = a_text(gettext_lazy("Name of the new place"), 300)
    place_room = a_text(gettext_lazy("Room"), 120)
    place_address = a_text(gettext_lazy("Address"), 400)
    online_url = forms.CharField(
        label=gettext_lazy("Link to join"), required=False, max_length=1000, widget=forms.URLInput()
    )
    getting_there = a_text(
        gettext_lazy("Getting there"), 2000, lines=True, hint=gettext_lazy("Buses, parking, which door.")
    )
    run_by = a_text(gettext_lazy("Who runs it"), 300)
    agenda = a_text(
        gettext_lazy("Order of the evening"),
        20_000,
        lines=True,
        hint=gettext_lazy("One point a line. Minutes may stand in brackets: Your questions (40)"),
    )
    rsvp_mode = a_choice(gettext_lazy("RSVPs"), RsvpMode.choices)
    capacity = forms.IntegerField(
        label=gettext_lazy("Places"),
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text=gettext_lazy("Empty for no limit."),
    )
    rsvp_opens = a_moment(
        gettext_lazy("RSVPs open"), gettext_lazy("When it is published, unless you say so.")
    )
    rsvp_closes = a_moment(gettext_lazy("RSVPs close"), gettext_lazy("At the start, unless you say so."))
    languages = boxes(gettext_lazy("Languages spoken there"), [])
    access_offered = boxes(gettext_lazy("What is there for everyone"), [])
    access_deadline_on = a_day(gettext_lazy("Ask for other needs by"), required=False)
    dialogue = a_choice(gettext_lazy("Part of the conversation"), [], required=False)
    focus_area = a_choice(gettext_lazy("Focus area"), or_not_said(FocusArea.choices), required=False)
    participation_level = a_choice(
        gettext_lazy("How much people decide"), or_not_said(ParticipationLevel.choices), required=False
    )
    communities = boxes(gettext_lazy("Neighborhoods and groups it is for"), [])
    discreet = forms.ChoiceField(
        label=gettext_lazy("Neutral messages"),
        help_text=gettext_lazy(
            "Messages and calendar entries do not say what the event is about. Somebody else may read them."
        ),
        widget=forms.RadioSelect,
    )
    edit_version = forms.IntegerField(required=False, widget=forms.HiddenInput())
    starts_fold = forms.TypedChoiceField(
        label=gettext_lazy("Which of the two times does it begin?"), required=False, coerce=int, empty_value=None,
        widget=forms.RadioSelect,
    )  # fmt: skip
    ends_fold = forms.TypedChoiceField(
        label=gettext_lazy("Which of the two times does it end?"), required=False, coerce=int, empty_value=None,
        widget=forms.RadioSelect,
    )  # fmt: skip

    def __init__(
        self, agency: Agency, data: Any = None, *, event: Event | None = None, initial: Any = None
    ) -> None:
        super().__init__(data, initial=initial)
        self.agency, self.event = agency, event
        self.twice = {"starts": False, "ends": False}
        self._offer_choices()
        for code, name in other_languages():
            for part in TRANSLATED:
                label = _("{field} in {language}").format(field=self.fields[part].label, language=name)
                field = a_text(label, self.fields[part].max_length or 2000, lines=part != "title")  # type: ignore[attr-defined]
                field.widget.attrs["lang"] = code
                self.fields[f"{part}_{code}"] = field

    def _offer_choices(self) -> None:
        places = Venue.objects.filter(agency=self.agency).order_by("name", "room")
        named = [(str(one.pk), f"{one.name}, {one.room}" if one.room else one.name) for one in places]
        self._choices("venue", [("", _("No place yet")), *named, (NEW_PLACE, _("A new place"))])
        talks = Dialogue.objects.filter(agency=self.agency).order_by("title")
        self._choices("dialogue", [("", _("None")), *((str(one.pk), one.title) for one in talks)])
        groups = Community.objects.filter(agency=self.agency).order_by("name")
        self._choices("communities", [(str(one.pk), one.name) for one in groups])
        self._choices("timezone", zone_choices(self.agency, self.event))
        self._choices("access_offered", offered_choices(self.event))
        self._choices("languages", language_choices(self.agency, self.event))
        usual = [("", _("As usual for this kind: on for listening sessions"))] if self.event is None else []
        self.fields["discreet"].required = self.event is not None
        self._choices("discreet", [*usual, ("yes", _("On")), ("no", _("Off"))])
        for name in ("starts_fold", "ends_fold"):
            self._choices(
                name, [(0, _("The first, before the clocks go back")), (1, _("The second, after it"))]
            )

    def _choices(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = choices

    def take(self, refusal: RuleViolation) -> None:
        """As ever; and what the clock shows twice is asked for again with both choices."""
        for error in refusal.errors:
            name = _SHOWN_AT.get(error.field, "agenda" if error.field.startswith("agenda") else error.field)
            detail = str(error.detail)
            if error.code == AmbiguousTime.code and name in self.twice:
                self.twice[name] = True
                self.fields[f"{name}_fold"].required = True
                detail = _(
                    "The clocks go back that night, so this time comes twice. Choose which one you mean."
                )
            if "seats_taken" in refusal.extra:
                detail = _("{number} places are taken already. Choose that number or a larger one.").format(
                    number=refusal.extra["seats_taken"]
                )
            self.add_error(name if name in self.fields else None, detail)
        if not refusal.errors:
            self.add_error(None, str(refusal.detail))

    @property
    def asks_starts(self) -> bool:
        return self._asks("starts")

    @property
    def asks_ends(self) -> bool:
        return self._asks("ends")

    def _asks(self, name: str) -> bool:
        """Whether the two equal times are offered: they were just refused, or one of them was chosen."""
        return self.twice[name] or self[f"{name}_fold"].value() not in {None, ""}

    @property
    def translated(self) -> list[forms.BoundField]:
        """The texts in further languages."""
        return [self[f"{part}_{code}"] for code, _name in other_languages() for part in TRANSLATED]

    @property
    def new_place(self) -> dict[str, Any] | None:
        """The place to add first, where one was chosen."""
        if self.cleaned_data["venue"] != NEW_PLACE:
            return None
        return {name: self.cleaned_data[f"place_{name}"] for name in ("name", "room", "address")}

    def values(self) -> dict[str, Any]:
        """What ``schedule`` and ``edit`` take. Raises the errors of time_reading for doors and the times of RSVPs."""
        given = self.cleaned_data
        values = {name: given[name] for name in AS_GIVEN}
        values |= {name: given[name] or None for name in ("dialogue", "venue") if given[name] != NEW_PLACE}
        values["communities"] = given["communities"]
        ends_on = given["ends_on"] or given["date"]
        starts = dt.datetime.combine(given["date"], given["starts"])
        values["starts_at"] = self._as_stored("local_starts_at", starts)
        values["ends_at"] = self._as_stored("local_ends_at", dt.datetime.combine(ends_on, given["ends"]))
        values |= {name: given[name] for name in ("starts_fold", "ends_fold")}
        if given["discreet"]:
            values["discreet"] = given["discreet"] == "yes"
        values["translations"] = self._translations()
        values |= self._instants()
        if self.event is None or _lines(given["agenda"]) != _lines(agenda_text(self.event)):
            values["agenda"] = agenda_from(given["agenda"], self.event)
        return values

    def _as_stored(self, name: str, naive: dt.datetime) -> dt.datetime:
        """A form knows no seconds: what stands to the minute stands, so that saving changes nothing by itself."""
        stored = getattr(self.event, name, None)
        return stored if stored is not None and stored.replace(second=0, microsecond=0) == naive else naive

    def _translations(self) -> dict[str, dict[str, str]]:
        """The languages of the form anew; texts in further ones, which came over the API, stay."""
        ours = [code for code, _name in other_languages()]
        kept = {} if self.event is None else self.event.translations
        texts = {code: words for code, words in kept.items() if code not in ours}
        for code in ours:
            words = {part: self.cleaned_data[f"{part}_{code}"] for part in TRANSLATED}
            if any(words.values()):
                texts[code] = {part: text for part, text in words.items() if text}
        return texts

    def _instants(self) -> dict[str, dt.datetime | None]:
        given, zone = self.cleaned_data, self.cleaned_data["timezone"]
        doors = dt.datetime.combine(given["date"], given["doors"]) if given["doors"] else None
        moments = {
            "doors_open_at": (doors, given["starts_fold"] or 0),
            "rsvp_opens_at": (given["rsvp_opens"], 0),
            "rsvp_closes_at": (given["rsvp_closes"], 1),
        }
        # Of two equal times: doors as the start, RSVPs for as long as they can be.
        values: dict[str, dt.datetime | None] = {}
        for name, (moment, fold) in moments.items():
            stored = getattr(self.event, name, None)
            naive = moment and moment.replace(tzinfo=None)
            if stored is not None and naive == local_minute(stored, zone):
                values[name] = stored
            else:
                values[name] = naive and read_time(naive, zone, fold=fold, field=name).at
        return values


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
