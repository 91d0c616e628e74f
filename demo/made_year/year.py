"""What the parts of the made-up year hand to each other, and the acts that are still to be played."""

from __future__ import annotations

import datetime as dt
import heapq
import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from engage.agencies.models import Agency, Community
from engage.listening.models import Dialogue, Theme
from engage.local_time import local_day
from engage.people.models import Person
from engage.roles.models import Role
from events.event.models import Event, Venue

# The same year each time: only ids, keys and the day it is hung on differ.
SEED = 20_161
Act = Callable[[dt.datetime], object]


@dataclass
class PlannedEvent:
    """A meeting as it is told. ``event`` is its row once the act that drafts it has been played."""

    series: dict[str, Any]
    told: dict[str, Any]
    number: int
    agency: Agency
    starts: dt.datetime
    ends: dt.datetime
    drafted: dt.datetime
    published: dt.datetime
    cancelled: dt.datetime | None
    event: Event = field(init=False)

    @property
    def is_tonight(self) -> bool:
        return bool(self.series["at"] == "now")

    @property
    def is_public(self) -> bool:
        return "audience" not in self.series


@dataclass
class Year:
    """``now`` is the instant of the first load; what lies after it is planned and never played."""

    now: dt.datetime
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))  # noqa: S311 # nosec B311 - stories, no secrets
    agencies: dict[str, Agency] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    by_role: dict[tuple[str, Role.Kind], list[Person]] = field(default_factory=dict)
    communities: dict[tuple[str, str], Community] = field(default_factory=dict)
    dialogues: dict[str, Dialogue] = field(default_factory=dict)
    # By the key of a dialogue, or the id of an event that has none, and the title.
    themes: dict[tuple[Any, str], Theme] = field(default_factory=dict)
    venues: dict[str, Venue] = field(default_factory=dict)
    events: list[PlannedEvent] = field(default_factory=list)
    _acts: list[tuple[dt.datetime, int, Act]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=itertools.count)

    def at(self, when: dt.datetime, act: Act) -> None:
        """Plan ``act``; it is handed its own time as the time that it is. At one instant the first planned comes first."""
        if when <= self.now:
            heapq.heappush(self._acts, (when, next(self._order), act))

    def play(self) -> None:
        """Everything that was planned, in the order of time; an act may plan others."""
        while self._acts:
            when, _order, act = heapq.heappop(self._acts)
            act(when)

    def noon(self, agency: Agency, day: int) -> dt.datetime:
        """Twelve o'clock there, so many days from the day of the load."""
        date = local_day(agency.timezone, self.now) + dt.timedelta(days=day)
        return dt.datetime.combine(date, dt.time(12), tzinfo=ZoneInfo(agency.timezone))

    def staff(self, agency: Agency, role: Role.Kind) -> Person:
        """The first of that role."""
        return self.by_role[agency.slug, role][0]

    def liaison(self, agency: Agency) -> Person:
        return self.staff(agency, Role.Kind.LIAISON)
