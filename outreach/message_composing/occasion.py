"""What one message is about, read anew at the moment it is composed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID

from engage.contact_keeping import address_of
from engage.models import Activity, Agency, Contact
from events.models import AccessRequest, Event, EventStatus, Rsvp, RsvpStatus
from outreach.letter_languages import spoken
from outreach.message_composing.reading_ahead import Around
from outreach.message_composing.verdicts import Pointless
from outreach.models import Delivery, ReminderRule


@dataclass(slots=True)
class Occasion:
    """A delivery with its recipient, event and places, as they stand now. address: in clear, for this letter only."""

    delivery: Delivery
    agency: Agency
    contact: Contact
    address: str
    language: str
    now: dt.datetime
    event: Event | None = None
    places: list[Rsvp] = field(default_factory=list)
    needs: list[AccessRequest] = field(default_factory=list)
    rule: ReminderRule | None = None

    @property
    def meeting(self) -> Event:
        if self.event is None:
            raise Pointless("event_gone")
        return self.event

    @property
    def subject(self) -> UUID:
        """The row that the message is about. Raises Pointless where it names none."""
        if self.delivery.subject_id is None:
            raise Pointless("subject_gone")
        return self.delivery.subject_id

    @property
    def place(self) -> Rsvp:
        """The place that the message is about. Raises Pointless where it is gone."""
        for one in self.places:
            if one.pk == self.delivery.subject_id:
                return one
        raise Pointless("place_gone")

    @property
    def confirmed(self) -> list[Rsvp]:
        return [one for one in self.places if one.status == RsvpStatus.CONFIRMED]

    @property
    def standing(self) -> list[Rsvp]:
        return [one for one in self.places if one.status != RsvpStatus.CANCELLED]

    @property
    def is_proven(self) -> bool:
        return self.contact.proven_on is not None

    def must_be_ahead(self) -> Event:
        """The meeting, still open: a message about a place in one that is over or cancelled has no point."""
        event = self.meeting
        if event.status == EventStatus.CANCELLED:
            raise Pointless("event_cancelled")
        if event.status not in {EventStatus.PUBLISHED, EventStatus.LIVE} or event.ends_at <= self.now:
            raise Pointless("event_over")
        return event

    def activity(self) -> Activity | None:
        """The act that the message tells of."""
        name, _, key = self.delivery.occasion.partition(":")
        return Activity.objects.filter(pk=UUID(key)).first() if name == "activity" else None


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
        event=around.event,
        places=around.places,
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
    for one in occasion.places:
        if one.pk == occasion.delivery.subject_id:
            wish = one.language
    return spoken(wish, occasion.agency)
