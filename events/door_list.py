"""The list at the door: who saved a place here, found by a name or a code; and a code of another meeting."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import F, FilteredRelation, Q

from events.check_in_codes import ALPHABET, LENGTH, read_code
from events.guest_names import name_of
from events.models import Event, Rsvp, RsvpStatus
from events.name_matching import Marked, folded, marked, match

MOST_SHOWN: Final = 20
# Fewer letters of a code say nothing: most names begin with some of them.
LEAST_OF_A_CODE: Final = 3
_CODE: Final = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")
# What a scanner at the door reads from a ticket, and types like a keyboard.
_TICKET: Final = re.compile(r"/c/([0-9a-z-]{1,24})/?$", re.IGNORECASE)
# A code of longer ago stands for nobody any more.
_KEPT: Final = dt.timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Guest:
    """A place on the list. ``arrival`` and ``since`` stand where its people are here; ``came``: how many they are."""

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
    """Places of one event by a name or (the beginning of) a code. One query; nothing typed finds nobody.

    Names are under seal, so they are opened here and compared one by one; cancelled places are found by their code.
    """
    name, code = folded(typed), code_in(typed) or read_code(typed)
    if not name:
        return Found([], 0)
    by_code = len(code) >= LEAST_OF_A_CODE
    ranked: list[tuple[Any, Rsvp, str]] = []
    for place in _places(event):
        whole = "" if place.status == RsvpStatus.CANCELLED else name_of(place)
        plain = folded(whole)
        rank = match(plain, name) if plain else None
        if by_code and place.checkin_code.startswith(code):
            rank = 0
        if rank is not None:
            key = (rank, place.arrival_id is not None, plain or "\uffff", place.checkin_code)
            ranked.append((key, place, whole))
    ranked.sort(key=lambda one: one[0])
    shown = [_guest(place, marked(whole, name)) for _key, place, whole in ranked[:MOST_SHOWN]]
    return Found(shown, len(ranked))


def is_of_another_meeting(event: Event, code: str, *, now: dt.datetime) -> bool:
    """Whether ``code`` (whole) belongs to another meeting of the same agency. Which one, and whose, is not said."""
    others = Event.objects.filter(agency_id=event.agency_id, starts_at__gte=now - _KEPT).exclude(pk=event.pk)
    return Rsvp.objects.filter(event__in=others, checkin_code=code).exists()


def events_of_code(code: str, agencies: Collection[UUID], *, now: dt.datetime) -> list[UUID]:
    """The meetings of ``agencies`` at which a whole ``code`` lets somebody in; nearly always one, or none."""
    near = Event.objects.filter(agency_id__in=list(agencies), starts_at__range=(now - _KEPT, now + _KEPT))
    found = Rsvp.objects.filter(event__in=near, checkin_code=code).order_by("event__starts_at")
    return list(found.values_list("event_id", flat=True)[:10])


def _places(event: Event) -> Any:
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


def _guest(place: Any, name: Marked) -> Guest:
    return Guest(
        rsvp_id=place.pk,
        name=name,
        party=place.party_size,
        code=place.checkin_code,
        status=place.status,
        arrival_id=place.arrival_id,
        client_id=place.client_id or "",
        since=place.since,
        came=place.came or 0,
    )
