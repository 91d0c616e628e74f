"""Who saved a place, what they need, and who came: under addresses that reach nobody."""

from __future__ import annotations

import datetime as dt
from typing import Any

from demo.made_year.telling import told
from demo.made_year.year import PlannedEvent, Year
from events.door.attendance import count_heads
from events.door.checking_in import Arriving, check_in_batch
from events.rsvps.models import Rsvp, RsvpStatus
from events.rsvps.needs.arranging import arrange
from events.rsvps.needs.asking import Need, needs_of
from events.rsvps.responding import MadeWish, respond_for_made_up

_DOOR = dt.timedelta(minutes=20)
_BOOKED = dt.timedelta(days=2)
_CLOSED = dt.timedelta(minutes=30)
# Of a meeting whose people are forgotten by now, the totals are left: a few of them tell as much as all.
_LONG_AGO = (5, 9)


def plan_rsvps(year: Year) -> None:
    words = told("rsvps")
    for planned in year.events:
        if not planned.told.get("draft"):
            _plan(year, planned, words)


def _plan(year: Year, planned: PlannedEvent, words: dict[str, Any]) -> None:
    room = planned.series.get("capacity", 60)
    kept = planned.ends + dt.timedelta(days=planned.agency.retention_days) > year.now
    seats = year.chance.randint(*_LONG_AGO)
    if kept:
        seats = planned.told.get("asked_for") or int(room * year.chance.uniform(0.2, 0.6))
    parties: list[int] = []
    while sum(parties) < seats:
        parties.append(year.chance.choices((1, 2, 3, 4), (60, 25, 10, 5))[0])
    last = min((planned.cancelled or planned.starts) - _CLOSED, year.now)
    step = (last - planned.published) / (len(parties) + 1)
    wishes = [
        _wish(year, words, party, planned.published + number * step, 0.85 if kept else 0.3)
        for number, party in enumerate(parties, start=1)
    ]
    # All of a meeting at the last one's hour: their order among each other is what decides over seats.
    year.at(last, lambda now: _save(year, planned, wishes, now))
    if planned.cancelled is None:
        heads = (
            (11, 1) if planned.is_tonight else (int(room * year.chance.uniform(0.1, 0.3 if kept else 0.6)), 2)
        )
        share = 0.5 if planned.is_tonight else 0.72
        year.at(planned.starts + _DOOR, lambda now: _let_in(year, planned, share, heads, now))


def _wish(
    year: Year, words: dict[str, Any], party: int, at: dt.datetime, reached: float
) -> tuple[MadeWish, dict[str, Any]]:
    """One party, and what is made of its need if it has one."""
    chance = year.chance
    need = chance.choice(words["need"]) if chance.random() < 0.1 else {}
    name = f"{chance.choice(words['first_names'])} {chance.choice(words['last_names'])}"
    wish = MadeWish(
        at=at,
        party_size=party,
        language=chance.choices(("en", "es"), (80, 20))[0],
        name=name if chance.random() < 0.4 else "",
        email=f"neighbor.{chance.randrange(10**9)}@mail.example" if chance.random() < reached else "",
        needs=[Need(need["kind"], need.get("language", ""), need.get("detail", ""))] if need else (),
    )
    return wish, need if chance.random() < 0.5 else {}


def _save(
    year: Year, planned: PlannedEvent, wishes: list[tuple[MadeWish, dict[str, Any]]], now: dt.datetime
) -> None:
    rsvps = respond_for_made_up(planned.event, [wish for wish, _need in wishes], now=now)
    for rsvp, (wish, need) in zip(rsvps, wishes, strict=True):
        if need:
            _plan_arranging(year, planned, rsvp, need, max(now, wish.at + _BOOKED))


def _plan_arranging(
    year: Year, planned: PlannedEvent, rsvp: Rsvp, need: dict[str, Any], when: dt.datetime
) -> None:
    liaison = year.liaison(planned.agency)
    (request,) = needs_of(rsvp)

    def booked(now: dt.datetime) -> None:
        by = planned.event.local_starts_at.date() - dt.timedelta(days=2)
        arrange(
            request, actor=liaison, status="arranged", outcome=need["arranged"], owner=liaison, needed_by=by, now=now
        )  # fmt: skip

    year.at(when, booked)
    if planned.cancelled is None:
        year.at(max(planned.ends, when), lambda now: arrange(request, actor=liaison, status="met", now=now))


def _let_in(
    year: Year, planned: PlannedEvent, share: float, heads: tuple[int, int], now: dt.datetime
) -> None:
    """Most of those who had a place, some who had none, and how many the door counted without a name."""
    confirmed = Rsvp.objects.filter(event=planned.event, status=RsvpStatus.CONFIRMED).order_by(
        "created_at", "pk"
    )
    codes = [
        code for code in confirmed.values_list("checkin_code", flat=True) if year.chance.random() < share
    ]
    ways: list[dict[str, Any]] = [{"code": code} for code in codes]
    ways += [{"walk_in": True} for _one in range(year.chance.randint(3, 14))]
    arriving = [
        Arriving(f"made-{number}", at=now - dt.timedelta(minutes=year.chance.randint(0, 30)), **way)
        for number, way in enumerate(ways)
    ]
    check_in_batch(planned.event, arriving, now=now)
    added, removed = heads
    count_heads(planned.event, device="Door", count=added, removed=removed, now=now)
