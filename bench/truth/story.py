"""The year, by a seed: what happens when, and the clock that goes from one thing that is due to the next."""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.db import connection

from bench.truth import acts_of_committing as committing
from bench.truth import acts_of_planning as planning
from bench.truth import acts_of_residents as residents
from bench.truth import acts_of_staff as staff
from bench.truth.fast_clock import fast_clock
from bench.truth.reading.findings import Findings
from bench.truth.reading.reader import Reader
from bench.truth.town import Town, a_town
from bench.truth.zone_laws import Enact, Law, changing_laws

BEGINS: Final = dt.datetime(2026, 12, 1, 14, 0, tzinfo=dt.UTC)
# Of both changes of the clocks the second comes three weeks later by a law of that autumn, and Denver stays at summer time.
_IN_AUTUMN: Final = dt.datetime(2027, 10, 20, 12, tzinfo=dt.UTC)
LAWS: Final = (
    Law("America/Chicago", _IN_AUTUMN, "CST6CDT,M3.2.0,M11.4.0"),
    Law("America/Denver", _IN_AUTUMN, "MDT6"),
)
type Act = Callable[[Town], UUID | None]
# An agency that has something planned, and somebody who wants to hear of it.
_TO_BEGIN_WITH: Final[tuple[Act, ...]] = (
    *[residents.follow] * 3, *[residents.confirm_a_subscription] * 2, *[planning.plan] * 5, *[committing.commit] * 2,
)  # fmt: skip
# How often each happens, against the others.
ACTS: Final[dict[Act, int]] = {
    planning.plan: 10,
    planning.plan_at_a_clock_change: 2,
    planning.publish_a_draft: 2,
    planning.move_in_time: 5,
    planning.move_elsewhere: 3,
    planning.change_capacity: 5,
    planning.cancel: 3,
    planning.reinstate: 2,
    planning.take_a_start_back: 3,
    planning.take_an_end_back: 2,
    planning.start_by_hand: 3,
    planning.end_by_hand: 2,
    planning.check_somebody_in: 8,
    planning.summarize: 3,
    residents.respond: 45,
    residents.give_back: 9,
    residents.change_the_party: 9,
    residents.answer_an_offer: 10,
    residents.ask_for_the_link_again: 2,
    residents.follow: 4,
    residents.confirm_a_subscription: 4,
    residents.unsubscribe: 1,
    staff.see_to_a_need: 4,
    staff.somebody_leaves: 1,
    committing.commit: 3,
    committing.move_its_date: 2,
    committing.say_how_it_goes: 1,
    committing.keep_it: 1,
    committing.keep_it_in_part: 1,
    committing.end_it_badly: 1,
    committing.end_it_and_take_it_back: 1,
    committing.take_an_old_ending_back: 1,
}
# What the clock alone brings about: the worker looks soon after each of these.
_DUE: Final = """
SELECT min(at) FROM (
    SELECT starts_at AS at FROM events_event WHERE status = 'published'
    UNION ALL SELECT ends_at FROM events_event WHERE status = 'live'
    UNION ALL SELECT offer_expires_at FROM events_rsvp WHERE status = 'offered'
    UNION ALL SELECT due_at FROM outreach_delivery WHERE state = 'due'
    UNION ALL SELECT e.starts_at - make_interval(mins => r.minutes_before)
      FROM events_event e JOIN outreach_reminderrule r ON r.event_id = e.id WHERE e.status = 'published'
) AS due WHERE at > %s AND at <= %s
"""


@dataclass
class Told:
    """What became of it."""

    seed: int
    days: int
    acts: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    letters: int = 0
    statements: dict[str, int] = field(default_factory=dict)
    false: list[str] = field(default_factory=list)
    seconds: float = 0


class Story:
    def __init__(
        self, town: Town, reader: Reader, told: Told, enact: Enact, aloud: Callable[[str], None] | None
    ) -> None:
        self._town = town
        self._enact = enact
        self._reader = reader
        self._told = told
        self._aloud = aloud
        self._began = time.monotonic()
        self._day = 0

    def live(self, days: int, *, acts_a_day: float, laws: Sequence[Law]) -> None:
        """Until the days are over, or ten statements were false: by then there is enough to look into."""
        town, chance = self._town, self._town.random
        for act in _TO_BEGIN_WITH:
            self._act(act)
        began = town.now
        ends = began + dt.timedelta(days=days)
        while town.now < ends and len(self._told.false) < 10:
            if laws and town.now >= laws[0].since:
                self._change(laws)
                laws = ()
            # People act in bursts, at all hours.
            self._let_pass(dt.timedelta(days=chance.expovariate(acts_a_day / 3)))
            for _again in range(chance.randrange(1, 6)):
                self._act()
                town.clock.leap(dt.timedelta(seconds=chance.randrange(2, 90)))
            self._say_how_far((town.now - began).days)

    def _say_how_far(self, day: int) -> None:
        if day > self._day and self._aloud:
            self._aloud(
                f"day {day} ({self._town.now:%Y-%m-%d}): {sum(self._told.acts.values())} acts,"
                f" {sum(self._told.statements.values())} statements, {len(self._told.false)} false,"
                f" {time.monotonic() - self._began:.0f} s"
            )
        self._day = day

    def _change(self, laws: Sequence[Law]) -> None:
        """As when the new edition of the rules is installed: all is restarted, and the worker follows them first of all."""
        from outreach.worker.rounds import ROUNDS, go

        self._look(set())
        before = self._reader.what_stands()
        self._enact(laws)
        (follow,) = (name for name in ROUNDS if name.startswith("recompute_instants"))
        go(follow)
        came = self._town.work()
        self._told.acts["new_law"] = self._told.acts.get("new_law", 0) + len(laws)
        self._reader.note(
            f"{self._town.now:%Y-%m-%d %H:%M:%S} new law: {', '.join(law.rule for law in laws)}"
        )
        self._reader.read_after_new_rules(before, came)
        self._told.letters += len(came)
        self._reader.read_letters(came)

    def _let_pass(self, length: dt.timedelta) -> None:
        """From one thing that is due to the next, as a worker does that runs all the time; now and then it is away."""
        town = self._town
        until = town.now + length
        away = town.random.random() < 0.05
        while not away and (due := _next_due(town.now, until)):
            town.clock.leap_to(due + dt.timedelta(seconds=town.random.randrange(1, 16)))
            self._look(set())
        town.clock.leap_to(until)
        self._look(set())

    def _act(self, act: Act | None = None) -> None:
        town = self._town
        act = act or town.random.choices(list(ACTS), weights=list(ACTS.values()))[0]
        event = act(town)
        self._told.acts[act.__name__] = self._told.acts.get(act.__name__, 0) + 1
        self._reader.note(f"{town.now:%Y-%m-%d %H:%M:%S} {act.__name__} {event or ''}")
        # What is read before the worker has looked is as true as what is read afterwards.
        if event and town.random.random() < 0.3:
            self._reader.read_event(event)
        self._look({event} if event else set())

    def _look(self, touched: set[UUID]) -> None:
        came = self._town.work()
        self._told.letters += len(came)
        self._reader.read_letters(came)
        touched |= {one.event for one in came if one.event}
        for event in sorted(touched):
            self._reader.read_event(event)
        self._reader.read_what_is_public()


def _next_due(after: dt.datetime, until: dt.datetime) -> dt.datetime | None:
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [after, until])
        (found,) = cursor.fetchone() or (None,)
    return found


def tell(
    days: int,
    seed: int,
    *,
    acts_a_day: float = 6.0,
    begins: dt.datetime = BEGINS,
    laws: Sequence[Law] = LAWS,
    aloud: Callable[[str], None] | None = None,
) -> Told:
    """Live so many days by that seed. In a database that is migrated and otherwise empty.

    aloud: what is told each false statement as it is found, and each day that is over.
    """
    began = time.monotonic()
    told = Told(seed, days)
    chance: Any = random.Random(seed)
    with changing_laws() as enact, fast_clock(begins) as clock, a_town(clock, chance) as town:
        reader = Reader(town, Findings(seed, told.statements, told.false, aloud))
        Story(town, reader, told, enact, aloud).live(days, acts_a_day=acts_a_day, laws=laws)
        told.refused = town.refusals
    told.seconds = time.monotonic() - began
    return told
