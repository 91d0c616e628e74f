"""What the parts of the made-up year hand to each other while it is being written."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.db import models

from config.made_year.agencies import PEOPLE
from config.made_year.meetings import MadeMeeting
from engage.models import Activity, Agency, Community, Dialogue, Person, Theme
from events.models import Event, Venue

# The same year each time: only ids, keys and the day it is hung on differ.
SEED = 20_161


@dataclass
class Year:
    """``now`` is the instant of the first load; everything else lies before or after it."""

    now: dt.datetime
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))  # noqa: S311 # nosec B311 - stories, no secrets
    agencies: dict[str, Agency] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    communities: dict[tuple[str, str], Community] = field(default_factory=dict)
    dialogues: dict[str, Dialogue] = field(default_factory=dict)
    themes: dict[tuple[str, str], Theme] = field(default_factory=dict)
    venues: dict[str, Venue] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    plans: dict[Event, MadeMeeting] = field(default_factory=dict)
    _record: list[Activity] = field(default_factory=list)

    def staff(self, agency: str, role: str) -> Person:
        return self.people[next(made.key for made in PEOPLE if made.agency == agency and made.role == role)]

    def owner_of(self, agency: str, office: str) -> Person | None:
        """Who answers for an office, where somebody who signs in does."""
        key = next((made.key for made in PEOPLE if (made.agency, made.office) == (agency, office)), None)
        return self.people.get(key or "")

    def today(self, agency: Agency) -> dt.date:
        return self.now.astimezone(ZoneInfo(agency.timezone)).date()

    def note(
        self,
        verb: str,
        thing: models.Model,
        *,
        at: dt.datetime,
        actor: Person | None = None,
        public: bool = False,
        **data: object,
    ) -> None:
        """A line of the record, born announced: the made-up year mails nobody."""
        self._record.append(
            Activity(
                agency_id=getattr(thing, "agency_id", None),
                verb=verb,
                object_type=thing._meta.model_name or "",
                object_id=thing.pk,
                actor=actor,
                at=at,
                data=data,
                public=public,
                announced_at=at,
            )
        )

    def write_the_record(self) -> None:
        Activity.objects.bulk_create(sorted(self._record, key=lambda line: line.at), batch_size=1000)
        self._record = []
