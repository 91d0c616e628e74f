"""One meeting that happens just now, so that the door and the live notes can be tried: half of those who saved a place are here."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from config.made_year.agencies import MAIN
from config.made_year.meetings import MadeMeeting
from config.made_year.year import Year
from engage.models import Contribution, ContributionKind, Role, WayIn
from events.calendar_export import renew_vevent
from events.calendar_identity import uid_for
from events.models import Event, EventKind, EventStatus
from events.room_codes import new_code

TONIGHT = MadeMeeting(
    MAIN,
    "Open evening: streets after dark",
    EventKind.LISTENING_SESSION,
    "walking",
    "mill",
    60,
    18,
    180,
    ("Old Mill Row",),
)
_BEGAN = dt.timedelta(minutes=25)
_LASTS = dt.timedelta(hours=3)

# kind, language, words, table, may be quoted
_NOTES = (
    (ContributionKind.CONCERN, "en", "The lamp by the footbridge has been out since the summer.", "Table 2", True),
    (ContributionKind.CONCERN, "es", "Mi hija espera el autobús sola porque la otra parada está a oscuras.", "Table 1", True),
    (ContributionKind.THANKS, "en", "The officer who walks past the bakery says good evening. It helps.", "Table 2", False),
    (ContributionKind.IDEA, "en", "Walk with us once a month and write down each dark corner.", "Table 3", True),
    (ContributionKind.NOTE, "en", "Two tables asked who mends the lamps, the city or the railroad.", "Table 3", False),
)  # fmt: skip


def plan_tonight(year: Year) -> None:
    """It began a moment before the first load and lasts three hours; whatever the clock says there then."""
    agency = year.agencies[MAIN]
    zone = ZoneInfo(agency.timezone)
    starts = (year.now - _BEGAN).replace(second=0, microsecond=0)
    starts -= dt.timedelta(minutes=starts.minute % 5)
    ends = starts + _LASTS
    begins_there, ends_there = starts.astimezone(zone), ends.astimezone(zone)
    dialogue = year.dialogues[TONIGHT.dialogue or ""]
    event = Event(
        agency=agency,
        title=TONIGHT.title,
        description="Where do you walk home another way, and why? Tell us; we listen first and answer at the end.",
        kind=TONIGHT.kind.value,
        timezone=agency.timezone,
        local_starts_at=begins_there.replace(tzinfo=None),
        local_ends_at=ends_there.replace(tzinfo=None),
        starts_fold=begins_there.fold,
        ends_fold=ends_there.fold,
        starts_at=starts,
        ends_at=ends,
        venue=year.venues[TONIGHT.venue or ""],
        run_by="Old Mill Row Neighbors, not the police. Two officers come to listen.",
        languages=["en", "es"],
        capacity=TONIGHT.capacity,
        access_offered=["interpreter", "wheelchair", "childcare"],
        dialogue=dialogue,
        focus_area=dialogue.focus_area,
        participation_level=dialogue.participation_level,
        status=EventStatus.LIVE.value,
        room_code=new_code(),
        created_by=year.staff(MAIN, Role.Kind.LIAISON),
        created_at=starts - dt.timedelta(days=24),
        published_at=starts - dt.timedelta(days=21),
        started_at=starts,
        sequence=2,
        feed_changed_at=starts,
    )
    _put(year, event)


def _put(year: Year, event: Event) -> None:
    event.uid = uid_for(event.pk)
    renew_vevent(event, now=event.starts_at)
    year.events.append(event)
    year.plans[event] = TONIGHT
    for verb, at in (("event.published", event.published_at), ("event.started", event.starts_at)):
        year.note(verb, event, at=at or event.starts_at, actor=event.created_by, public=True)


def notes_of_tonight(year: Year) -> list[Contribution]:
    """What was written down in the room so far; nobody has looked through it yet."""
    event = next(event for event in year.events if event.status == EventStatus.LIVE)
    return [
        Contribution(
            agency=event.agency,
            event=event,
            kind=kind.value,
            language=language,
            body=words,
            way_in=WayIn.LIVE.value,
            said_on=event.local_starts_at.date(),
            table_label=table,
            may_quote=quotable,
        )
        for kind, language, words, table, quotable in _NOTES
    ]
