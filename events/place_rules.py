"""What a place may be: the refusals that responding and changing share, and who may be told how."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from django.utils.translation import gettext_lazy as _

from engage.contact_keeping import normalised
from engage.rule_violation import FieldError, Invalid, Refusal, RuleViolation
from events.models import Event, Remind, RsvpMode
from events.seats import OPEN

LONGEST_NAME: Final = 120
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}")


class EventFull(RuleViolation):
    code = "event_full"
    sentence = _("No seat is free. You can wait for one.")


class RsvpClosed(RuleViolation):
    code = "rsvp_closed"
    sentence = _("Places cannot be saved for this meeting now.")


class PartyTooLarge(RuleViolation):
    """``largest_party`` in ``extra``: how many may come under one name."""

    code = "party_too_large"
    refusal = Refusal.INVALID
    sentence = _("So many people cannot come on one RSVP. Please split the party.")


class PartyExceedsCapacity(RuleViolation):
    """``capacity`` in ``extra``: so many seats there are at all."""

    code = "party_exceeds_capacity"
    refusal = Refusal.INVALID
    sentence = _("The room holds fewer people than this party has.")


class ChannelUnavailable(RuleViolation):
    code = "channel_unavailable"
    refusal = Refusal.INVALID
    sentence = _("Reminders cannot be sent that way here.")


def check_party(event: Event, party_size: int) -> None:
    """Raises PartyTooLarge, PartyExceedsCapacity."""
    largest = event.agency.largest_party
    if not 1 <= party_size <= largest:
        raise PartyTooLarge(field="party_size", largest_party=largest)
    if event.capacity is not None and party_size > event.capacity:
        raise PartyExceedsCapacity(field="party_size", capacity=event.capacity)


def check_remind(remind: str, *, has_email: bool) -> list[FieldError]:
    """What is wrong with the wish for reminders. Raises ChannelUnavailable: no gateway sends text messages yet."""
    if remind == Remind.SMS:
        raise ChannelUnavailable(field="remind")
    if remind not in Remind.values:
        return [FieldError("remind", "invalid_choice", str(_("Choose email or none.")))]
    if remind == Remind.EMAIL and not has_email:
        return [FieldError("remind", "email_required", str(_("Give an email address for reminders.")))]
    return []


def check_language(language: str) -> list[FieldError]:
    if len(language) <= 16 and _LANGUAGE.fullmatch(language):
        return []
    return [FieldError("language", "invalid", str(_("Write a language code such as en or es.")))]


def check_address(channel: str, address: str) -> list[FieldError]:
    """Only the syntax counts: whether anybody reads it, nobody but them may find out. An empty one is none."""
    try:
        if address:
            normalised(channel, address)
    except Invalid as wrong:
        return wrong.errors
    return []


def takes_rsvps(event: Event, now: dt.datetime) -> bool:
    """From publishing (or the set opening) until the start (or the set closing), while published or live."""
    opened = event.rsvp_opens_at is None or event.rsvp_opens_at <= now
    closes = event.rsvp_closes_at or event.starts_at
    return event.status in OPEN and event.rsvp_mode == RsvpMode.OPEN and opened and now < closes
