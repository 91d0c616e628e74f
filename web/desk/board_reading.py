"""The run-board of an agency: its events by stage, and what about them cannot wait until tomorrow."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    Min,
    OuterRef,
    Q,
    When,
    Window,
)
from django.db.models.functions import Coalesce, Extract, RowNumber

from engage.agencies.models import Agency
from engage.agencies.working_days import WorkingDays
from engage.commitments.models import Commitment
from engage.commitments.standing import OWED, needs_a_word_at
from engage.listening.models import Contribution
from engage.local_time import local_day
from engage.people.models import Person
from engage.roles.answering import has_left, is_nobodys, is_of, with_owner
from events.event.models import OPEN, Audience, Event, EventStatus
from events.planning.models import ChecklistItem
from events.rsvps.needs.models import AccessRequest, NeedStatus
from outreach.summaries.reading import open_versions
from web.events.stages import Stage, in_stage, stage_of

CARDS: Final = 6
# A need without a day of its own is due by the day until which people are asked to tell, else so many working days before.
_DAYS_TO_ARRANGE: Final = 4
_FOLLOWED_FOR: Final = dt.timedelta(days=365)
_FAR_OFF: Final = 10_000_000_000
_MOST_COMMITMENTS: Final = 5
_HEAVY: Final = ("vevent", "description", "translations", "getting_there")


@dataclass(slots=True)
class NeedsDue:
    """What is not arranged yet for one event: how many requests, of which kinds, and the first day one is due."""

    event: Event
    number: int = 0
    # Of them, how many nobody has taken.
    nobodys: int = 0
    first_due: dt.date = dt.date.max
    kinds: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Card:
    """One event on the board, with what its next step is worked out from."""

    event: Event
    stage: Stage
    needs: NeedsDue | None = None
    to_do: ChecklistItem | None = None
    summary: str = ""
    commitments: list[Commitment] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Lane:
    """One stage. number: how many events are in it; ``cards`` are the first of them."""

    stage: Stage
    number: int
    cards: list[Card]


@dataclass(frozen=True, slots=True)
class Board:
    """What the board shows. needs: by event, the first due first. waiting: contributions nobody has looked at."""

    today: dt.date
    lanes: list[Lane]
    needs: list[NeedsDue]
    commitments: list[Commitment]
    waiting: int

    def lane(self, stage: Stage) -> Lane:
        return next(lane for lane in self.lanes if lane.stage is stage)


def board_of(agency: Agency, person: Person, *, only_mine: bool, now: dt.datetime) -> Board:
    """Nine queries, whatever the number of events. only_mine: events that ``person`` planned."""
    needs = _needs_of(agency)
    lanes = lanes_of(agency, needs, planned_by=person if only_mine else None, now=now)
    owed = with_owner(
        Commitment.objects.filter(_answered_for_by(person), needs_a_word_at(now), agency=agency)
    )
    return Board(
        today=local_day(agency.timezone, now),
        lanes=lanes,
        needs=sorted(needs.values(), key=lambda found: (found.first_due, found.event.starts_at)),
        commitments=list(owed.select_related("agency").order_by("due_on", "number")[:_MOST_COMMITMENTS]),
        waiting=Contribution.objects.filter(
            agency=agency, moderation=Contribution.Moderation.WAITING
        ).count(),
    )


def _answered_for_by(person: Person) -> Q:
    """Theirs; what is nobody's and they made or planned; and what is nobody's whoever one asks."""
    nobody_near = is_nobodys("created_by") & is_nobodys("event__created_by")
    near = Q(created_by=person) | Q(event__created_by=person) | nobody_near
    return is_of(person.pk) | (is_nobodys() & near)


def lanes_of(
    agency: Agency, needs: dict[UUID, NeedsDue], *, planned_by: Person | None, now: dt.datetime
) -> list[Lane]:
    """The five lanes, each with its first cards. Five queries."""
    first = _first_of_each(agency, planned_by, now)
    events = _shown(agency, (pk for _rank, pk, _number in first))
    numbers: dict[Stage, int] = {}
    cards = []
    for _rank, pk, number in first:
        # Gone, or called off, since a moment ago.
        event = events.get(pk)
        if event is not None and (stage := stage_of(event)):
            cards.append(Card(event, stage))
            numbers[stage] = number
    to_do = _first_undone(card.event.pk for card in cards)
    drafted = _open_summaries(card.event.pk for card in cards if card.stage is Stage.WRAP_UP)
    confirmed = _commitments(card.event.pk for card in cards if card.stage in {Stage.WRAP_UP, Stage.FOLLOW})
    for card in cards:
        card.needs = needs.get(card.event.pk)
        card.to_do = to_do.get(card.event.pk)
        card.summary = drafted.get(card.event.pk, "")
        card.commitments = confirmed.get(card.event.pk, [])
    return [
        Lane(stage, numbers.get(stage, 0), [card for card in cards if card.stage is stage]) for stage in Stage
    ]


def _first_of_each(
    agency: Agency, planned_by: Person | None, now: dt.datetime
) -> list[tuple[int, UUID, int]]:
    """Rank, id, and how many its stage has, by one statement: what comes next first, and what was reported last."""
    owed = Commitment.objects.filter(OWED, event=OuterRef("pk"))
    followed = in_stage(Stage.FOLLOW) & Q(starts_at__gte=now - _FOLLOWED_FOR) & Exists(owed)
    others = (in_stage(stage) for stage in Stage if stage is not Stage.FOLLOW)
    found = Event.objects.filter(_any_of([followed, *others]), agency=agency)
    if planned_by is not None:
        found = found.filter(created_by=planned_by)
    seconds = Extract("starts_at", "epoch")
    order = Case(
        When(status=EventStatus.REPORTED, then=seconds * -1),
        # Nobody outside waits for the summary of a meeting among staff: it stands behind those that somebody does.
        When(status=EventStatus.ENDED, audience=Audience.STAFF, then=seconds + _FAR_OFF),
        default=seconds,
        output_field=BigIntegerField(),
    )
    ranked = found.annotate(
        rank=Window(RowNumber(), partition_by=[F("status")], order_by=[order, F("pk")]),
        of_stage=Window(Count("pk"), partition_by=[F("status")]),
    )
    # By their ids alone: hundreds are put in order, and a few are shown.
    first = ranked.filter(rank__lte=CARDS).values_list("pk", "rank", "of_stage")
    return sorted((rank, pk, number) for pk, rank, number in first)


def _shown(agency: Agency, ids: Iterable[UUID]) -> dict[UUID, Event]:
    asked = ExpressionWrapper(has_left("created_by"), output_field=BooleanField())
    found = Event.objects.select_related("venue", "totals").defer(*_HEAVY).annotate(planner_left=asked)
    rows: dict[UUID, Any] = found.in_bulk(list(ids))
    for event in rows.values():
        event.agency = agency
    return rows


def _any_of(conditions: Iterable[Any]) -> Q:
    either = Q()
    for condition in conditions:
        either |= condition
    return either


def _needs_of(agency: Agency) -> dict[UUID, NeedsDue]:
    said = Coalesce("needed_by", "event__access_deadline_on")
    open_ones = AccessRequest.objects.filter(
        agency=agency, status__in=[NeedStatus.ASKED, NeedStatus.ARRANGING], event__status__in=OPEN
    )
    columns = ("event_id", "event__title", "event__starts_at", "event__local_starts_at", "kind")
    numbers = {
        "number": Count("pk"),
        "nobodys": Count("pk", filter=is_nobodys()),
        "due": Min(said),
        "said": Count(said),
    }
    working = WorkingDays(agency)
    found: dict[UUID, NeedsDue] = {}
    for row in open_ones.values(*columns).order_by().annotate(**numbers):
        event = Event(
            pk=row["event_id"],
            title=row["event__title"],
            starts_at=row["event__starts_at"],
            local_starts_at=row["event__local_starts_at"],
        )
        needs = found.setdefault(event.pk, NeedsDue(event))
        needs.number += row["number"]
        needs.nobodys += row["nobodys"]
        due = [row["due"]] if row["due"] else []
        if row["said"] < row["number"]:
            due.append(working.add(event.local_starts_at.date(), -_DAYS_TO_ARRANGE).day)
        needs.first_due = min(needs.first_due, *due)
        needs.kinds.add(row["kind"])
    return found


def _first_undone(event_ids: Iterable[UUID]) -> dict[UUID, ChecklistItem]:
    undone = ChecklistItem.objects.filter(event_id__in=list(event_ids), done_at=None)
    first = undone.order_by("event_id", F("due_on").asc(nulls_last=True), "position", "pk").distinct(
        "event_id"
    )
    return {item.event_id: item for item in first}


def _open_summaries(event_ids: Iterable[UUID]) -> dict[UUID, str]:
    found = open_versions().filter(summary__event_id__in=list(event_ids))
    return dict(found.values_list("summary__event_id", "status"))


def _commitments(event_ids: Iterable[UUID]) -> dict[UUID, list[Commitment]]:
    """Confirmed ones, the first given first."""
    confirmed = Commitment.objects.filter(event_id__in=list(event_ids), draft=False).select_related("agency")
    by_event: dict[UUID, list[Commitment]] = defaultdict(list)
    for commitment in confirmed.order_by("number"):
        if commitment.event_id:
            by_event[commitment.event_id].append(commitment)
    return by_event
