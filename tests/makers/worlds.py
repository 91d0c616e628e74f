"""One agency with one of everything, so that a test can knock at every door."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from engage.models import Agency, Role
from engage.moderating import show
from engage.resident_links import Purpose, mint
from engage.theming import make_theme
from events import event_lifecycle
from events.access_asking import Need
from events.agenda_keeping import add_item
from events.models import AccessRequest, Event, Rsvp, RsvpStatus
from events.responding import respond
from tests.makers.agencies import a_community, a_dialogue, a_person, an_agency
from tests.makers.commitments import a_commitment
from tests.makers.contributions import a_contribution
from tests.makers.events import a_draft, a_meeting, a_venue

PASSWORD = "wide open windows in spring"


def saved_place(event: Event, **fields: Any) -> Rsvp:
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

    def meeting(self) -> Event:
        return a_meeting(self.agency)

    def live(self) -> Event:
        return event_lifecycle.start(self.meeting(), now=self.now).event

    def ended(self) -> Event:
        return event_lifecycle.end(self.live(), now=self.now).event

    def venue(self) -> Any:
        return a_venue(self.agency)

    def role(self) -> Role:
        return Role.objects.get(person=a_person(self.agency, "leader"))

    def place(self, **fields: Any) -> Rsvp:
        return saved_place(self.meeting(), **fields)

    def token(self, purpose: Purpose = Purpose.RSVP_SCREEN, **fields: Any) -> str:
        place = self.place(**fields)
        return mint(purpose, place.pk, place.link_version)

    def offered(self) -> str:
        """The link of a place that is offered."""
        place = saved_place(a_meeting(self.agency, capacity=1), email="offered@mail.example")
        Rsvp.objects.filter(pk=place.pk).update(
            status=RsvpStatus.OFFERED, offer_expires_at=self.now + dt.timedelta(hours=2), confirmed_at=None
        )
        Event.objects.filter(pk=place.event_id).update(seats_taken=0, seats_held=1)
        return mint(Purpose.RSVP_SCREEN, place.pk, place.link_version)

    def need(self) -> AccessRequest:
        return AccessRequest.objects.get(rsvp=self.place(needs=[Need("wheelchair")]))

    def agenda_item(self) -> Any:
        return add_item(self.meeting(), actor=None, now=self.now, title="Welcome")

    def theme(self, home: Any = None) -> Any:
        home = home or self.meeting()
        return make_theme(actor=None, title="Stops", **{home._meta.model_name: home})

    def said(self, event: Event | None = None) -> Any:
        """A question at an event that everyone can read."""
        said = a_contribution(self.agency, event=event or self.meeting())
        show(said, actor=None, now=self.now)
        return said

    def promise(self, **fields: Any) -> Any:
        return a_commitment(self.agency, **fields)
