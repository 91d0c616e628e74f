"""From a row of the ledger to the bytes of a letter, or a verdict why there is none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import translation

from outreach import delivery_kinds as kinds
from outreach.channels.channel import Letter
from outreach.letter_languages import spoken
from outreach.message_composing import event_letters, news_letters, place_letters, qr_codes, staff_letters
from outreach.message_composing.calendar_stepping import hold
from outreach.message_composing.content import Content
from outreach.message_composing.occasion import Occasion, gather
from outreach.message_composing.reading_ahead import Around, fill
from outreach.message_composing.rendering import as_html, as_text
from outreach.message_composing.verdicts import NotNow, Pointless, TooLate
from outreach.message_composing.wire_format import body, headers, message_id
from outreach.models import Delivery
from outreach.quiet_hours import quiet_until

__all__ = ["NotNow", "Pointless", "TooLate", "compose"]

_WRITERS: Final[Mapping[str, Callable[[Occasion], Content]]] = {
    kinds.CONFIRMATION: place_letters.saved,
    kinds.WAITLISTED: place_letters.waiting,
    kinds.OFFER: place_letters.offered,
    kinds.PROMOTED: place_letters.promoted,
    kinds.OFFER_LAPSED: place_letters.lapsed,
    kinds.PLACE_CHANGED: place_letters.changed,
    kinds.PLACE_CANCELLED: place_letters.given_back,
    kinds.LINK_AGAIN: place_letters.link_again,
    kinds.ACCESS_ARRANGED: place_letters.need_arranged,
    kinds.ACCESS_NOT_POSSIBLE: place_letters.need_not_possible,
    kinds.EVENT_MOVED: event_letters.moved,
    kinds.EVENT_CANCELLED: event_letters.called_off,
    kinds.REMINDER: event_letters.soon,
    kinds.NEW_MEETING: news_letters.new_meeting,
    kinds.SUMMARY: news_letters.what_we_heard,
    kinds.COMMITMENT_UPDATE: news_letters.promise_moved,
    kinds.SUBSCRIPTION_CONFIRM: news_letters.please_confirm,
}
# These say something to the resident's calendar, one after the other.
_MOVES_CALENDAR: Final = frozenset(
    {
        kinds.CONFIRMATION,
        kinds.PROMOTED,
        kinds.PLACE_CHANGED,
        kinds.PLACE_CANCELLED,
        kinds.EVENT_MOVED,
        kinds.EVENT_CANCELLED,
    }
)


def compose(around: Around, *, now: dt.datetime) -> Letter:
    """The letter, from the rows as they are now. now: the database's. Raises Pointless, TooLate, NotNow, SealBroken."""
    delivery = around.delivery
    if delivery.expires_at is not None and now >= delivery.expires_at:
        raise TooLate
    if delivery.contact_id is None:
        return _to_staff(delivery, now)
    _respect_quiet_hours(delivery, now)
    if delivery.kind in _MOVES_CALENDAR:
        with transaction.atomic():
            # The lock first, the event after it: whoever cancels the event and then looks at this calendar sees a
            # REQUEST that is on its way, or this sees the cancellation.
            if delivery.contact is not None:
                delivery.contact = hold(delivery.contact)
            fill([around], now=now)
            return _to_resident(around, now)
    return _to_resident(around, now)


def _to_resident(around: Around, now: dt.datetime) -> Letter:
    delivery, occasion = around.delivery, gather(around, now=now)
    with translation.override(occasion.language):
        content = _WRITERS[delivery.kind](occasion)
        return _letter(delivery, content, to=occasion.address, language=occasion.language, now=now)


def _to_staff(delivery: Delivery, now: dt.datetime) -> Letter:
    if delivery.invitation is not None:
        invited = delivery.invitation
        language = spoken(invited.language, invited.agency)
        with translation.override(language):
            content = staff_letters.invitation(invited, now=now)
            return _letter(delivery, content, to=invited.email, language=language, now=now)
    if delivery.person is None:
        raise Pointless("recipient_gone")
    language = spoken(delivery.person.language)
    with translation.override(language):
        if delivery.kind == kinds.ACCESS_ENDED:
            content = staff_letters.access_ended(delivery.person, delivery.subject_id)
        else:
            content = staff_letters.password_reset(delivery.person)
        return _letter(delivery, content, to=delivery.person.email, language=language, now=now)


def _letter(delivery: Delivery, content: Content, *, to: str, language: str, now: dt.datetime) -> Letter:
    identity = message_id(delivery.pk)
    if content.stop:
        content.stop_url = f"{settings.PUBLIC_URL}/unsubscribe/{content.stop}"
    head = headers(
        subject=content.subject,
        sender=content.sender,
        to=to,
        identity=identity,
        language=language,
        now=now,
        stop_url=content.stop_url,
    )
    parts = body(
        text=as_text(content, language),
        html=as_html(content, language),
        pictures=[(code, qr_codes.png(code)) for code in content.codes],
        calendar=content.calendar,
        seed=delivery.pk.bytes,
    )
    return Letter(to=to, content=b"".join(head) + parts, message_id=identity)


def _respect_quiet_hours(delivery: Delivery, now: dt.datetime) -> None:
    if delivery.kind not in kinds.HELD_BY_QUIET_HOURS or delivery.agency is None:
        return
    # Where the recipient is, nobody knows; most live where the agency is.
    until = quiet_until(delivery.agency, delivery.channel, zone=delivery.agency.timezone, now=now)
    if until is None:
        return
    if delivery.expires_at is not None and until >= delivery.expires_at:
        raise TooLate("quiet_hours")
    raise NotNow(until)
