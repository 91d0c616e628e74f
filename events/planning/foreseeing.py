"""What an act on a meeting would set off, counted before it is done, for whoever is asked (engage.confirming)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engage.agencies.working_days import DayOff, WorkingDays
from engage.confirming import Consequence, Question
from engage.local_time import one_stop
from events.event.announced import Schedule
from events.event.models import OPEN, Event, EventStatus
from events.event.when import Span, day_in_words, moment_of
from events.rsvps.models import Rsvp, RsvpStatus
from events.rsvps.needs.models import AccessRequest, NeedStatus

# Nobody holds one meeting for longer: of what is still longer, the first days are looked at.
_LOOKED_AT: Final = dt.timedelta(days=31)
# So near to its hour a meeting is started without a word: the room is full, or the clock on the wall is fast.
STARTS_FREELY: Final = dt.timedelta(hours=2)
_STANDING: Final = (RsvpStatus.CONFIRMED, RsvpStatus.OFFERED, RsvpStatus.WAITLISTED)


@dataclass(frozen=True, slots=True)
class Told:
    """Who hears of an act by mail. there: RSVPs, and what was asked, under an address. followers: things followed.

    Not addresses, each of which is told once, so there are at most so many letters: whoever saves a place under an address
    that they know, and sees the number of addresses stay as it was, has learnt that it had a place.
    """

    there: int = 0
    followers: int = 0

    def __bool__(self) -> bool:
        return bool(self.there or self.followers)


# Outreach sets this when the app starts: by the statements that announce the act, how many hear of it.
_count: Callable[[Event, str], Told] | None = None


def count_told_by(count: Callable[[Event, str], Told]) -> None:
    """Set the one hook that tells who hears of what becomes of a meeting. Takes the act, as it stands in the record."""
    global _count
    _count = count


def told_of(event: Event, act: str) -> Told:
    """act: ``event.cancelled``, ``event.moved`` or ``event.reinstated``."""
    return _count(event, act) if _count is not None else Told()


def standing_rsvps(event: Event) -> QuerySet[Rsvp]:
    return Rsvp.objects.filter(event=event, status__in=_STANDING)


def settled_needs(event: Event) -> int:
    """How many needs are settled, and become work again where the meeting is held on another day after all."""
    settled = AccessRequest.objects.filter(event=event, status__in=[NeedStatus.ARRANGED, NeedStatus.NOT_MET])
    return settled.count()


def starts_early(event: Event, now: dt.datetime) -> bool:
    """Whether a start now is so early that it is asked about."""
    return now < event.starts_at - STARTS_FREELY


def of_an_early_start(event: Event, now: dt.datetime) -> Question:
    """Nothing from two hours before the start on."""
    if not starts_early(event, now):
        return _question("start", event, [])
    read = _("Whoever can see this meeting reads at once: “Happening now”. It is planned for {when}.")
    found = [_read_at("starts_early", read, event, event.starts_at)]
    held = standing_rsvps(event).count()
    words = ngettext(
        "{number} RSVP is for the planned time. Nobody gets a message that it starts now.",
        "{number} RSVPs are for the planned time. Nobody gets a message that it starts now.",
        held,
    )
    return _question("start", event, found + _counted("nobody_told", words, held))


def of_an_early_end(event: Event, now: dt.datetime) -> Question:
    """Nothing from the planned end on, or from the end to which it was kept open."""
    if now >= event.over_at:
        return _question("end", event, [])
    read = _(
        "Whoever can see this meeting reads at once: “This meeting is over”. It is planned until {when}."
    )
    found = [_read_at("ends_early", read, event, event.over_at)]
    waiting = standing_rsvps(event).exclude(status=RsvpStatus.CONFIRMED).count()
    words = ngettext(
        "{number} party waits for a place, or was offered one. It gets none any more.",
        "{number} parties wait for a place, or were offered one. They get none any more.",
        waiting,
    )
    return _question("end", event, found + _counted("queue_ends", words, waiting))


def of_a_cancellation(event: Event) -> Question:
    """Who is told."""
    told = told_of(event, "event.cancelled")
    words = ngettext(
        "At most {number} person who holds a place and left an address is told at once, with your reason.",
        "At most {number} people who hold a place and left an address are told at once, with your reason.",
        told.there,
    )
    return _question("cancel", event, _counted("told", words, told.there) + _followers(told))


def of_reinstating(event: Event) -> Question:
    """Which of its days are days off, who is told, and what goes on where it stopped."""
    told = told_of(event, "event.reinstated")
    offered, settled = event.seats_held, settled_needs(event)
    words = ngettext(
        "At most {number} person who holds a place and left an address is told at once that it takes place.",
        "At most {number} people who hold a place and left an address are told at once that it takes place.",
        told.there,
    )
    found = _on_days_off(event) + _counted("told", words, told.there) + _followers(told)
    words = ngettext(
        "{number} place that was offered is offered anew, for a full term.",
        "{number} places that were offered are offered anew, for a full term.",
        offered,
    )
    found += _counted("offers_renewed", words, offered)
    return _question("reinstate", event, found + _reopened(settled))


def of_a_plan(event: Event) -> Question:
    """event: as it would stand. Only which of its days are days off."""
    return Question(f"plan {event.agency_id}", _on_days_off(event))


def of_a_move(event: Event, was: Schedule, *, into_the_past: bool) -> Question:
    """event: as it would stand; was: as it stands.

    Nothing where nobody hears of it, no need is settled, it moves neither into the past nor to a day off.
    """
    found = _on_days_off(event, was)
    if event.status not in OPEN:
        return _question("edit", event, found)
    if into_the_past:
        words = _(
            "This time has passed: the meeting begins and ends by itself at once. It cannot be moved back then."
        )
        found.append(Consequence("moves_into_the_past", words, of=event.starts_at.isoformat()))
    told = told_of(event, "event.moved")
    words = ngettext(
        "At most {number} person is told at once: whoever holds a place and left an address. Their calendar is corrected.",
        "At most {number} people are told at once: those who hold a place and left an address. Their calendars are corrected.",
        told.there,
    )
    found += _counted("told", words, told.there) + _followers(told)
    return _question("edit", event, found + _reopened(settled_needs(event)))


def is_past(event: Event, now: dt.datetime) -> bool:
    """Whether nobody can come to it any more at the time that it says."""
    return event.starts_at <= now if event.status != EventStatus.LIVE else event.ends_at <= now


def is_known_of(event: Event) -> bool:
    """Whether anybody holds a place, or was told that it takes place. Three queries."""
    return standing_rsvps(event).exists() or bool(told_of(event, "event.cancelled"))


def days_off_of(span: Span, working: WorkingDays) -> list[DayOff]:
    """Closed days and public holidays among the days of a meeting; of a very long one, among those of its first month."""
    first, last = span.starts.date(), min(span.last_day, span.starts.date() + _LOOKED_AT)
    return list(working.days_off(first, last))


def _question(act: str, event: Event, found: list[Consequence]) -> Question:
    return Question(f"{act} {event.pk}", found)


def _on_days_off(event: Event, was: Schedule | None = None) -> list[Consequence]:
    """Closed days of the agency and public holidays among its days; of one that moves, those on which it was not held before."""
    span = Span(event.local_starts_at, event.local_ends_at)
    before = Span(was.local_starts_at, was.local_ends_at) if was else None
    if before and before.starts.date() <= span.starts.date() and span.last_day <= before.last_day:
        return []
    return [
        Consequence("day_off", _day_off(off), of=f"{off.day} {off.name}")
        for off in days_off_of(span, WorkingDays(event.agency))
        if not (before and before.starts.date() <= off.day <= before.last_day)
    ]


def _day_off(off: DayOff) -> str:
    words = (
        _("On {day} the agency is closed: {name}.") if off.ours else _("{day} is a public holiday: {name}.")
    )
    return words.format(day=day_in_words(off.day), name=off.name)


def _reopened(settled: int) -> list[Consequence]:
    words = ngettext(
        "{number} need that was settled becomes work again: what was booked has to be asked for anew.",
        "{number} needs that were settled become work again: what was booked has to be asked for anew.",
        settled,
    )
    return _counted("needs_reopened", words, settled)


def _followers(told: Told) -> list[Consequence]:
    words = ngettext(
        "At most {number} person who follows, and was told of this meeting, is told as well.",
        "At most {number} people who follow, and were told of this meeting, are told as well.",
        told.followers,
    )
    return _counted("followers_told", words, told.followers)


def _counted(code: str, words: str, number: int) -> list[Consequence]:
    return [Consequence(code, words.format(number=number), number)] if number else []


def _read_at(code: str, words: str, event: Event, when: dt.datetime) -> Consequence:
    return Consequence(code, one_stop(words.format(when=moment_of(event, when))), of=when.isoformat())
