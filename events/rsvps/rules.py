"""What an RSVP may be, and who gets the link to join by: what responding, changing and the pages go by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext_lazy as _

from engage.agencies.languages import is_language_tag
from engage.contacts.addresses import normalised
from engage.refusals import FieldError, Invalid, Refusal, RuleViolation
from events.event.models import Event, EventFormat, RsvpMode
from events.rsvps.models import Remind, Rsvp, RsvpStatus

LONGEST_NAME: Final = 120


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


def check_party(event: Event, party_size: int, also: Sequence[FieldError] = ()) -> None:
    """also: what else is wrong, told in one go. Raises PartyTooLarge, PartyExceedsCapacity."""
    try:
        _check_party(event, party_size)
    except RuleViolation as refused:
        refused.errors += also
        raise


def wrong_with_party(event: Event, party_size: int) -> list[FieldError]:
    """What ``check_party`` would say, for a form that tells all its mistakes at once; empty where it would say nothing."""
    try:
        _check_party(event, party_size)
    except RuleViolation as refused:
        return list(refused.errors)
    return []


def _check_party(event: Event, party_size: int) -> None:
    largest = event.agency.largest_party
    if not 1 <= party_size <= largest:
        words = _("So many people cannot come on one RSVP: at most {number}. Please split the party.")
        raise PartyTooLarge(words.format(number=largest), field="party_size", largest_party=largest)
    if event.capacity is not None and party_size > event.capacity:
        words = _("The room holds fewer people than this party has: {number}.")
        raise PartyExceedsCapacity(
            words.format(number=event.capacity), field="party_size", capacity=event.capacity
        )


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
    if len(language) <= 16 and is_language_tag(language):
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


def link_for_everybody(event: Event) -> str:
    """Of a meeting that takes no RSVPs, where nobody could hold one; else empty."""
    return _link(event) if event.rsvp_mode == RsvpMode.NONE else ""


def link_for_rsvp(rsvp: Rsvp) -> str:
    """For an RSVP that stands: who waits, or has given it back, comes in by no link either."""
    return _link(rsvp.event) if rsvp.status == RsvpStatus.CONFIRMED else link_for_everybody(rsvp.event)


def link_for(event: Event, *, holds_an_rsvp: bool) -> str:
    return _link(event) if holds_an_rsvp else link_for_everybody(event)


def _link(event: Event) -> str:
    return event.online_url if event.format != EventFormat.IN_PERSON else ""
