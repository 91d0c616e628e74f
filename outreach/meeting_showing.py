"""A public meeting, as its own page shows it: the order of the evening, what people asked, and what came of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from engage.models import Agency, Contribution, ContributionKind, Pledge
from engage.rule_violation import Unknown
from events.access import public_events
from events.meeting_listing import next_with_seats
from events.models import AgendaItem, Event
from events.taking_places import Taking, taking
from outreach.models import OutcomeSummary

QUESTIONS_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class ShownMeeting:
    """questions: the most raised of ``questions_count``. summary_out: since when it can be read; None before.

    instead: another meeting with seats, for one that is full or called off. pledges: those that stand.
    """

    event: Event
    taking: Taking
    agenda: Sequence[AgendaItem]
    questions: Sequence[Contribution]
    questions_count: int
    pledges: Sequence[Pledge]
    summary_out: dt.datetime | None
    instead: Event | None


def public_meeting(event_id: UUID) -> Event:
    """With its agency and its place. One query. Raises Unknown for drafts and for what is not for everyone."""
    event = public_events().select_related("agency", "venue").defer("vevent").filter(pk=event_id).first()
    if event is None:
        raise Unknown
    return event


def host_of_public_meeting(event_id: UUID) -> Agency:
    """Whose it is, with no more of it than a form about a place asks. One query. Raises Unknown as ``public_meeting``."""
    rows = public_events().select_related("agency").only("agency__slug", "agency__largest_party")
    event = rows.filter(pk=event_id).first()
    if event is None:
        raise Unknown
    return event.agency


def show_meeting(event_id: UUID, *, now: dt.datetime) -> ShownMeeting:
    """At most seven queries. Raises Unknown."""
    event = public_meeting(event_id)
    state = taking(event, now)
    asked = Contribution.objects.filter(
        event=event, moderation=Contribution.Moderation.SHOWN, kind=ContributionKind.QUESTION
    )
    questions = list(asked.order_by("-endorsements_count", "pk")[: QUESTIONS_SHOWN + 1])
    count = asked.count() if len(questions) > QUESTIONS_SHOWN else len(questions)
    out = None
    if state is Taking.OVER:
        out = OutcomeSummary.objects.filter(event=event).values_list("first_published_at", flat=True).first()
    full = state in {Taking.FULL, Taking.CANCELLED, Taking.CLOSED}
    return ShownMeeting(
        event,
        state,
        list(event.agenda_items.all()),
        questions[:QUESTIONS_SHOWN],
        count,
        list(Pledge.objects.filter(agency=event.agency, withdrawn_on=None).order_by("signed_on", "pk")),
        out,
        next_with_seats(event, now=now) if full else None,
    )
