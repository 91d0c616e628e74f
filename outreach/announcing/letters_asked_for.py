"""Letters that somebody asked for by typing an address: here, not in the request, it is looked up whose that is."""

from __future__ import annotations

import datetime as dt
import logging
from functools import partial
from typing import Final

from engage.contacts.asking_for_letters import address_asked_for, answer_next
from engage.contacts.models import LetterAsk
from engage.people.models import Person
from events.rsvps.resident_record import send_links
from outreach.announcing.staff_mail import send_password_reset

_log = logging.getLogger(__name__)
_Letter = LetterAsk.Letter
_MOST: Final = 200


def answer_asks(*, now: dt.datetime) -> int:
    """Answer up to 200 asks, each in a transaction of its own. Safe in any number of workers. How many were looked at."""
    for looked_at in range(_MOST):
        found = answer_next(partial(_answer, now=now))
        if found is None:
            return looked_at
        ask, error = found
        if error is not None:
            # Kept, and an alarm: with the right keys it goes through.
            extra = {"ask": str(ask.pk), "letter": ask.letter, "error": type(error).__name__}
            _log.error("letter_not_given", extra=extra)
    return _MOST


def _answer(ask: LetterAsk, *, now: dt.datetime) -> None:
    address = address_asked_for(ask)
    if ask.letter == _Letter.LINK_AGAIN and ask.agency_id and ask.event_id:
        send_links(agency_id=ask.agency_id, event_id=ask.event_id, email=address, now=now)
    elif ask.letter == _Letter.NEW_PASSWORD:
        for person in Person.objects.filter(email=address.lower(), is_active=True):
            # One a minute, and good for an hour: from when it was asked for.
            send_password_reset(person, now=ask.asked_at)
