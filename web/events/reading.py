"""A public meeting, as its own page shows it: the order of the evening, what people asked, and what came of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from engage.agencies.models import Pledge
from engage.agencies.pledges import pledges_of
from engage.listening.models import Contribution, ContributionKind
from engage.refusals import Unknown
from events.event.models import Event
from events.event.permissions import public_events
from events.event.standing import EventStanding, standing_of, taking_of
from events.planning.models import AgendaItem
from outreach.summaries.reading import first_published
from web.events.finding import Another, next_with_seats
from web.events.last_time import LastTime, last_time_of

QUESTIONS_SHOWN: Final = 5
# Who finds one of these is shown another meeting.
_SENT_ON: Final = frozenset({EventStanding.FULL, EventStanding.HELD_FOR_GROUP, EventStanding.CLOSED})


@dataclass(frozen=True, slots=True)
class ShownEvent:
    """questions: the most raised of ``questions_count``. summary_out: since when it can be read; None before.

    taking: what somebody finds who wants to come; None where nobody can. instead: another meeting with seats, for one
    that is full or called off. pledges: the word that the agency has given, which no rule here holds.
    """

    event: Event
    standing: EventStanding
    taking: EventStanding | None
    agenda: Sequence[AgendaItem]
    questions: Sequence[Contribution]
    questions_count: int
    pledges: Sequence[Pledge]
    summary_out: dt.datetime | None
    instead: Another | None
    last_time: LastTime


def public_event(event_id: UUID) -> Event:
    """With its agency and its place. One query. Raises Unknown for drafts and for what is not for everyone."""
    event = public_events().select_related("agency", "venue").defer("vevent").filter(pk=event_id).first()
    if event is None:
        raise Unknown
    return event


def event_to_save_at(event_id: UUID) -> Event:
    """With no more of it and its agency than a form about a place asks. One query. Raises Unknown as ``public_event``."""
    rows = public_events().select_related("agency").only("capacity", "agency__slug", "agency__largest_party")
    event = rows.filter(pk=event_id).first()
    if event is None:
        raise Unknown
    return event


def show_event(event_id: UUID, *, now: dt.datetime) -> ShownEvent:
    """At most ten queries. Raises Unknown."""
    event = public_event(event_id)
    standing, taking = standing_of(event, now), taking_of(event, now)
    asked = Contribution.objects.filter(
        event=event, moderation=Contribution.Moderation.SHOWN, kind=ContributionKind.QUESTION
    )
    questions = list(asked.order_by("-endorsements_count", "pk")[: QUESTIONS_SHOWN + 1])
    count = asked.count() if len(questions) > QUESTIONS_SHOWN else len(questions)
    out = first_published(event) if standing.is_over else None
    turned_away = standing is EventStanding.CANCELLED or taking in _SENT_ON
    return ShownEvent(
        event,
        standing,
        taking,
        list(event.agenda_items.select_related("commitment")),
        questions[:QUESTIONS_SHOWN],
        count,
        pledges_of(event.agency).given_word,
        out,
        next_with_seats(event, now=now) if turned_away else None,
        last_time_of(event, now=now),
    )
