"""One agency with one of everything that a page can show: meetings, places, promises, words and people in each state.

Made once for a file of tests that only look. Whoever adds a page that needs something new makes it in
``town_building.py``, by the domain's own acts, and names it here.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from engage.models import Agency, Commitment, Contribution, Dialogue, Invitation, Person, Theme
from engage.resident_links import Purpose, mint
from events.models import AccessRequest, Event, Rsvp, Venue
from outreach.models import Subscription
from outreach.one_click_unsubscribe import unsubscribe_link
from tests.makers.places import contact_of


@dataclass
class Town:
    """What stands in the database, by name. A name that is not there is a KeyError: ``town_building.py`` says which there are."""

    agency: Agency
    language: str
    now: dt.datetime
    people: dict[str, Person] = field(default_factory=dict)  # liaison, leader, admin, panelist
    meetings: dict[str, Event] = field(default_factory=dict)
    places: dict[str, Rsvp] = field(default_factory=dict)
    promises: dict[str, Commitment] = field(default_factory=dict)
    said: dict[str, Contribution] = field(default_factory=dict)
    dialogue: Dialogue = field(init=False)
    venue: Venue = field(init=False)
    theme: Theme = field(init=False)
    subscription: Subscription = field(init=False)
    invitation: Invitation = field(init=False)
    need: AccessRequest = field(init=False)
    flood: list[Rsvp] = field(default_factory=list)  # in one minute, without an address
    door_secret: str = ""

    def link(self, place: str, purpose: Purpose = Purpose.RSVP_SCREEN) -> str:
        """The token of that place's link."""
        row = self.places[place]
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
        return unsubscribe_link(contact_of(self.places["confirmed"]))
