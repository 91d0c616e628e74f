"""One agency with one of everything, so that a test can knock at every door."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from engage.agencies.models import Agency
from engage.contacts.links import Purpose, mint
from engage.listening.moderating import show
from engage.listening.theming import make_theme
from engage.roles.models import Role
from events.event.models import Event
from events.planning import lifecycle
from events.planning.agenda import add_item
from events.rsvps.models import Rsvp, RsvpStatus
from events.rsvps.needs.asking import Need
from events.rsvps.needs.models import AccessRequest
from events.rsvps.responding import respond
from tests.makers.agencies import a_community, a_dialogue, a_person, an_agency
from tests.makers.commitments import a_commitment
from tests.makers.contributions import a_contribution
from tests.makers.events import a_draft, a_venue, an_event, begins_at

PASSWORD = "wide open windows in spring"


def saved_rsvp(event: Event, **fields: Any) -> Rsvp:
    """A place, saved as a program saves one; without an address unless one is given."""
    return respond(event.pk, now=timezone.now(), **fields).rsvp


@dataclass
class World:
    """The agency, a role of somebody's, and the things that paths name; each is made when it is first asked for."""

    agency: Agency

    @classmethod
    def made(cls) -> World:
        return cls(an_agency())

    @property
    def now(self) -> dt.datetime:
        return timezone.now()

    def community(self) -> Any:
        return a_community(self.agency)

    def dialogue(self, stage: str = "open") -> Any:
        return a_dialogue(self.agency, stage=stage)

    def draft(self) -> Event:
        return a_draft(self.agency)

    def event(self) -> Event:
        return an_event(self.agency)

    def soon(self) -> Event:
        """It starts in an hour."""
        event = self.event()
        begins_at(event, self.now + dt.timedelta(hours=1))
        return event

    def live(self) -> Event:
        return lifecycle.start(self.event(), now=self.now).event

    def ended(self) -> Event:
        return lifecycle.end(self.live(), now=self.now).event

    def cancelled(self) -> Event:
        return lifecycle.cancel(self.event(), reason="The hall is flooded.", actor=None, now=self.now).event

    def venue(self) -> Any:
        return a_venue(self.agency)

    def role(self) -> Role:
        return Role.objects.get(person=a_person(self.agency, "leader"))

    def rsvp(self, **fields: Any) -> Rsvp:
        return saved_rsvp(self.event(), **fields)

    def token(self, purpose: Purpose = Purpose.RSVP_SCREEN, **fields: Any) -> str:
        rsvp = self.rsvp(**fields)
        return mint(purpose, rsvp.pk, rsvp.link_version)

    def offered(self) -> str:
        """The link of a place that is offered."""
        rsvp = saved_rsvp(an_event(self.agency, capacity=1), email="offered@mail.example")
        Rsvp.objects.filter(pk=rsvp.pk).update(
            status=RsvpStatus.OFFERED, offer_expires_at=self.now + dt.timedelta(hours=2), confirmed_at=None
        )
        Event.objects.filter(pk=rsvp.event_id).update(seats_taken=0, seats_held=1)
        return mint(Purpose.RSVP_SCREEN, rsvp.pk, rsvp.link_version)

    def need(self) -> AccessRequest:
        return AccessRequest.objects.get(rsvp=self.rsvp(needs=[Need("wheelchair")]))

    def agenda_item(self) -> Any:
        return add_item(self.event(), actor=None, now=self.now, title="Welcome")

    def theme(self, home: Any = None) -> Any:
        home = home or self.event()
        return make_theme(actor=None, title="Stops", **{home._meta.model_name: home})

    def contribution(self, event: Event | None = None) -> Any:
        """A question at an event that everyone can read."""
        contribution = a_contribution(self.agency, event=event or self.event())
        show(contribution, actor=None, now=self.now)
        return contribution

    def commitment(self, **fields: Any) -> Any:
        return a_commitment(self.agency, **fields)
