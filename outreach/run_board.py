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
    Case,
    Count,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    Min,
    OuterRef,
    Q,
    When,
    Window,
)
from django.db.models.functions import Cast, Coalesce, Extract, RowNumber

from engage.agency_time import local_day
from engage.models import ENDED, Agency, Commitment, Contribution, Person
from engage.promise_changes import at_risk_at, late_at
from events.event_stages import Stage, in_stage, stage_of
from events.models import AccessRequest, AccessStatus, Audience, ChecklistItem, Event, EventStatus
from events.seats import OPEN
from outreach.models import SummaryStatus, SummaryVersion

CARDS: Final = 6
# A need without a day of its own is due by the day until which people are asked to tell, else so long before.
_DAYS_TO_ARRANGE: Final = 4
_FOLLOWED_FOR: Final = dt.timedelta(days=365)
_FAR_OFF: Final = 10_000_000_000
_MOST_PROMISES: Final = 5
_HEAVY: Final = ("vevent", "description", "translations", "getting_there")


@dataclass(slots=True)
class NeedsDue:
    """What is not arranged yet for one event: how many requests, of which kinds, and the first day one is due."""

    event: Event
    number: int = 0
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
    promises: list[Commitment] = field(default_factory=list)


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
    promises: list[Commitment]
    waiting: int

    def lane(self, stage: Stage) -> Lane:
        return next(lane for lane in self.lanes if lane.stage is stage)


def board_of(agency: Agency, person: Person, *, only_mine: bool, now: dt.datetime) -> Board:
    """Eight queries, whatever the number of events. only_mine: events that ``person`` planned."""
    needs = _needs_of(agency)
    lanes = lanes_of(agency, needs, planned_by=person if only_mine else None, now=now)
    mine = Q(owner=person) | Q(owner=None, created_by=person) | Q(owner=None, event__created_by=person)
    owed = Commitment.objects.filter(mine, late_at(now) | at_risk_at(now), agency=agency)
    return Board(
        today=local_day(agency.timezone, now),
        lanes=lanes,
        needs=sorted(needs.values(), key=lambda found: (found.first_due, found.event.starts_at)),
        promises=list(owed.select_related("agency").order_by("due_on", "number")[:_MOST_PROMISES]),
        waiting=Contribution.objects.filter(
            agency=agency, moderation=Contribution.Moderation.WAITING
        ).count(),
    )


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
    promised = _promises(card.event.pk for card in cards if card.stage in {Stage.WRAP_UP, Stage.FOLLOW})
    for card in cards:
        card.needs = needs.get(card.event.pk)
        card.to_do = to_do.get(card.event.pk)
        card.summary = drafted.get(card.event.pk, "")
        card.promises = promised.get(card.event.pk, [])
    return [
        Lane(stage, numbers.get(stage, 0), [card for card in cards if card.stage is stage]) for stage in Stage
    ]


def _first_of_each(
    agency: Agency, planned_by: Person | None, now: dt.datetime
) -> list[tuple[int, UUID, int]]:
    """Rank, id, and how many its stage has, by one statement: what comes next first, and what was reported last."""
    owed = Commitment.objects.filter(event=OuterRef("pk"), draft=False).exclude(status__in=ENDED)
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
    rows = Event.objects.select_related("venue", "totals").defer(*_HEAVY).in_bulk(list(ids))
    for event in rows.values():
        event.agency = agency
    return rows


def _any_of(conditions: Iterable[Any]) -> Q:
    either = Q()
    for condition in conditions:
        either |= condition
    return either


def _needs_of(agency: Agency) -> dict[UUID, NeedsDue]:
    usual = ExpressionWrapper(
        Cast("event__local_starts_at", DateField()) - _DAYS_TO_ARRANGE, output_field=DateField()
    )
    due = Min(Coalesce("needed_by", "event__access_deadline_on", usual))
    open_ones = AccessRequest.objects.filter(
        agency=agency, status__in=[AccessStatus.ASKED, AccessStatus.ARRANGING], event__status__in=OPEN
    )
    columns = ("event_id", "event__title", "event__starts_at", "event__local_starts_at", "kind")
    found: dict[UUID, NeedsDue] = {}
    for row in open_ones.values(*columns).order_by().annotate(number=Count("pk"), due=due):
        event = Event(
            pk=row["event_id"],
            title=row["event__title"],
            starts_at=row["event__starts_at"],
            local_starts_at=row["event__local_starts_at"],
        )
        needs = found.setdefault(event.pk, NeedsDue(event))
        needs.number += row["number"]
        needs.first_due = min(needs.first_due, row["due"])
        needs.kinds.add(row["kind"])
    return found


def _first_undone(event_ids: Iterable[UUID]) -> dict[UUID, ChecklistItem]:
    undone = ChecklistItem.objects.filter(event_id__in=list(event_ids), done_at=None)
    first = undone.order_by("event_id", F("due_on").asc(nulls_last=True), "position", "pk").distinct(
        "event_id"
    )
    return {item.event_id: item for item in first}


def _open_summaries(event_ids: Iterable[UUID]) -> dict[UUID, str]:
    versions = SummaryVersion.objects.filter(summary__event_id__in=list(event_ids))
    return dict(versions.exclude(status=SummaryStatus.PUBLISHED).values_list("summary__event_id", "status"))


def _promises(event_ids: Iterable[UUID]) -> dict[UUID, list[Commitment]]:
    """Confirmed ones, the first given first."""
    promised = Commitment.objects.filter(event_id__in=list(event_ids), draft=False).select_related("agency")
    by_event: dict[UUID, list[Commitment]] = defaultdict(list)
    for commitment in promised.order_by("number"):
        if commitment.event_id:
            by_event[commitment.event_id].append(commitment)
    return by_event
