"""What the resident's calendar heard last, so that a letter's SEQUENCE is never below an earlier one's (RFC 5546 §2.1.4).

SEQUENCE in mails = the event's + the contact's ``calendar_bumps``: one more at each CANCEL, and at a REQUEST after one.
Written when the letter is composed, under the contact's lock; composing the same letter again changes nothing.
"""

from __future__ import annotations

from engage.contacts.models import Contact
from events.calendars.export import invite_calendar
from events.event.models import Event
from outreach.letters.occasion import Occasion, Pointless

_STATE = Contact.CalendarState


def hold(contact: Contact) -> Contact:
    """Lock the contact, so that two letters to one address are composed one after the other.

    Raises Pointless where it was erased a moment ago.
    """
    held = Contact.objects.select_for_update(no_key=True).filter(pk=contact.pk).first()
    if held is None:
        raise Pointless("contact_gone")
    return held


def request(occasion: Occasion) -> tuple[str, bytes]:
    """The REQUEST that opens or renews the entry."""
    contact = occasion.contact
    if contact.calendar_state != _STATE.REQUESTED:
        if contact.calendar_state == _STATE.CANCELLED:
            contact.calendar_bumps += 1
        contact.calendar_state = _STATE.REQUESTED.value
        contact.save(update_fields=["calendar_bumps", "calendar_state"])
    return _part(occasion.event, occasion, "REQUEST")


def entry_stands(occasion: Occasion) -> bool:
    """Whether the meeting stands in that calendar, as far as we have said."""
    return occasion.contact.calendar_state == _STATE.REQUESTED


def cancel(occasion: Occasion) -> tuple[str, bytes] | None:
    """Takes the entry out again; None where that calendar never had one."""
    contact = occasion.contact
    if contact.calendar_state == _STATE.NONE:
        return None
    if contact.calendar_state == _STATE.REQUESTED:
        contact.calendar_bumps += 1
        contact.calendar_state = _STATE.CANCELLED.value
        contact.save(update_fields=["calendar_bumps", "calendar_state"])
    return _part(occasion.event, occasion, "CANCEL")


def _part(event: Event, occasion: Occasion, method: str) -> tuple[str, bytes]:
    content = invite_calendar(
        event,
        method=method,
        attendee_address=occasion.address,
        bumps=occasion.contact.calendar_bumps,
        language=occasion.language,
        holds_an_rsvp=bool(occasion.confirmed),
        now=occasion.now,
    )
    return method, content
