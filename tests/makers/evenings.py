"""An evening on which many save a place and some ask without a name, with the truth that nothing on a disk may tell."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.utils import timezone

from engage.kept_answers.keeping import Claim, KeptAnswers
from events.event.models import Event
from events.rsvps import responding
from events.rsvps.responding import respond
from tests.makers.agencies import an_agency
from tests.makers.events import an_event

PEOPLE, ASKERS = 200, 20


@dataclass
class Evening:
    """What happened, and who asked what: the truth that the dump must not tell. author: text → RSVP."""

    event: Event
    rsvps: list[UUID]
    author: dict[str, UUID]

    @property
    def askers(self) -> set[UUID]:
        return set(self.author.values())


def an_evening(
    save_an_rsvp: Callable[[Event, int, str], UUID] | None = None,
    *,
    people: int = PEOPLE,
    askers: int = ASKERS,
) -> Evening:
    """Two hundred places with an address, a key and the kept answer, one after the other; twenty come with a question."""
    evening = Evening(an_event(an_agency(), capacity=None), [], {})
    asking = set(random.sample(range(people), askers))
    for number in range(people):
        question = f"Question {uuid4().hex}?" if number in asking else ""
        rsvp = (save_an_rsvp or _respond)(evening.event, number, question)
        evening.rsvps.append(rsvp)
        if question:
            evening.author[question] = rsvp
    return evening


def _respond(event: Event, number: int, question: str) -> UUID:
    key = str(uuid4())
    claims: list[Claim] = []
    asked: dict[str, str] = {
        "method": "POST",
        "route": "rsvps",
        "agency": event.agency.slug,
        "principal": "",
        "key": key,
    }

    def claim() -> None:
        claims.append(KeptAnswers.claim(**asked, body=b"{}", now=timezone.now()))

    def settle(response: responding.Response) -> None:
        received = str(response.question_received).lower()
        claims[0].settle(status=201, body=b'{"question_received": ' + received.encode() + b"}")

    return respond(
        event.pk, email=f"resident{number:03}@example.org", question=question, idempotency_key=key,
        now=timezone.now(), opening=claim, settle=settle,
    ).rsvp.pk  # fmt: skip
