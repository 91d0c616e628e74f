"""One agency with one of everything that a page can show: meetings, places, promises, words and people in each state.

Made once for a file of tests that only look. Whoever adds a page that needs something new makes it in
``town_building.py``, by the domain's own acts, and names it here.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from engage.agencies.models import Agency
from engage.commitments.models import Commitment
from engage.contacts.links import Purpose, mint
from engage.listening.models import Contribution, Dialogue, Theme
from engage.people.models import Person
from engage.roles.models import Invitation
from events.event.models import Event, Venue
from events.rsvps.models import Rsvp
from events.rsvps.needs.models import AccessRequest
from outreach.subscriptions.models import Subscription
from outreach.subscriptions.one_click_unsubscribe import unsubscribe_link
from tests.makers.rsvps import contact_of


@dataclass
class Town:
    """What stands in the database, by name. A name that is not there is a KeyError: ``town_building.py`` says which there are."""

    agency: Agency
    language: str
    now: dt.datetime
    people: dict[str, Person] = field(default_factory=dict)  # liaison, leader, admin, panelist
    events: dict[str, Event] = field(default_factory=dict)
    rsvps: dict[str, Rsvp] = field(default_factory=dict)
    commitments: dict[str, Commitment] = field(default_factory=dict)
    contributions: dict[str, Contribution] = field(default_factory=dict)
    dialogue: Dialogue = field(init=False)
    venue: Venue = field(init=False)
    theme: Theme = field(init=False)
    subscription: Subscription = field(init=False)
    invitation: Invitation = field(init=False)
    need: AccessRequest = field(init=False)
    flood: list[Rsvp] = field(default_factory=list)  # in one half hour that is over, without an address
    door_secret: str = ""

    def link(self, rsvp: str, purpose: Purpose = Purpose.RSVP_SCREEN) -> str:
        """The token of that place's link."""
        row = self.rsvps[rsvp]
        return mint(purpose, row.pk, row.link_version)

    @property
    def confirm_link(self) -> str:
        return mint(Purpose.CONFIRM, self.subscription.pk, self.subscription.link_version)

    @property
    def invitation_link(self) -> str:
        return mint(Purpose.INVITATION, self.invitation.pk, self.invitation.link_version)

    @property
    def stop_link(self) -> str:
        """Stops the reminders of a meeting."""
        return unsubscribe_link(contact_of(self.rsvps["confirmed"]))
