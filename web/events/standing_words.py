"""What is said of how a meeting stands: beside it in a list, in the bar at the foot of its page, and of what it was before.

The notice on top of its page says the same at length (``events/_state_notice.html``). Each takes the one answer of
``events.event.standing``; a way to stand that has no words here is an error, not a silence.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from engage.local_time import local_day
from events.event.announced import Schedule, schedule_of
from events.event.models import Event, EventFormat, EventStatus
from events.event.standing import (
    EventStanding,
    free_seats,
    in_line,
    moved_from,
    seats_left,
    standing_of,
    taking_of,
    walks_in_when_closed,
)
from events.event.when import day_in_words, span_of, when_it_was
from events.rsvps.rules import link_for_everybody
from events.rsvps.waitlisting import hours_offered
from web.site.languages.addresses import address_of


@dataclass(frozen=True, slots=True)
class Seats:
    """A few words beside an icon. notable: worth bold letters. leads_to_summary: they are a link to it."""

    icon: str
    words: str
    notable: bool = True
    leads_to_summary: bool = False


@dataclass(frozen=True, slots=True)
class Was:
    """What was announced before it moved, and what stands instead; empty where nothing changed."""

    when: str = ""
    when_now: str = ""
    where: str = ""
    where_now: str = ""

    def __bool__(self) -> bool:
        return bool(self.when or self.where)

    @property
    def in_a_line(self) -> str:
        """For a list: the day before, or where it was only the place that changed, the place."""
        said = self.when or self.where
        return _("Moved from {before}").format(before=said) if said else ""


_CALLED: Final = {
    EventStanding.CANCELLED: EventStatus.CANCELLED,
    EventStanding.REPORTED: EventStatus.REPORTED,
    EventStanding.OVER: EventStatus.ENDED,
    EventStanding.LIVE: EventStatus.LIVE,
    EventStanding.DRAFT: EventStatus.DRAFT,
}
# Nobody was told anything else.
STANDS: Final = Was()


@dataclass(frozen=True, slots=True)
class Bar:
    """The foot of a phone's screen: what to know, and the one act that follows. url: empty where there is none."""

    words: str
    url: str = ""
    act: str = ""


def seats_of(event: Event, *, now: dt.datetime) -> Seats:
    """What somebody who wants to come should know in a list."""
    is_online = event.format == EventFormat.ONLINE
    words: dict[EventStanding, Callable[[], Seats]] = {
        EventStanding.CANCELLED: lambda: Seats("cancel", _("Called off")),
        EventStanding.REPORTED: lambda: Seats(
            "comment", pgettext("bar", "Read what we heard"), leads_to_summary=True
        ),
        EventStanding.OVER: lambda: Seats("history", _("This meeting is over"), notable=False),
        EventStanding.LIVE: lambda: Seats("people", _("Happening now")),
        EventStanding.DRAFT: lambda: Seats("event", str(EventStatus.DRAFT.label), notable=False),
        EventStanding.LISTED: lambda: Seats("event", _("Listed from the city’s calendar"), notable=False),
        EventStanding.WALK_IN: lambda: _no_rsvp(is_online=is_online),
        EventStanding.NOT_YET: lambda: Seats("event", _opens(event)),
        EventStanding.CLOSED: lambda: _closed(event),
        EventStanding.HELD_FOR_GROUP: lambda: Seats("people", held_in_words(event)),
        EventStanding.FULL: lambda: Seats("people", _("Full. You can join the waitlist")),
        EventStanding.OPEN: lambda: _open(event, is_online=is_online),
    }
    return words[standing_of(event, now)]()


def standing_in_words(event: Event, *, now: dt.datetime) -> str:
    """For its staff: what was done with it, or what happens by the clock; and ahead, what people find."""
    standing = standing_of(event, now)
    if standing.is_ahead:
        published = EventStatus.PUBLISHED.label
        return f"{published}. {seats_of(event, now=now).words}"
    return str(_CALLED[standing].label)


def held_in_words(event: Event) -> str:
    """Why who asks now waits although not every seat is taken."""
    free = free_seats(event)
    if free is None:
        return _("People wait for a place")
    words = ngettext(
        "%(seats)d seat is kept for a group that waits",
        "%(seats)d seats are kept for a group that waits",
        free,
    )
    return words % {"seats": free}


def seat_line(event: Event, taking: EventStanding | None) -> str:
    """How many places are left; of one that is full, or kept for others, how many wait."""
    if taking is not None and taking.queues:
        many = in_line(event)
        if not many:
            return _("Nobody waits yet.")
        ahead = ngettext("%(many)d group waits before you.", "%(many)d groups wait before you.", many)
        return ahead % {"many": many}
    left = seats_left(event)
    if left is None:
        return _("There is room for everyone.")
    words = ngettext("%(left)d of %(all)d places left.", "%(left)d of %(all)d places left.", left)
    return words % {"left": left, "all": event.capacity}


def held_for(event: Event, now: dt.datetime) -> str:
    """For whoever thinks of waiting: how long a place that comes free is kept for them."""
    hours = hours_offered(event, now)
    if hours is None:
        return _("A place that comes free now is yours at once, and we write to you.")
    words = ngettext(
        "When a place is free, we write to you and keep it for you for about %(hours)d hour.",
        "When a place is free, we write to you and keep it for you for about %(hours)d hours.",
        hours,
    )
    return words % {"hours": hours}


def may_still_walk_in(event: Event) -> bool:
    """Once no more places can be saved: through a door, and as the agency has it. No door leads into an online room."""
    return event.format != EventFormat.ONLINE and walks_in_when_closed(event)


def welcomes(event: Event, taking: EventStanding | None) -> bool:
    """Whether somebody without a place is told to come all the same, while it is on."""
    if taking is None or taking is EventStanding.LISTED:
        return False
    if taking is EventStanding.WALK_IN:
        return True
    if event.format == EventFormat.ONLINE:
        return False
    return taking is not EventStanding.CLOSED or walks_in_when_closed(event)


def before_it_moved(event: Event, now: dt.datetime) -> Was:
    """For everyone: what was last announced before the newest move, while it counts."""
    was = moved_from(event, now)
    return STANDS if was is None else what_it_was(event, was, now)


def what_it_was(event: Event, was: Schedule, now: dt.datetime) -> Was:
    """was: any schedule that held once, such as the one by which somebody saved a place."""
    stands = schedule_of(event)
    told: dict[str, str] = {}
    if was.is_elsewhen(stands):
        told |= {"when": when_it_was(event, was, now=now), "when_now": _when_now(event, was, now)}
    if was.is_elsewhere(stands):
        told |= {"where": _where(was), "where_now": _where(stands)}
    return Was(**told)


def bar_of(event: Event, *, now: dt.datetime) -> Bar:
    """One for every way to stand, so that the foot of the screen never says less than its head."""
    standing, taking = standing_of(event, now), taking_of(event, now)
    # While it is on, the act of that hour comes first: who stands at the door needs no form.
    if taking is not None and taking.saves and standing is not EventStanding.LIVE:
        act = pgettext("bar", "Join the waitlist") if taking.queues else pgettext("bar", "Save a place")
        return Bar(seat_line(event, taking), "#rsvp", act)
    acts: dict[EventStanding, Callable[[], tuple[str, str]]] = {
        EventStanding.CANCELLED: lambda: (
            address_of("ask_us", slug=event.agency.slug),
            pgettext("bar", "Send your question"),
        ),
        EventStanding.REPORTED: lambda: (
            address_of("summary", event_id=event.pk),
            pgettext("bar", "Read what we heard"),
        ),
        EventStanding.OVER: lambda: (_follow(event), pgettext("bar", "Tell me what comes of it")),
        EventStanding.LIVE: lambda: _join_or_ask(event),
    }
    words = seats_of(event, now=now).words
    if standing is EventStanding.REPORTED:
        words = _("This meeting is over")
    elif standing is EventStanding.CLOSED and not may_still_walk_in(event):
        return Bar(words, _ask(event), pgettext("bar", "Send your question"))
    url, act = acts[standing]() if standing in acts else _keep_the_day(event)
    return Bar(words, url, act)


def _follow(event: Event) -> str:
    return f"{address_of('follow', slug=event.agency.slug)}?target=event&id={event.pk}"


def _ask(event: Event) -> str:
    return address_of("ask_event", event_id=event.pk)


def _join_or_ask(event: Event) -> tuple[str, str]:
    link = link_for_everybody(event)
    return (
        (link, pgettext("bar", "Join online"))
        if link
        else (_ask(event), pgettext("bar", "Send a question now"))
    )


def _keep_the_day(event: Event) -> tuple[str, str]:
    return reverse("invite", args=[event.pk]), pgettext("bar", "Add to calendar")


def _when_now(event: Event, was: Schedule, now: dt.datetime) -> str:
    """The zone is named also where it is the agency's own, if it was another before."""
    return span_of(event, with_zone=was.timezone != event.timezone).words(now=now)


def _where(it: Schedule) -> str:
    if it.format == EventFormat.HYBRID and it.where:
        return _("{place}, or online").format(place=it.where)
    return it.where or (_("Online") if it.format == EventFormat.ONLINE else _("The place will be announced."))


def _no_rsvp(*, is_online: bool) -> Seats:
    if is_online:
        return Seats("phone", _("Online, no RSVP needed"))
    return Seats("directions_walk", _("Walk in, no RSVP needed"))


def _opens(event: Event) -> str:
    opens = event.rsvp_opens_at or event.starts_at
    return _("Places can be saved from {day}").format(day=day_in_words(local_day(event.timezone, opens)))


def _closed(event: Event) -> Seats:
    if may_still_walk_in(event):
        return Seats("people", _("No more places can be saved. You can still come"))
    return Seats("people", _("No more places can be saved"), notable=False)


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
