"""What a liaison fills in about an event: local date and times, the place or a new one, and everything people read.

One that stands becomes the form's first values, and the form what ``schedule`` and ``edit`` take; so this is one file.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import partial
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from engage.agencies.models import Agency, Community
from engage.agencies.working_days import WorkingDays
from engage.listening.models import Dialogue
from engage.local_time import is_zone
from engage.refusals import RuleViolation
from events.event.models import PLAIN, Event, Venue, VenueFeature
from events.planning.fields import TRANSLATED
from events.planning.time_reading import AmbiguousTime, read_time
from events.rsvps.needs.models import NeedKind
from web.site.forms.fields import (
    a_choice,
    a_day,
    a_moment,
    a_text,
    a_time,
    boxes,
    field_of,
    offer,
)
from web.site.forms.refusals import TakesRefusals
from web.site.forms.translated import (
    add_further_languages,
    further_given,
    in_further_languages,
    other_languages,
)
from web.site.languages.dates import reached_in_words
from web.site.languages.names import SPOKEN, language_name

NEW_VENUE: Final = "new"
OFFERED: Final = [
    *((kind.value, kind.label) for kind in NeedKind if kind is not NeedKind.OTHER),
    *((feature.value, feature.label) for feature in VenueFeature),
]
# Zones that somebody at this desk may mean; any other that an event has already stays among the choices.
_NEAR: Final = (
    "America/New_York", "America/Detroit", "America/Chicago", "America/Denver", "America/Phoenix",
    "America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu", "America/Puerto_Rico", "America/Toronto",
    "America/Vancouver", "Europe/London", "Europe/Berlin", "Australia/Sydney", "Pacific/Guam", "UTC",
)  # fmt: skip
# What is told of the evening, in this order.
_EVENING: Final = ("run_by", "agenda")
# Working days before the meeting: so much notice the form suggests for needs.
_DAYS_TO_ASK: Final = 5
_MINUTES: Final = re.compile(r"(?P<title>.*\S)\s*\((?P<minutes>\d{1,4})\)", re.ASCII)
_field = partial(field_of, Event)


class EventForm(TakesRefusals):
    """A new event, or one that stands. The rules live in the domain; this reads, and shows refusals at their fields."""

    title = _field(
        "title", gettext_lazy("Title"), hint=gettext_lazy("What it is about, in words people use.")
    )
    description = _field("description", gettext_lazy("What happens there"))
    kind = _field("kind", gettext_lazy("Kind"))
    format = _field("format", gettext_lazy("How people take part"))
    audience = _field("audience", gettext_lazy("Who it is for"))
    date = a_day(gettext_lazy("Day"))
    starts = a_time(gettext_lazy("Begins"))
    ends = a_time(gettext_lazy("Ends"))
    ends_on = a_day(
        gettext_lazy("Day it ends"), required=False, hint=gettext_lazy("Only where it ends on another day.")
    )
    timezone = a_choice(gettext_lazy("Time zone"), [])
    doors_open = a_time(gettext_lazy("Doors open"), required=False)
    venue = a_choice(gettext_lazy("Place"), [], required=False)
    venue_name = field_of(Venue, "name", gettext_lazy("Name of the new place"), required=False)
    venue_room = field_of(Venue, "room", gettext_lazy("Room"))
    venue_address = field_of(Venue, "address", gettext_lazy("Address"))
    online_url = _field("online_url", gettext_lazy("Link to join"), widget=forms.URLInput())
    getting_there = _field(
        "getting_there", gettext_lazy("Getting there"), hint=gettext_lazy("Buses, parking, which door.")
    )
    run_by = _field("run_by", gettext_lazy("Who runs it"))
    agenda = a_text(
        gettext_lazy("Order of the evening"),
        20_000,
        lines=True,
        hint=gettext_lazy("One point a line. Minutes may stand in brackets: Your questions (40)"),
    )
    rsvp_mode = _field("rsvp_mode", gettext_lazy("RSVPs"))
    capacity = _field("capacity", pgettext_lazy("seats", "Places"), hint=gettext_lazy("Empty for no limit."))
    rsvp_opens = a_moment(
        gettext_lazy("RSVPs open"), gettext_lazy("When it is published, unless you say so.")
    )
    rsvp_closes = a_moment(gettext_lazy("RSVPs close"), gettext_lazy("At the start, unless you say so."))
    walk_in_when_closed = forms.TypedChoiceField(
        label=gettext_lazy("When no more places can be saved, may people still come?"),
        choices=[
            ("", gettext_lazy("As our settings say")), (True, gettext_lazy("They may come")),
            (False, gettext_lazy("They may not come")),
        ],
        required=False, coerce=lambda said: said == "True", empty_value=None,
    )  # fmt: skip
    languages = boxes(gettext_lazy("Languages spoken there"), [])
    access_offered = boxes(gettext_lazy("What is there for everyone"), [])
    access_deadline_on = _field("access_deadline_on", gettext_lazy("Ask for other needs by"))
    dialogue = a_choice(gettext_lazy("Part of the conversation"), [], required=False)
    focus_area = _field("focus_area", gettext_lazy("Focus area"))
    participation_level = _field("participation_level", gettext_lazy("How much people decide"))
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
        add_further_languages(self, agency, TRANSLATED)

    def _offer_choices(self) -> None:
        venues = Venue.objects.filter(agency=self.agency).order_by("name", "room")
        named = [(str(one.pk), f"{one.name}, {one.room}" if one.room else one.name) for one in venues]
        offer(self, "venue", [("", _("No place yet")), *named, (NEW_VENUE, _("A new place"))])
        talks = Dialogue.objects.filter(agency=self.agency).order_by("title")
        offer(self, "dialogue", [("", _("None")), *((str(one.pk), one.title) for one in talks)])
        groups = Community.objects.filter(agency=self.agency).order_by("name")
        offer(self, "communities", [(str(one.pk), one.name) for one in groups])
        offer(self, "timezone", zone_choices(self.agency, self.event))
        offer(self, "access_offered", offered_choices(self.event))
        offer(self, "languages", language_choices(self.agency, self.event))
        if self.event is not None:
            day = self.event.local_starts_at.date()
            usual_day = WorkingDays(self.agency).add(day, -_DAYS_TO_ASK)
            self.fields["access_deadline_on"].help_text = reached_in_words(usual_day)
        usual = [("", _("As usual for this kind: on for listening sessions"))] if self.event is None else []
        self.fields["discreet"].required = self.event is not None
        offer(self, "discreet", [*usual, ("yes", _("On")), ("no", _("Off"))])
        for name in ("starts_fold", "ends_fold"):
            offer(
                self, name, [(0, _("The first, before the clocks go back")), (1, _("The second, after it"))]
            )

    def take(self, refusal: RuleViolation) -> None:
        """As ever; and what the clock shows twice is asked for again with both choices."""
        for error in refusal.errors:
            # A moment stands here by its name alone (starts_at: starts), the whole agenda in one field.
            name = error.field.partition("/")[0].removesuffix("_at")
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
    def evening(self) -> list[forms.BoundField]:
        return [self[name] for name in _EVENING]

    @property
    def translated(self) -> list[forms.BoundField]:
        """The texts in further languages."""
        return in_further_languages(self, self.agency, TRANSLATED)

    @property
    def new_venue(self) -> dict[str, Any] | None:
        """The place to add first, where one was chosen."""
        if self.cleaned_data["venue"] != NEW_VENUE:
            return None
        return {name: self.cleaned_data[f"venue_{name}"] for name in ("name", "room", "address")}

    def values(self) -> dict[str, Any]:
        """What ``schedule`` and ``edit`` take. Raises the errors of time_reading for doors and the times of RSVPs."""
        given = self.cleaned_data
        values = {name: given[name] for name in _AS_GIVEN}
        values |= {name: given[name] or None for name in ("dialogue", "venue") if given[name] != NEW_VENUE}
        values["communities"] = given["communities"]
        ends_on = given["ends_on"] or given["date"]
        starts = dt.datetime.combine(given["date"], given["starts"])
        values["starts_at"] = self._as_stored("local_starts_at", starts)
        values["ends_at"] = self._as_stored("local_ends_at", dt.datetime.combine(ends_on, given["ends"]))
        values |= {name: given[name] for name in ("starts_fold", "ends_fold")}
        if given["discreet"]:
            values["discreet"] = given["discreet"] == "yes"
        kept = {} if self.event is None else self.event.translations
        values["translations"] = further_given(self, self.agency, TRANSLATED, kept)
        values |= self._instants()
        if self.event is None or _lines(given["agenda"]) != _lines(agenda_text(self.event)):
            values["agenda"] = agenda_from(given["agenda"], self.event)
        return values

    def _as_stored(self, name: str, naive: dt.datetime) -> dt.datetime:
        """A form knows no seconds: what stands to the minute stands, so that saving changes nothing by itself."""
        stored = getattr(self.event, name, None)
        return stored if stored is not None and stored.replace(second=0, microsecond=0) == naive else naive

    def _instants(self) -> dict[str, dt.datetime | None]:
        given, zone = self.cleaned_data, self.cleaned_data["timezone"]
        doors = dt.datetime.combine(given["date"], given["doors_open"]) if given["doors_open"] else None
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


# What the domain and the form call alike. ``discreet`` is asked for in words.
_AS_GIVEN: Final = [
    name for name in (*PLAIN, "timezone") if name in EventForm.base_fields and name != "discreet"
]


def as_it_stands(event: Event) -> dict[str, Any]:
    """An event as the form's first values."""
    zone = event.timezone
    same_day = event.local_ends_at.date() == event.local_starts_at.date()
    values: dict[str, Any] = {name: getattr(event, name) for name in _AS_GIVEN}
    values |= {
        "date": event.local_starts_at.date(),
        "starts": event.local_starts_at.time(),
        "ends": event.local_ends_at.time(),
        "ends_on": None if same_day else event.local_ends_at.date(),
        "doors_open": event.doors_open_at and event.doors_open_at.astimezone(ZoneInfo(zone)).time(),
        "rsvp_opens": local_minute(event.rsvp_opens_at, zone),
        "rsvp_closes": local_minute(event.rsvp_closes_at, zone),
        "venue": str(event.venue_id or ""),
        "dialogue": str(event.dialogue_id or ""),
        "communities": [str(pk) for pk in event.communities.values_list("pk", flat=True)],
        "discreet": "yes" if event.discreet else "no",
        "agenda": agenda_text(event),
        "edit_version": event.edit_version,
    }
    if event.time_to_set:
        values |= {"starts": None, "ends": None}
    for name in ("starts", "ends"):
        values[f"{name}_fold"] = _fold(event, name)
    for code, _name in other_languages(event.agency):
        for part in TRANSLATED:
            values[f"{part}_{code}"] = event.translations.get(code, {}).get(part, "")
    return values


def copied(event: Event) -> dict[str, Any]:
    """As it stands, for another day: nothing that belongs to the day is taken over."""
    values = as_it_stands(event)
    dated = (
        "date",
        "ends_on",
        "rsvp_opens",
        "rsvp_closes",
        "access_deadline_on",
        "edit_version",
        "starts_fold",
        "ends_fold",
    )
    return {name: value for name, value in values.items() if name not in dated}


def local_minute(moment: dt.datetime | None, zone: str) -> dt.datetime | None:
    """A moment on the clock of ``zone``, without seconds, as a form can show it."""
    return moment and moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, second=0, microsecond=0)


def _fold(event: Event, name: str) -> int | None:
    """Which of two equal times is meant; None where the time comes once."""
    naive = getattr(event, f"local_{name}_at")
    try:
        read_time(naive, event.timezone)
    except AmbiguousTime:
        return int(getattr(event, f"{name}_fold"))
    except RuleViolation:
        return None
    return None


def offered_choices(event: Event | None) -> list[tuple[str, Any]]:
    """What can be there for everyone, and what the event has besides."""
    known = dict(OFFERED)
    more = [(kind, kind) for kind in (event.access_offered if event else ()) if kind not in known]
    return [*OFFERED, *more]


def language_choices(agency: Agency, event: Event | None) -> list[tuple[str, str]]:
    """The agency's own first, then those often asked for, then what the event has besides."""
    codes = dict.fromkeys([*agency.languages, *SPOKEN, *(event.languages if event else ())])
    return [(code, capfirst(language_name(code))) for code in codes]


def zone_choices(agency: Agency, event: Event | None) -> list[tuple[str, str]]:
    """The agency's own first."""
    names = dict.fromkeys([agency.timezone, *filter(is_zone, _NEAR)])
    if event is not None:
        names[event.timezone] = None
    return [(name, name.replace("_", " ")) for name in names]


def agenda_text(event: Event) -> str:
    """The order that stands."""
    return "\n".join(
        f"{item.title} ({item.minutes})" if item.minutes else item.title for item in event.agenda_items.all()
    )


def agenda_from(text: str, event: Event | None) -> list[dict[str, Any]]:
    """What ``set_agenda`` takes. A point that keeps its title keeps the promise that it reports on."""
    commitments = {item.title: item.commitment_id for item in event.agenda_items.all()} if event else {}
    items = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        found = _MINUTES.fullmatch(line)
        title = found["title"] if found else line
        minutes = int(found["minutes"]) if found else None
        items.append({"title": title, "minutes": minutes, "commitment": commitments.get(title)})
    return items


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
