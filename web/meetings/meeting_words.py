"""What the pages say of a meeting: when, where, in which languages, what there is for those who need it, which seats."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from engage.agency_time import local_day
from events.models import AccessFeature, AccessKind, Event, EventFormat, EventStatus
from events.taking_places import Taking, seats_left, taking
from outreach.letter_languages import in_language
from outreach.message_composing.meeting_words import one_stop
from web.dates_in_words import day_in_words, when_in_words
from web.discretion import named as is_named
from web.language_names import Language, named

_OFFERED: Final = {**dict(AccessKind.choices), **dict(AccessFeature.choices)}
# What decides whether somebody can come, in a list; the meeting's own page says all of it.
_DECISIVE: Final = frozenset(
    {
        AccessKind.SIGN_LANGUAGE,
        AccessKind.CAPTIONS,
        AccessKind.CHILDCARE,
        AccessKind.TRANSPORT,
        AccessFeature.STEP_FREE,
        AccessFeature.HEARING_LOOP,
        AccessFeature.QUIET_ROOM,
    }
)
_MAP: Final = "https://www.openstreetmap.org"


@dataclass(frozen=True, slots=True)
class Seats:
    """A few words beside an icon. notable: worth bold letters."""

    icon: str
    words: str
    notable: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One meeting in a list."""

    event: Event
    title: str
    weekday: str
    day: int
    month: str
    is_today: bool
    when: str
    where: str
    languages: list[Language]
    offered: list[str]
    seats: Seats


def row_of(event: Event, *, now: dt.datetime) -> Row:
    """No query where the meeting's agency and place are there."""
    start = event.local_starts_at
    is_today = start.date() == local_day(event.timezone, now)
    return Row(
        event,
        title_of(event),
        _("Today") if is_today else date_format(start, "D"),
        start.day,
        date_format(start, "M"),
        is_today,
        _("{day}, {begins} to {ends}").format(
            day=day_without_year(start, now), begins=clock(start), ends=clock(event.local_ends_at)
        ),
        where_in_a_line(event),
        named(event.languages),
        [str(_OFFERED[code]) for code in _codes(event) if code in _DECISIVE],
        seats_of(event, now=now),
    )


def outside_name_of(event: Event) -> str:
    """What a tab, a browser's history and the preview of a link that somebody sends on say of its page."""
    if event.discreet:
        return _("Meeting on {when}").format(when=when_in_words(event))
    return title_of(event)


def title_of(event: Event) -> str:
    """In the language of the page where it was translated."""
    is_named(discreet=event.discreet)
    return in_language(event.translations, get_language() or "", "title", event.title)


def description_of(event: Event) -> str:
    return in_language(event.translations, get_language() or "", "description", event.description)


def clock(moment: dt.datetime) -> str:
    return date_format(moment, "TIME_FORMAT")


def day_without_year(day: dt.date, now: dt.datetime) -> str:
    """This year's need no year."""
    # Django's format for a date without its year, in the order of the language.
    return date_format(day, _("l, F j")) if day.year == now.year else day_in_words(day)


def hours_of(event: Event) -> str:
    return _("{begins} to {ends}").format(
        begins=clock(event.local_starts_at), ends=clock(event.local_ends_at)
    )


def doors_of(event: Event) -> str:
    """From when one may come in; empty where nobody said."""
    if event.doors_open_at is None:
        return ""
    local = event.doors_open_at.astimezone(ZoneInfo(event.timezone))
    return one_stop(_("Doors open at {time}.").format(time=clock(local)))


def zone_of(event: Event) -> str:
    """Whose clock is meant, for who joins from elsewhere; empty for a meeting at a place."""
    if event.format == EventFormat.IN_PERSON:
        return ""
    city = event.timezone.rpartition("/")[2].replace("_", " ")
    return _("On the clock of {city} ({zone}).").format(city=city, zone=_zone_letters(event))


def where_in_a_line(event: Event) -> str:
    if event.venue is not None:
        place = ", ".join(part for part in (event.venue.name, event.venue.address) if part)
        return _("{place}, or online").format(place=place) if event.format == EventFormat.HYBRID else place
    return _("Online") if event.format == EventFormat.ONLINE else _("The place will be announced.")


def map_of(event: Event) -> str:
    """A map of the place, on a site that asks for no account; empty where nothing is known to look for."""
    venue = event.venue
    if venue is None:
        return ""
    if venue.latitude is not None:
        return (
            f"{_MAP}/?mlat={venue.latitude}&mlon={venue.longitude}#map=17/{venue.latitude}/{venue.longitude}"
        )
    if not venue.address:
        return ""
    # The street alone, and the region of the agency: a search for a room finds nothing.
    words = ", ".join(part for part in (venue.address, event.agency.region) if part)
    return f"{_MAP}/search?{urlencode({'query': words})}"


def offered(event: Event) -> list[str]:
    """What the evening and its place have for those who need it, each once."""
    return [str(_OFFERED.get(code, code)) for code in _codes(event)]


def seats_of(event: Event, *, now: dt.datetime) -> Seats:
    """What somebody who wants to come should know in a list."""
    state = taking(event, now)
    is_online = event.format == EventFormat.ONLINE
    words: dict[Taking, Any] = {
        Taking.CANCELLED: lambda: Seats("cancel", _("Called off")),
        Taking.OVER: lambda: _over(event),
        Taking.ON: lambda: Seats("people", _("Happening now")),
        Taking.NO_RSVP: lambda: _no_rsvp(is_online=is_online),
        Taking.NOT_YET: lambda: Seats("event", _opens(event)),
        Taking.CLOSED: lambda: Seats("people", _("No more places can be saved"), notable=False),
        Taking.FULL: lambda: Seats("people", _("Full. You can join the waitlist")),
        Taking.OPEN: lambda: _open(event, is_online=is_online),
    }
    seats: Seats = words[state]()
    return seats


def _over(event: Event) -> Seats:
    if event.status == EventStatus.REPORTED:
        return Seats("comment", _("Read what we heard"))
    return Seats("history", _("This meeting is over"), notable=False)


def _no_rsvp(*, is_online: bool) -> Seats:
    if is_online:
        return Seats("phone", _("Online, no RSVP needed"))
    return Seats("directions_walk", _("Walk in, no RSVP needed"))


def _opens(event: Event) -> str:
    opens = event.rsvp_opens_at or event.starts_at
    return _("Places can be saved from {day}").format(day=day_in_words(local_day(event.timezone, opens)))


def _open(event: Event, *, is_online: bool) -> Seats:
    left = seats_left(event)
    if left is None:
        return (
            Seats("phone", _("Online, no limit"))
            if is_online
            else Seats("people", _("There is room for everyone"))
        )
    words = ngettext("%(places)d place left", "%(places)d places left", left) % {"places": left}
    return Seats("people", words)


def _codes(event: Event) -> list[str]:
    return list(dict.fromkeys([*event.access_offered, *(event.venue.access_features if event.venue else [])]))


def _zone_letters(event: Event) -> str:
    there = event.starts_at.astimezone(ZoneInfo(event.timezone))
    return there.tzname() or event.timezone
