"""What one message is about, read anew at the moment it is composed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID

from engage.activity.models import Activity
from engage.agencies.languages import spoken
from engage.agencies.models import Agency
from engage.contacts.addresses import address_of
from engage.contacts.models import Contact
from engage.people.models import Person
from engage.roles.models import Invitation
from events.event.models import Event
from events.event.standing import EventStanding, standing_of, takes_people
from events.rsvps.models import Rsvp, RsvpStatus
from events.rsvps.needs.models import AccessRequest
from outreach.ledger.models import Delivery
from outreach.letters.reading_ahead import Around
from outreach.reminders.models import ReminderRule


# Why a message is not composed after all, decided from the rows as they are at that moment.
class Pointless(Exception):
    """It has lost its point; it is suppressed. ``reason``: at most 48 characters, never anybody's text."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class TooLate(Exception):
    """It would come after what it is about."""

    def __init__(self, reason: str = "too_late") -> None:
        self.reason = reason
        super().__init__(reason)


class NotNow(Exception):
    """It waits for the end of the quiet hours."""

    def __init__(self, until: dt.datetime, reason: str = "quiet_hours") -> None:
        self.until = until
        self.reason = reason
        super().__init__(reason)


@dataclass(slots=True)
class Occasion:
    """A delivery with its recipient, event and places, as they stand now. address: in clear, for this letter only."""

    delivery: Delivery
    agency: Agency
    contact: Contact
    address: str
    language: str
    now: dt.datetime
    maybe_event: Event | None = None
    rsvps: list[Rsvp] = field(default_factory=list)
    needs: list[AccessRequest] = field(default_factory=list)
    rule: ReminderRule | None = None

    @property
    def event(self) -> Event:
        if self.maybe_event is None:
            raise Pointless("event_gone")
        return self.maybe_event

    @property
    def subject(self) -> UUID:
        """The row that the message is about. Raises Pointless where it names none."""
        if self.delivery.subject_id is None:
            raise Pointless("subject_gone")
        return self.delivery.subject_id

    @property
    def rsvp(self) -> Rsvp:
        """The place that the message is about. Raises Pointless where it is gone."""
        for one in self.rsvps:
            if one.pk == self.delivery.subject_id:
                return one
        raise Pointless("place_gone")

    @property
    def confirmed(self) -> list[Rsvp]:
        return [one for one in self.rsvps if one.status == RsvpStatus.CONFIRMED]

    @property
    def standing(self) -> list[Rsvp]:
        return [one for one in self.rsvps if one.status != RsvpStatus.CANCELLED]

    def has_come(self, rsvp: Rsvp) -> bool:
        """As it was when the letter's surroundings were read (``reading_ahead``)."""
        return bool(getattr(rsvp, "came", False))

    @property
    def is_proven(self) -> bool:
        return self.contact.proven_on is not None

    def must_be_ahead(self) -> Event:
        """The meeting, still open: a message about a place in one that is over or cancelled has no point."""
        event = self.event
        if standing_of(event, self.now) is EventStanding.CANCELLED:
            raise Pointless("event_cancelled")
        # Past its last hour nobody comes any more, whether or not somebody has said that it is over.
        if not takes_people(event, self.now) or event.over_at <= self.now:
            raise Pointless("event_over")
        return event

    def activity(self) -> Activity | None:
        """The act that the message tells of."""
        name, _, key = self.delivery.occasion.partition(":")
        return Activity.objects.filter(pk=UUID(key)).first() if name == "activity" else None


@dataclass(frozen=True, slots=True)
class StaffOccasion:
    """A delivery to one of the staff, or to whoever is invited to become one."""

    delivery: Delivery
    now: dt.datetime

    @property
    def invited(self) -> Invitation:
        if self.delivery.invitation is None:
            raise Pointless("recipient_gone")
        return self.delivery.invitation

    @property
    def person(self) -> Person:
        if self.delivery.person is None:
            raise Pointless("recipient_gone")
        return self.delivery.person

    @property
    def address(self) -> str:
        return self.invited.email if self.delivery.person is None else self.person.email

    @property
    def language(self) -> str:
        if self.delivery.person is None:
            return spoken(self.invited.language, self.invited.agency)
        return spoken(self.person.language)


def gather(around: Around, *, now: dt.datetime) -> Occasion:
    """Raises Pointless where the recipient is gone, does not want to be written to, or does not exist; SealBroken."""
    delivery = around.delivery
    contact = delivery.contact
    if contact is None or delivery.agency is None:
        raise Pointless("contact_gone")
    if contact.unreachable_since is not None:
        raise Pointless("unreachable")
    if around.is_blocked:
        raise Pointless("blocked")
    occasion = Occasion(
        delivery=delivery,
        agency=delivery.agency,
        contact=contact,
        address=address_of(contact),
        language="en",
        now=now,
        maybe_event=around.event,
        rsvps=around.rsvps,
        needs=around.needs,
        rule=around.rule,
    )
    occasion.language = _language(occasion)
    return occasion


def _language(occasion: Occasion) -> str:
    """That of the place it is about, else of the newest that stands, else of the contact."""
    wish = occasion.contact.language
    for one in occasion.standing:
        wish = one.language
    for one in occasion.rsvps:
        if one.pk == occasion.delivery.subject_id:
            wish = one.language
    return spoken(wish, occasion.agency)
