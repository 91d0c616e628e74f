"""The poster of an event, one Letter page for where people already go. It says only what the event and its place hold."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator, capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from engage.agencies.languages import Worded
from engage.agencies.models import Agency
from engage.contacts.telephones import relay_of
from engage.local_time import local_day
from events.event.models import Event, EventFormat, EventStatus, VenueFeature
from events.event.permissions import public_events
from events.event.short_addresses import short_address
from events.event.standing import EventStanding, is_off, standing_of, taking_of
from events.event.when import day_in_words, hours_of, span_of, when_of
from events.rsvps.needs.models import NeedKind
from web.desk.many_tongues import TONGUES, spoken
from web.desk.poster_fitting import Parts, fit
from web.events.standing_words import before_it_moved, may_still_walk_in
from web.events.words import description_of, getting_there, run_by
from web.site.frames.discretion import title_of
from web.site.frames.public import public_page
from web.site.languages.addresses import address_of
from web.site.languages.worded import own

_OFFERED: Final = {**dict(NeedKind.choices), **dict(VenueFeature.choices)}
_MOST_OFFERED: Final = 9
_WORDS_OF_LEDE: Final = 26
_LONGEST_WAY: Final = 120
_SENTENCES: Final = re.compile(r"(?<=[.!?])\s+")


@public_page
def poster(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """404 for what is not for everyone, as its page."""
    event = public_events().select_related("agency", "venue").filter(pk=event_id).first()
    if event is None:
        raise Http404
    now, path = timezone.now(), address_of("event", event_id=event.pk)
    standing, taking = standing_of(event, now), taking_of(event, now)
    short = short_address(event) or settings.PUBLIC_URL + path
    offered = _offered(event, taking) if taking else []
    told, who = description_of(event), run_by(event)
    parts = Parts(
        title=_shortened(title_of(event), 140),
        lede=Worded(Truncator(told).words(_WORDS_OF_LEDE), told.language),
        notices=_notices(event, now),
        # Beside the large day; of several days all of them.
        hours=capfirst(when_of(event) if span_of(event).has_days else hours_of(event)),
        where=_where(event),
        offered=len(offered),
        run_by=_("Run by {who}").format(who=who) if who else "",
        go=_next_step(event, standing, taking),
        ways=[short.split("://", 1)[1], *_whom_to_call(event.agency)],
        tongues=len(_tongues(event)),
    )
    context: dict[str, Any] = {
        "event": event,
        "agency": event.agency,
        "back_url": path,
        "back": _("Back to the meeting"),
        "parts": parts,
        "fit": fit(parts),
        "top": _on_top(event, standing, now),
        "weekday": date_format(event.local_starts_at, "l"),
        "day": event.local_starts_at.day,
        "month": date_format(event.local_starts_at, "F"),
        "offered": offered,
        "leads_to": _in_this_language(short),
        "tongues": _tongues(event),
        "is_off": is_off(event),
    }
    return render(request, "desk/poster.html", context)


def _shortened(text: Worded, most: int) -> Worded:
    return Worded(Truncator(text).chars(most), text.language)


def _in_this_language(address: str) -> str:
    """What cameras read: the paper is in one language, whatever the phone speaks."""
    language = get_language() or settings.LANGUAGE_CODE
    return address if language == settings.LANGUAGE_CODE else f"{address}?lang={language}"


def _on_top(event: Event, standing: EventStanding, now: dt.datetime) -> str:
    if standing is EventStanding.CANCELLED:
        return str(EventStatus.CANCELLED.label)
    if standing.is_over:
        return _("This meeting is over")
    was = before_it_moved(event, now)
    if was.when and was.where:
        return _("New time and place")
    if was.when:
        return _("New time")
    return _("New place") if was.where else _("Public meeting")


def _notices(event: Event, now: dt.datetime) -> list[str]:
    """What somebody must know who has seen an older one: that it is called off, and why."""
    if is_off(event):
        return [_("This meeting is called off"), event.cancelled_reason]
    was = before_it_moved(event, now)
    return [_("Before: {what}").format(what=each) for each in (was.when, was.where) if each]


def _where(event: Event) -> list[str]:
    """The place, its address and how one gets there; and the way from afar."""
    lines, venue = [], event.venue
    if venue is not None:
        room = _shortened(own(venue, "room"), 40)
        lines = [", ".join(each for each in (Truncator(venue.name).chars(70), room) if each)]
        lines += [Truncator(venue.address).chars(90), _way(event)]
    elif event.format != EventFormat.ONLINE:
        lines = [_("The place will be announced."), _way(event)]
    if event.format != EventFormat.IN_PERSON:
        lines.append(_("Or join online") if venue is not None else _("Online"))
    return [each for each in lines if each]


def _way(event: Event) -> str:
    """Whole sentences, as many as fit in a line or two: buses come first where people write how to get somewhere."""
    text = " ".join(getting_there(event).split())
    said = ""
    for sentence in _SENTENCES.split(text):
        if len(said) + len(sentence) >= _LONGEST_WAY:
            break
        said = f"{said} {sentence}".strip()
    return said or Truncator(text).chars(_LONGEST_WAY)


def _next_step(event: Event, standing: EventStanding, taking: EventStanding | None) -> str:
    """What somebody at the wall can do now; one for every way to stand."""
    if taking is None:
        return _("Read what came of it") if standing.is_over else _("Read more, or send a question")
    online = event.format == EventFormat.ONLINE
    day = day_in_words(local_day(event.timezone, event.rsvp_opens_at or event.starts_at))
    words = {
        EventStanding.LISTED: _("Read more, or send a question"),
        EventStanding.WALK_IN: _("Join online: no RSVP needed") if online else _("Just come: no RSVP needed"),
        EventStanding.NOT_YET: _("Places can be saved from {day}").format(day=day),
        EventStanding.CLOSED: _("No more places can be saved. You can still come")
        if may_still_walk_in(event)
        else _("No more places can be saved. Send a question"),
        EventStanding.HELD_FOR_GROUP: _("Join the waitlist, or send a question"),
        EventStanding.FULL: _("Full now: join the waitlist, or send a question"),
        EventStanding.OPEN: _("Save a place, or send a question"),
    }
    return words[taking]


def _whom_to_call(agency: Agency) -> list[str]:
    """As on every page (site/frames/_call.html), in as few words as a wall bears; empty where there is no telephone."""
    phone, relay, tty = agency.contact_phone, relay_of(agency.country), agency.contact_tty
    if not phone:
        return []
    words = _("Or call {phone}, relay {relay}") if relay else _("Or call {phone}")
    called = words.format(phone=phone, relay=relay)
    return [called, _("TTY {tty}").format(tty=tty)] if tty else [called]


def _offered(event: Event, taking: EventStanding | None) -> list[str]:
    """What is true of every event here, then what this one offers, then what its place has.

    Of one that was only listed from somebody's calendar we know no more than was written there.
    """
    features = event.venue.access_features if event.venue else []
    codes = dict.fromkeys([*event.access_offered, *features])
    offered = [str(_OFFERED[code]) for code in codes if code in _OFFERED and code != NeedKind.OTHER]
    ours = [] if taking is EventStanding.LISTED else [_("Free"), _("No ID needed"), _("No name needed")]
    return [*ours, *offered][:_MOST_OFFERED]


def _tongues(event: Event) -> list[dict[str, str]]:
    """A line each for whoever reads no English: spoken there, or to be asked for where interpreters are offered."""
    may_ask = NeedKind.INTERPRETER.value in event.access_offered and bool(event.agency.contact_phone)
    lines = []
    for tongue in TONGUES[1:]:
        words = (
            tongue.spoken_here
            if spoken(tongue, event.languages)
            else tongue.ask_for_interpreter
            if may_ask
            else ""
        )
        if words:
            lines.append({"code": tongue.code, "direction": tongue.direction, "words": words})
    return lines
