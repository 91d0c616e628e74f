"""What the resident's calendar heard last, so that a letter's SEQUENCE is never below an earlier one's (RFC 5546 §2.1.4).

SEQUENCE in mails = the event's + the contact's ``calendar_bumps``: one more at each CANCEL, and at a REQUEST after one.
Written when the letter is composed, under the contact's lock; composing the same letter again changes nothing.
"""

from __future__ import annotations

from engage.models import Contact
from events.calendar_export import invite_calendar
from events.models import Event
from outreach.message_composing.occasion import Occasion

_STATE = Contact.CalendarState


def hold(contact: Contact) -> Contact:
    """Lock the contact, so that two letters to one address are composed one after the other."""
    return Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)


def request(occasion: Occasion) -> tuple[str, bytes]:
    """The REQUEST that opens or renews the entry."""
    contact = occasion.contact
    if contact.calendar_state != _STATE.REQUESTED:
        if contact.calendar_state == _STATE.CANCELLED:
            contact.calendar_bumps += 1
        contact.calendar_state = _STATE.REQUESTED.value
        contact.save(update_fields=["calendar_bumps", "calendar_state"])
    return _part(occasion.meeting, occasion, "REQUEST")


def cancel(occasion: Occasion) -> tuple[str, bytes] | None:
    """Takes the entry out again; None where that calendar never had one."""
    contact = occasion.contact
    if contact.calendar_state == _STATE.NONE:
        return None
    if contact.calendar_state == _STATE.REQUESTED:
        contact.calendar_bumps += 1
        contact.calendar_state = _STATE.CANCELLED.value
        contact.save(update_fields=["calendar_bumps", "calendar_state"])
    return _part(occasion.meeting, occasion, "CANCEL")


def _part(event: Event, occasion: Occasion, method: str) -> tuple[str, bytes]:
    content = invite_calendar(
        event,
        method=method,
        attendee_address=occasion.address,
        bumps=occasion.contact.calendar_bumps,
        language=occasion.language,
        holds_a_place=bool(occasion.confirmed),
    )
    return method, content
