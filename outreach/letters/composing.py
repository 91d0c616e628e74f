"""From a row of the ledger to the bytes of a letter, or a verdict why there is none."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils import translation

from engage.agencies.models import Agency
from engage.agencies.quiet_hours import end_of_hours
from engage.contacts.addresses import on_the_wire
from engage.contacts.models import Channel
from outreach.bounces.return_addresses import return_address
from outreach.channels.channel import Letter
from outreach.ledger.kinds import About, Kind, kind_named
from outreach.ledger.models import Delivery
from outreach.letters import qr_codes
from outreach.letters.calendar_stepping import hold
from outreach.letters.content import Content, as_html, as_text, with_one_stop
from outreach.letters.occasion import NotNow, Occasion, StaffOccasion, TooLate, gather
from outreach.letters.reading_ahead import Around, fill
from outreach.letters.wire_format import body, headers, message_id, thread_of


def compose(around: Around, *, now: dt.datetime) -> Letter:
    """The letter, from the rows as they are now. now: the database's.

    Raises Pointless, TooLate, NotNow, SealBroken, UnknownKind.
    """
    delivery = around.delivery
    if delivery.expires_at is not None and now >= delivery.expires_at:
        raise TooLate
    kind = kind_named(delivery.kind)
    if delivery.contact_id is None:
        return _written(kind, StaffOccasion(delivery, now))
    if kind.stops and not kind.at_any_hour:
        _respect_quiet_hours(delivery, now)
    if kind.moves_calendar:
        with transaction.atomic():
            # The lock first, the event after it: whoever cancels the event and then looks at this calendar sees a
            # REQUEST that is on its way, or this sees the cancellation.
            if delivery.contact is not None:
                delivery.contact = hold(delivery.contact)
            fill([around], now=now)
            return _written(kind, gather(around, now=now))
    return _written(kind, gather(around, now=now))


def _written(kind: Kind, occasion: Occasion | StaffOccasion) -> Letter:
    language = occasion.language
    with translation.override(language):
        return _letter(with_one_stop(kind.write(occasion)), kind, occasion)


def _letter(content: Content, kind: Kind, occasion: Occasion | StaffOccasion) -> Letter:
    delivery, language = occasion.delivery, occasion.language
    to, identity = on_the_wire(occasion.address), message_id(delivery.pk)
    if content.stop:
        content.stop_url = f"{settings.PUBLIC_URL}/unsubscribe/{content.stop}"
    head = headers(
        subject=content.subject,
        sender=content.sender,
        to=to,
        identity=identity,
        language=language,
        now=occasion.now,
        stop_url=content.stop_url,
        reply_to=content.reply_to,
        thread=_thread(delivery),
        list_id=_list_id(content, delivery) if kind.about is About.NEWS else None,
    )
    parts = body(
        text=as_text(content, language),
        html=as_html(content, language),
        pictures=[(code, qr_codes.png(code)) for code in content.codes],
        calendar=content.calendar,
        seed=delivery.pk.bytes,
    )
    written = b"".join(head) + parts
    if settings.DKIM is not None:
        written = settings.DKIM.signed(written, at=int(occasion.now.timestamp()))
    return Letter(to=to, content=written, message_id=identity, return_to=return_address(delivery.pk))


def _thread(delivery: Delivery) -> str:
    """Of all that one address is told about one meeting, or of one thing that it follows."""
    if delivery.contact_id is None:
        return ""
    return thread_of(delivery.contact_id.bytes, (delivery.event_id or delivery.contact_id).bytes)


def _list_id(content: Content, delivery: Delivery) -> tuple[str, str]:
    """By agency, so that news of one can be put into a folder; of what is discreet by none."""
    if content.is_discreet or delivery.agency is None:
        return "", "news"
    return delivery.agency.name, delivery.agency.slug


def _respect_quiet_hours(delivery: Delivery, now: dt.datetime) -> None:
    if delivery.agency is None:
        return
    # Where the recipient is, nobody knows; most live where the agency is.
    until = quiet_until(delivery.agency, delivery.channel, zone=delivery.agency.timezone, now=now)
    if until is None:
        return
    if delivery.expires_at is not None and until >= delivery.expires_at:
        raise TooLate("quiet_hours")
    raise NotNow(until)


def quiet_until(agency: Agency, channel: str, *, zone: str, now: dt.datetime) -> dt.datetime | None:
    """The end of the quiet hours that ``now`` lies in, or None. zone: where the recipient is, as far as is known.

    Email has none unless the agency set them; text messages have 20:00 to 09:00 by default. From ≤ t < until, over
    midnight too; in the hour that spring skips, the instant after it.
    """
    if channel == Channel.SMS:
        begins, ends = agency.sms_quiet_from, agency.sms_quiet_until
    elif agency.email_quiet_from is not None and agency.email_quiet_until is not None:
        begins, ends = agency.email_quiet_from, agency.email_quiet_until
    else:
        return None
    return end_of_hours(begins, ends, zone=zone, at=now)
