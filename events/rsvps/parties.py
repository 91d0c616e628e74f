"""Whether a party finds room, and what it can choose where it does not: the same words and choices for page and program.

Nobody learns of the waitlist only afterwards: a page asks for a seat or nothing first, and shows what is refused here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from engage.refusals import FieldError, RuleViolation
from events.event.models import Event
from events.event.standing import free_seats, in_line
from events.rsvps.models import Rsvp, RsvpStatus
from events.rsvps.seats import is_too_large


class Choice(NamedTuple):
    """What a party can do. waitlist: whether it waits for that many seats."""

    party_size: int
    waitlist: bool


@dataclass(frozen=True, slots=True)
class Room:
    """What the row of an event has for somebody new. free: seats neither taken nor offered; None where there is no limit.

    in_line: parties that wait and could be seated, for whom what is free is kept. counts: whether anybody may read numbers.
    """

    capacity: int | None
    free: int | None
    held: int
    in_line: int
    counts: bool = True

    @property
    def left(self) -> int | None:
        """For somebody new: none while anybody waits."""
        return 0 if self.in_line and self.free is not None else self.free

    @property
    def kept(self) -> int:
        """Free, and kept for those who wait already."""
        return (self.free or 0) if self.in_line else 0

    def seats(self, party_size: int) -> bool:
        return not self.in_line and (self.free is None or party_size <= self.free)

    def words(self, party_size: int) -> str:
        """How it is, and what can be chosen."""
        left = self.left or 0
        if left:
            free = ngettext(
                "%(left)d place is free. Take it, or wait for %(party)d.",
                "%(left)d places are free. Take %(left)d, or wait for %(party)d.",
                left,
            )
            return free % {"left": left, "party": party_size}
        return f"{self.why_none()} {_('You can join the waitlist.')}"

    def why_none(self) -> str:
        """That nobody new gets a seat just now, and what became of the seats. Only where none is left."""
        if self.kept:
            kept = ngettext(
                "%(kept)d seat is free, but kept for a group that waits.",
                "%(kept)d seats are free, but kept for a group that waits.",
                self.kept,
            )
            return kept % {"kept": self.kept}
        if self.capacity is None:
            return _("Others wait before you.")
        seats = self.capacity
        if self.held:
            held = ngettext(
                "The one seat is offered to somebody who waited.",
                "All %(seats)d seats are taken, or offered to people who waited.",
                seats,
            )
            return held % {"seats": seats}
        return ngettext("The one seat is taken.", "All %(seats)d seats are taken.", seats) % {"seats": seats}

    def choices(self, party_size: int) -> list[Choice]:
        smaller = [Choice(self.left, waitlist=False)] if self.left and self.left < party_size else []
        return [*smaller, Choice(party_size, waitlist=True)]


def room_of(event: Event) -> Room:
    """No query."""
    return Room(
        event.capacity, free_seats(event), event.seats_held, in_line(event), counts=not event.discreet
    )


class EventFull(RuleViolation):
    """No seats for all of a party. words: how it is and what can be chosen, for whoever may read numbers."""

    code = "event_full"
    sentence = gettext_lazy("There is no room for so many now. You can wait for it.")

    def __init__(self, room: Room, party_size: int, **more: Any) -> None:
        self.room, self.party_size = room, party_size
        choices: list[Choice] = room.choices(party_size)
        numbers: dict[str, Any] = {}
        if room.counts:
            numbers = {"seats_left": room.left, "seats_kept": room.kept}
        else:
            # How full a discreet meeting is concerns its staff.
            choices = [one for one in choices if one.waitlist]
        self.words = room.words(party_size) if not room.seats(party_size) else str(self.sentence)
        told = [one._asdict() for one in choices]
        super().__init__(self.words if room.counts else None, **numbers, choices=told, **more)


class NoRoomToGrow(EventFull):
    """A party that has a place wants more seats than are free for it; the old one stands.

    most: what it can be now. None of it waits: seats are kept for a whole party, not for a part of one.
    """

    def __init__(self, room: Room, rsvp: Rsvp, party_size: int) -> None:
        more = (room.left or 0) if rsvp.status == RsvpStatus.CONFIRMED else 0
        self.has, self.most = rsvp.party_size, rsvp.party_size + more
        super().__init__(room, party_size)
        self.extra["choices"] = [Choice(self.most, waitlist=False)._asdict()] if more and room.counts else []
        self.words = self._words(rsvp, more)
        self.detail = self.words if room.counts else self.sentence
        self.errors = [FieldError("party_size", self.code, str(self.detail))]

    def _words(self, rsvp: Rsvp, more: int) -> str:
        if more:
            free = ngettext(
                "%(more)d more place is free: you can come with %(most)d, not with %(party)d.",
                "%(more)d more places are free: you can come with %(most)d, not with %(party)d.",
                more,
            )
            return free % {"more": more, "most": self.most, "party": self.party_size}
        if rsvp.status == RsvpStatus.OFFERED:
            return _(
                "A place for {number} is kept for you, and no more. First take it, then change it."
            ).format(number=self.has)
        return _("{why} Your place for {number} stands as it is.").format(
            why=self.room.why_none(), number=self.has
        )


class TurnLost(RuleViolation):
    """A party that waits and wants more seats goes to the end of the line. position: what its number would be."""

    code = "turn_lost"
    sentence = gettext_lazy("With more people you go to the end of the line.")

    def __init__(self, *, party_size: int, has: int, position: int) -> None:
        self.party_size, self.has, self.position = party_size, has, position
        words = _(
            "With {party} people you go to the end of the line, as number {position}. With {has} you keep your turn."
        )
        super().__init__(
            words.format(party=party_size, has=has, position=position), field="party_size", position=position
        )


def can_never_be_seated(event: Event, rsvp: Rsvp) -> bool:
    """It waits, and the room holds fewer than it has people: it was larger when they asked."""
    return rsvp.status == RsvpStatus.WAITLISTED and is_too_large(event, rsvp.party_size)
