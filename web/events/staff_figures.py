"""How many have saved a place, need something and have asked something: the figures at the head of an event's pages."""

from __future__ import annotations

from dataclasses import dataclass

from engage.listening.models import Contribution, ContributionKind
from events.event.models import Event
from events.rsvps.models import RsvpStatus
from events.rsvps.needs.models import AccessRequest


@dataclass(frozen=True, slots=True)
class EventFigures:
    """people: seats that are taken. needs: requests of places that stand. questions: all but notes, hidden ones too."""

    people: int
    needs: int
    questions: int


def figures_of(event: Event) -> EventFigures:
    """Two queries. Questions still on their way through the intake are in no figure."""
    needs = AccessRequest.objects.filter(event=event).exclude(rsvp__status=RsvpStatus.CANCELLED)
    questions = Contribution.objects.filter(event=event).exclude(kind=ContributionKind.NOTE)
    return EventFigures(event.seats_taken, needs.count(), questions.count())
