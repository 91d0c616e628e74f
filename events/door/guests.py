"""The list at the door, and the one field before it: a whole code lets its people in at once, anything else finds who may be meant.

A name is found by what somebody hears and types: without regard to case and accents, in any word.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import F, FilteredRelation, Q

from events.door.checking_in import Arrival, CodeUnknown, check_in
from events.door.links import must_take_arrivals
from events.event.models import Event
from events.rsvps.models import Rsvp, RsvpStatus
from events.rsvps.tickets import ALPHABET, LENGTH, name_of, read_code

# Letters that no decomposition takes apart, as people without that key write them.
_PLAIN: Final = str.maketrans(
    {"đ": "d", "ø": "o", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
)

type Marked = list[tuple[str, bool]]
MOST_SHOWN: Final = 20
# Fewer letters of a code say nothing: most names begin with some of them.
LEAST_OF_A_CODE: Final = 3
_CODE: Final = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")
# What a scanner at the door reads from a ticket, and types like a keyboard.
_TICKET: Final = re.compile(r"/c/([0-9a-z-]{1,24})/?$", re.IGNORECASE)
# A code of longer ago stands for nobody any more.
_KEPT: Final = dt.timedelta(days=60)


def folded(text: str) -> str:
    """``text`` as it is compared: small letters without accents, one space between words."""
    return " ".join(_fold(text).split())


def match(name: str, typed: str) -> int | None:
    """How well ``name`` fits every word of ``typed`` (both folded): 0 where each begins a word, 1 within; None: not."""
    worst = 0
    for word in typed.split():
        at = name.find(word)
        if at < 0:
            return None
        if not name.startswith(word) and f" {word}" not in name:
            worst = 1
    return worst


def marked(name: str, typed: str) -> Marked:
    """``name`` in pieces, each with whether it is what was typed (folded). Joined, they are the name."""
    plain, origin = "", []
    for number, letter in enumerate(name):
        small = _fold(letter)
        plain += small
        origin += [number] * len(small)
    hit = [False] * len(name)
    for word in typed.split():
        # Where a word begins with it, there; "an" is not marked in the middle of "Susan Anders".
        at = 0 if plain.startswith(word) else plain.find(f" {word}") + 1 or plain.find(word)
        for number in origin[at : at + len(word)] if at >= 0 else ():
            hit[number] = True
    for number, letter in enumerate(name):
        # An accent of its own belongs to the letter before it.
        if number and unicodedata.combining(letter):
            hit[number] = hit[number - 1]
    pieces: Marked = []
    for letter, is_hit in zip(name, hit, strict=True):
        if pieces and pieces[-1][1] == is_hit:
            pieces[-1] = (pieces[-1][0] + letter, is_hit)
        else:
            pieces.append((letter, is_hit))
    return pieces


def _fold(text: str) -> str:
    if text.isascii():
        return text.casefold()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).translate(_PLAIN)


@dataclass(frozen=True, slots=True)
class Guest:
    """An RSVP on the list. ``arrival`` and ``since`` stand where its people are here; ``came``: how many they are."""

    rsvp_id: UUID
    name: Marked
    party: int
    code: str
    status: str
    arrival_id: UUID | None = None
    client_id: str = ""
    since: dt.datetime | None = None
    came: int = 0

    @property
    def whole_name(self) -> str:
        return "".join(piece for piece, _hit in self.name)


@dataclass(frozen=True, slots=True)
class Found:
    """The best matches, at most MOST_SHOWN, and how many there are."""

    guests: list[Guest]
    total: int


def code_in(typed: str) -> str:
    """The whole code in ``typed``, also as a ticket's address; empty where it is none."""
    ticket = _TICKET.search(typed.strip())
    code = read_code(ticket[1] if ticket else typed)
    return code if _CODE.fullmatch(code) else ""


def guests_matching(event: Event, typed: str) -> Found:
    """RSVPs of one event by a name or (the beginning of) a code. One query; nothing typed finds nobody.

    Names are under seal, so they are opened here and compared one by one; cancelled RSVPs are found by their code.
    """
    name, code = folded(typed), code_in(typed) or read_code(typed)
    if not name:
        return Found([], 0)
    by_code = len(code) >= LEAST_OF_A_CODE
    ranked: list[tuple[Any, Rsvp, str]] = []
    for rsvp in _rsvps(event):
        whole = "" if rsvp.status == RsvpStatus.CANCELLED else name_of(rsvp)
        plain = folded(whole)
        rank = match(plain, name) if plain else None
        if by_code and rsvp.checkin_code.startswith(code):
            rank = 0
        if rank is not None:
            key = (rank, rsvp.arrival_id is not None, plain or "\uffff", rsvp.checkin_code)
            ranked.append((key, rsvp, whole))
    ranked.sort(key=lambda one: one[0])
    shown = [_guest(rsvp, marked(whole, name)) for _key, rsvp, whole in ranked[:MOST_SHOWN]]
    return Found(shown, len(ranked))


def is_of_another_event(event: Event, code: str, *, now: dt.datetime) -> bool:
    """Whether ``code`` (whole) belongs to another meeting of the same agency. Which one, and whose, is not said."""
    others = Event.objects.filter(agency_id=event.agency_id, starts_at__gte=now - _KEPT).exclude(pk=event.pk)
    return Rsvp.objects.filter(event__in=others, checkin_code=code).exists()


def events_of_code(code: str, agencies: Collection[UUID], *, now: dt.datetime) -> list[UUID]:
    """The meetings of ``agencies`` at which a whole ``code`` lets somebody in; nearly always one, or none."""
    near = Event.objects.filter(agency_id__in=list(agencies), starts_at__range=(now - _KEPT, now + _KEPT))
    found = Rsvp.objects.filter(event__in=near, checkin_code=code).order_by("event__starts_at")
    return list(found.values_list("event_id", flat=True)[:10])


def _rsvps(event: Event) -> Any:
    return (
        Rsvp.objects.filter(event=event)
        .annotate(standing=FilteredRelation("check_ins", condition=Q(check_ins__undone_at=None)))
        .annotate(
            arrival_id=F("standing__id"),
            client_id=F("standing__client_id"),
            since=F("standing__at"),
            came=F("standing__party"),
        )
        .only("id", "agency_id", "sealed_name", "party_size", "status", "checkin_code")
    )


def _guest(rsvp: Any, name: Marked) -> Guest:
    return Guest(
        rsvp_id=rsvp.pk,
        name=name,
        party=rsvp.party_size,
        code=rsvp.checkin_code,
        status=rsvp.status,
        arrival_id=rsvp.arrival_id,
        client_id=rsvp.client_id or "",
        since=rsvp.since,
        came=rsvp.came or 0,
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """Either an arrival, or whom the words may mean. elsewhere: it is a code of another meeting of this agency."""

    arrival: Arrival | None = None
    found: Found | None = None
    elsewhere: bool = False


def let_in_or_find(event: Event, typed: str, *, client_id: str, now: dt.datetime) -> Answer:
    """As the door's field is sent. Ten letters may be a code or a name: the code goes first.

    client_id: of this one act, so that it may be sent again. Raises WrongState, Invalid.
    """
    code = code_in(typed)
    if code:
        try:
            return Answer(arrival=check_in(event, client_id=client_id, code=code, now=now))
        except CodeUnknown:
            return look_for(event, typed, now=now)
    return look_for(event, typed, now=now)


def look_for(event: Event, typed: str, *, now: dt.datetime) -> Answer:
    """Whom ``typed`` may mean, while it is being typed: nobody is let in. Raises WrongState."""
    must_take_arrivals(event, now)
    found, code = guests_matching(event, typed), code_in(typed)
    elsewhere = bool(code) and not found.total and is_of_another_event(event, code, now=now)
    return Answer(found=found, elsewhere=elsewhere)
