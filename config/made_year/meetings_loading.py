"""Writes the conversations, rooms and meetings of the made-up year, past and coming."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from config.made_year.agencies import AGENCIES, MAIN
from config.made_year.meetings import COMING, DIALOGUES, MEETINGS, PAST, VENUES, MadeMeeting
from config.made_year.tonight import plan_tonight
from config.made_year.year import Year
from engage.models import Dialogue, Role, Theme
from events.calendar_export import renew_vevent
from events.calendar_identity import uid_for
from events.models import AgendaItem, ChecklistItem, Event, EventFormat, EventStatus, Venue
from events.usual_checklist import usual_items
from outreach.models import ReminderRule

# Days between two meetings, so that forty of them fill a year.
_RHYTHM = {True: 9, False: 6}
_TOTALS_AFTER = dt.timedelta(hours=12)


def load_meetings(year: Year) -> None:
    _load_dialogues(year)
    _load_venues(year)
    for slug in AGENCIES:
        kinds = [made for made in MEETINGS if made.agency == slug]
        for number in range(PAST[slug]):
            _plan(year, kinds[number % len(kinds)], _day(year, slug, -(PAST[slug] - number)), number)
        for number in range(COMING[slug]):
            _plan(year, kinds[(number + 1) % len(kinds)], _day(year, slug, number + 1), PAST[slug] + number)
    plan_tonight(year)
    Event.objects.bulk_create(year.events)
    _link_communities(year)
    _load_agendas(year)
    _load_checklists(year)
    ReminderRule.objects.bulk_create(
        ReminderRule(agency=agency, minutes_before=minutes)
        for agency in year.agencies.values()
        for minutes in (1440, 180)
    )


def _load_dialogues(year: Year) -> None:
    began = year.now - dt.timedelta(days=400)
    for number, made in enumerate(DIALOGUES):
        agency = year.agencies[made.agency]
        year.dialogues[made.key] = Dialogue(
            agency=agency,
            title=made.title,
            purpose=made.purpose,
            focus_area=made.focus_area.value,
            participation_level=made.level.value,
            stage=made.stage.value,
            created_at=began + dt.timedelta(days=number),
        )
        for title, text in made.themes:
            theme = Theme(agency=agency, dialogue=year.dialogues[made.key], title=title, text=text)
            year.themes[made.key, title] = theme
    Dialogue.objects.bulk_create(year.dialogues.values())
    Theme.objects.bulk_create(year.themes.values())
    through = Dialogue.communities.through
    through._default_manager.bulk_create(
        through(dialogue_id=year.dialogues[made.key].pk, community_id=year.communities[made.agency, name].pk)
        for made in DIALOGUES
        for name in made.communities
    )
    for made in DIALOGUES:
        if made.stage != Dialogue.Stage.PLANNING:
            dialogue = year.dialogues[made.key]
            year.note("dialogue.opened", dialogue, at=began, public=True)


def _load_venues(year: Year) -> None:
    for key, slug, name, room, address, capacity, features, getting_there in VENUES:
        year.venues[key] = Venue(
            agency=year.agencies[slug],
            name=name,
            room=room,
            address=address,
            capacity=capacity,
            access_features=list(features),
            getting_there=getting_there,
        )
    Venue.objects.bulk_create(year.venues.values())


def _day(year: Year, slug: str, turn: int) -> dt.date:
    """The day of the meeting that lies ``turn`` meetings behind (−) or ahead; never a Sunday, never today."""
    day = year.today(year.agencies[slug]) + dt.timedelta(
        days=turn * _RHYTHM[turn < 0] + (7 if turn < 0 else 0)
    )
    return day + dt.timedelta(days=1) if day.weekday() == 6 else day


def _plan(year: Year, made: MadeMeeting, day: dt.date, number: int) -> None:
    agency = year.agencies[made.agency]
    zone = ZoneInfo(agency.timezone)
    local = dt.datetime.combine(day, dt.time(made.hour, 30 if number % 3 == 0 else 0))
    ends = local + dt.timedelta(minutes=made.minutes)
    event = Event(
        agency=agency,
        title=made.title,
        description=_told(year, made),
        kind=made.kind.value,
        format=made.format.value,
        audience=made.audience,
        discreet=made.discreet,
        timezone=agency.timezone,
        local_starts_at=local,
        local_ends_at=ends,
        starts_at=local.replace(tzinfo=zone),
        ends_at=ends.replace(tzinfo=zone),
        venue=year.venues.get(made.venue or ""),
        run_by=agency.contact_office,
        languages=list(made.languages),
        capacity=made.capacity,
        access_offered=["sign_language", "interpreter", "wheelchair"],
    )
    if made.format != EventFormat.IN_PERSON:
        event.online_url = "https://meet.example/" + made.agency
    _settle(year, event, made, number)
    year.events.append(event)
    year.plans[event] = made


def _told(year: Year, made: MadeMeeting) -> str:
    """What the meeting's conversation is for; a meeting that belongs to none is for whatever people bring."""
    if made.dialogue:
        return year.dialogues[made.dialogue].purpose
    return "Bring what is on your mind. We answer what we can, and write down what we cannot answer yet."


def _settle(year: Year, event: Event, made: MadeMeeting, number: int) -> None:
    """Give a meeting its conversation, its state and the marks that a life up to now would have left on it."""
    event.uid = uid_for(event.pk)
    if made.dialogue:
        dialogue = year.dialogues[made.dialogue]
        event.dialogue, event.focus_area = dialogue, dialogue.focus_area
        event.participation_level = dialogue.participation_level
    event.created_by = liaison = year.staff(made.agency, Role.Kind.LIAISON)
    event.created_at = min(event.starts_at - dt.timedelta(days=28), year.now - dt.timedelta(days=3))
    known = event.created_at + dt.timedelta(days=1)
    status = _status(year, event, number)
    event.status = status.value
    if status is not EventStatus.DRAFT:
        event.published_at, event.sequence = known, 1
        year.note("event.published", event, at=known, actor=liaison, public=event.audience == "public")
    if status is EventStatus.CANCELLED:
        event.cancelled_at = min(event.starts_at - dt.timedelta(days=2), year.now - dt.timedelta(hours=5))
        event.cancelled_reason, event.sequence = "The hall has no heating. We will name a new day.", 2
        year.note("event.cancelled", event, at=event.cancelled_at, actor=liaison, public=True)
    if status is EventStatus.ENDED:
        event.started_at, event.ended_at, event.sequence = event.starts_at, event.ends_at, 3
        year.note("event.started", event, at=event.starts_at, public=event.audience == "public")
        year.note("event.ended", event, at=event.ends_at, public=event.audience == "public")
        if event.ends_at + _TOTALS_AFTER < year.now:
            event.totals_frozen_at = event.ends_at + _TOTALS_AFTER
    event.feed_changed_at = event.cancelled_at or event.ended_at or event.published_at or event.created_at
    renew_vevent(event, now=event.feed_changed_at)


def _status(year: Year, event: Event, number: int) -> EventStatus:
    if event.ends_at <= year.now:
        return EventStatus.CANCELLED if number in {11, 27} else EventStatus.ENDED
    coming = number - PAST[event.agency.slug]
    if event.agency.slug == MAIN and coming == 9:
        return EventStatus.CANCELLED
    return EventStatus.DRAFT if event.agency.slug == MAIN and coming == 11 else EventStatus.PUBLISHED


def _link_communities(year: Year) -> None:
    through = Event.communities.through
    through._default_manager.bulk_create(
        through(event_id=event.pk, community_id=year.communities[made.agency, name].pk)
        for event, made in year.plans.items()
        for name in made.communities
    )


def _load_agendas(year: Year) -> None:
    AgendaItem.objects.bulk_create(item for event in year.events for item in _agenda(event))


def _load_checklists(year: Year) -> None:
    """What is ahead has the usual list, and what was due before today is done."""
    items = []
    for event in year.events:
        if event.ends_at <= year.now or event.status == EventStatus.CANCELLED:
            continue
        planned = event.created_at
        for item in usual_items(event, now=planned):
            if item.due_on and item.due_on < year.today(event.agency):
                item.done_at, item.done_by = planned, event.created_by
            items.append(item)
    ChecklistItem.objects.bulk_create(items)


def _agenda(event: Event) -> Iterator[AgendaItem]:
    points = [("Welcome, and what this evening is for", 10), ("What we promised, and where it stands", 15)]
    points += [("Your questions", 45), ("What we take with us", 10)]
    for position, (title, minutes) in enumerate(points):
        yield AgendaItem(agency=event.agency, event=event, position=position, title=title, minutes=minutes)
