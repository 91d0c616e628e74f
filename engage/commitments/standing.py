"""How a commitment stands. Nobody else compares its day with a day, or spells which statuses are open.

One set of rules, read in three ways: as a filter (``standings``), as a column (``as_column``), and for a row at hand
(``standing_on``). Each takes a ``Day``, which says by whose eyes too: whether one is at risk is a worry of staff.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.db.models import (
    Case,
    CharField,
    DateField,
    ExpressionWrapper,
    F,
    Q,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import LessThanOrEqual

from engage.agencies.models import Agency
from engage.commitments.models import ENDED, Commitment, CommitmentStatus, CommitmentUpdate
from engage.local_time import local_day_of_each

_DAY: Final = dt.timedelta(days=1)


class Standing(StrEnum):
    """The worst first: this is the order of every list. The values are the API's."""

    LATE = "late"
    # Owed and due ahead, but its first day is past: never on track again.
    MOVED = "moved"
    AT_RISK = "at_risk"
    ON_TRACK = "on_track"
    NOT_KEPT = "not_kept"
    WILL_NOT_DO = "will_not_do"
    KEPT_IN_PART = "kept_in_part"
    KEPT = "kept"
    DRAFT = "draft"

    @property
    def is_owed(self) -> bool:
        return self in {Standing.LATE, Standing.MOVED, Standing.AT_RISK, Standing.ON_TRACK}

    @property
    def has_ended(self) -> bool:
        return self in _ENDS


_END_OF: Final = {status.value: Standing(status.value) for status in ENDED}
_ENDS: Final = frozenset(_END_OF.values())
# Drafts are the staff's alone, and so is the worry.
PUBLIC: Final = tuple(each for each in Standing if each not in {Standing.DRAFT, Standing.AT_RISK})

OWED: Final = Q(draft=False, status__in=[CommitmentStatus.OPEN, CommitmentStatus.IN_PROGRESS])
_KEPT: Final = Q(status=CommitmentStatus.KEPT)
# By the first date given, however often it was moved since.
KEPT_ON_TIME: Final = _KEPT & Q(closed_on__lte=F("first_due_on"))
KEPT_LATE: Final = _KEPT & Q(closed_on__gt=F("first_due_on"))


@dataclass(frozen=True, slots=True)
class Day:
    """Dates, or expressions over the rows of many agencies.

    soon, silent: due by then is soon, last heard of by then is long ago; None where no worry is asked for, and what is at
    risk is on track. at_latest: no agency's today is later.
    """

    today: Any
    soon: Any = None
    silent: Any = None
    at_latest: dt.date | None = None


def public_day(today: dt.date) -> Day:
    """As everyone is told. today: the agency's own."""
    return Day(today)


def staff_day(agency: Agency, today: dt.date) -> Day:
    """As the agency's staff see it, with its own settings of what is a worry. today: the agency's own."""
    return Day(
        today,
        soon=today + agency.at_risk_due_days * _DAY,
        silent=today - agency.at_risk_silent_days * _DAY,
    )


def own_days(now: dt.datetime) -> Day:
    """For rows of many agencies, each by its own day and its own settings; for filters and columns only."""
    today = local_day_of_each("agency__timezone", now)
    # PostgreSQL counts days by adding whole numbers to a date.
    soon = ExpressionWrapper(today + F("agency__at_risk_due_days"), output_field=DateField())
    silent = ExpressionWrapper(today - F("agency__at_risk_silent_days"), output_field=DateField())
    return Day(today, soon, silent, at_latest=now.date() + _DAY)


def standing_at(standing: Standing, now: dt.datetime, *, staff_of: Collection[UUID]) -> Q:
    """One way to stand as a filter over many agencies: with the worries of staff for those in ``staff_of`` alone."""
    day = own_days(now)
    public = standings(replace(day, soon=None, silent=None)).get(standing, Q(pk__in=[]))
    return (Q(agency__in=staff_of) & standings(day)[standing]) | (~Q(agency__in=staff_of) & public)


def standing_on(commitment: Commitment, day: Day) -> Standing:
    """How one at hand stands; ``day`` of dates."""
    if commitment.draft:
        return Standing.DRAFT
    if end := _END_OF.get(commitment.status):
        return end
    if commitment.due_on < day.today:
        return Standing.LATE
    if commitment.first_due_on < day.today:
        return Standing.MOVED
    if day.soon is None or commitment.due_on > day.soon or _last_heard(commitment) > day.silent:
        return Standing.ON_TRACK
    return Standing.AT_RISK


def standings(day: Day) -> dict[Standing, Q]:
    """Each way to stand as a filter; every commitment is in exactly one."""
    ahead = OWED & Q(due_on__gte=day.today)
    moved, in_time = ahead & Q(first_due_on__lt=day.today), ahead & Q(first_due_on__gte=day.today)
    late = OWED & Q(due_on__lt=day.today)
    if day.at_latest is not None:
        # Says nothing new; it is what the index on due_on can use.
        late &= Q(due_on__lte=day.at_latest)
    # The most have ended, most of them well: asked in this order, one question is enough for nearly all.
    found = {
        **{end: Q(status=status) for status, end in _END_OF.items()},
        Standing.LATE: late,
        Standing.MOVED: moved,
        Standing.DRAFT: Q(draft=True),
    }
    if day.soon is None:
        return {**found, Standing.ON_TRACK: in_time}
    worry = due_soon_and_silent(day)
    return {**found, Standing.AT_RISK: in_time & worry, Standing.ON_TRACK: in_time & ~worry}


def due_soon_and_silent(day: Day) -> Q:
    """Whether staff worry about what is owed and due ahead, moved or not; ``day`` with a ``soon``."""
    heard = Coalesce("last_updated_on", Cast("created_at", DateField()))
    silent: Any = LessThanOrEqual(heard, day.silent)
    return Q(due_on__lte=day.soon) & Q(silent)


def as_column(day: Day) -> Case:
    """How each row stands, asked once a row and not once a count."""
    asked = {each: rule for each, rule in standings(day).items() if each is not Standing.ON_TRACK}
    return Case(
        *(When(rule, then=Value(each.value)) for each, rule in asked.items()),
        default=Value(Standing.ON_TRACK.value),
        output_field=CharField(),
    )


def has_ended(commitment: Commitment) -> bool:
    """Kept, kept in part, not kept or stopped: nothing is owed any more, whatever the day."""
    return commitment.status in _END_OF


def is_late(commitment: Commitment, today: dt.date) -> bool:
    """Owed, and due before today in the agency's zone."""
    return standing_on(commitment, public_day(today)) is Standing.LATE


def days_late(commitment: Commitment, today: dt.date) -> int:
    """Days since it was due, 0 where it is not late."""
    return (today - commitment.due_on).days if is_late(commitment, today) else 0


def days_kept_late(commitment: Commitment) -> int:
    """Days by which it was kept after its first date, 0 where it was kept by then or is not kept."""
    if commitment.status != CommitmentStatus.KEPT or commitment.closed_on is None:
        return 0
    return max(0, (commitment.closed_on - commitment.first_due_on).days)


def first_day_of_moved(commitment: Commitment) -> dt.date | None:
    """The first day given, where it is due on another one now; also of one that has ended."""
    return commitment.first_due_on if commitment.due_on != commitment.first_due_on else None


def is_behind(commitment: Commitment, today: dt.date) -> bool:
    """Whether the day it is due on has passed, however it stands: for "was due" instead of "is due"."""
    return commitment.due_on < today


def at_risk(commitment: Commitment, today: dt.date) -> bool:
    """Owed, never late, due within the agency's days, and nothing heard of it for the agency's other days.

    Looks at ``commitment.agency``: select it together where there are many.
    """
    return standing_on(commitment, staff_day(commitment.agency, today)) is Standing.AT_RISK


def late_at(now: dt.datetime) -> Q:
    """``is_late`` as a filter over commitments of many agencies."""
    return standings(own_days(now))[Standing.LATE]


def at_risk_at(now: dt.datetime) -> Q:
    """``at_risk`` as a filter over commitments of many agencies."""
    return standings(own_days(now))[Standing.AT_RISK]


def needs_a_word_at(now: dt.datetime) -> Q:
    """Late, or due soon and long silent, whether its date was moved or not: somebody should say how it goes."""
    day = own_days(now)
    return late_at(now) | (OWED & Q(due_on__gte=day.today) & due_soon_and_silent(day))


def days_it_became_late(
    commitment: Commitment, lines: Iterable[tuple[dt.date, CommitmentUpdate]], *, today: dt.date
) -> list[dt.date]:
    """Each day after a due date that passed while it was owed; oldest first. lines: with the agency's days, oldest first."""
    due, late, owed = commitment.first_due_on, [], True
    # The first day on which it would be late: after an ending that was taken back, not before that day.
    would_be = due + _DAY
    for day, line in lines:
        moved, ended, again = line.due_to, line.status_to in ENDED, line.status_from in ENDED
        if owed and (moved or ended) and day > due:
            late.append(would_be)
        if ended or again:
            owed = not ended
        if again and not ended:
            would_be = max(due + _DAY, day)
        if moved:
            due, would_be = moved, moved + _DAY
    if is_late(commitment, today):
        late.append(would_be)
    return late


def _last_heard(commitment: Commitment) -> dt.date:
    return commitment.last_updated_on or commitment.created_at.astimezone(dt.UTC).date()
