"""One batch: claim, then for each message begin, compose, send and record, each standing alone."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from engage.models import Contact
from events.waitlisting import bounce
from outreach import delivery_outcomes as outcome
from outreach.channels.channel import (
    Channel,
    ChannelDown,
    Letter,
    NoSuchMailbox,
    PermanentFailure,
    TemporaryFailure,
    UncertainFailure,
)
from outreach.channels.email import SmtpChannel
from outreach.delivery_claiming import Batch, Begun, begin, claim, recover_lost, release, renew
from outreach.delivery_kinds import OFFER
from outreach.message_composing.composing import NotNow, Pointless, TooLate, compose
from outreach.message_composing.reading_ahead import STAMP, Around, read_ahead
from outreach.models import Delivery

_log = logging.getLogger(__name__)
_RENEW_EVERY: Final = 15.0  # seconds; a lease is 120, and 90 are needed to begin
_A_BATCH: Final = 240.0  # seconds; slow servers must not bring a task to its time limit
_DOWN_PAUSE: Final = 10.0  # seconds before what was not begun is looked at again


def mail_channel() -> Channel:
    return SmtpChannel(settings.MAIL_SERVER, sender=settings.MAIL_FROM)


def send_due(*, open_channel: Callable[[], Channel] = mail_channel) -> int:
    """Send one batch of what is due. Returns how many rows were claimed; 0 means that nothing is due.

    Two queries where nothing is due. Raises the database's errors only; the lease then brings the rows back.
    """
    recover_lost()
    batch = claim()
    if not batch.ids:
        return 0
    try:
        with open_channel() as channel:
            _send_each(batch, channel)
    finally:
        _give_back(batch.token)
    return len(batch.ids)


def _give_back(token: UUID) -> None:
    try:
        release(token)
    except (OperationalError, InterfaceError):
        # The lease gives them back.
        _log.warning("batch_not_released")


def _send_each(batch: Batch, channel: Channel) -> None:
    began = renewed = time.monotonic()
    ahead = read_ahead(batch.ids, now=timezone.now())
    for delivery_id in batch.ids:
        now = time.monotonic()
        if now - began > _A_BATCH:
            return
        if now - renewed > _RENEW_EVERY:
            renew(batch.token)
            renewed = now
        begun = begin(delivery_id, batch.token, stamp=STAMP)
        around = _as_it_is(delivery_id, begun, ahead) if begun else None
        # None where it is no longer ours, or was erased a moment ago and the address with it.
        if begun and around and not _send_one(around, batch.token, channel, begun.now):
            release(batch.token, after=_DOWN_PAUSE)
            return


def _as_it_is(delivery_id: UUID, begun: Begun, ahead: dict[UUID, Around]) -> Around | None:
    """What was read for the batch, where nothing of it has changed since; else read anew."""
    around = ahead.get(delivery_id)
    if around is None or around.stamp != begun.stamp:
        around = read_ahead([delivery_id], now=begun.now).get(delivery_id)
    if around is not None:
        around.delivery.attempts = begun.attempts
    return around


def _send_one(around: Around, token: UUID, channel: Channel, now: dt.datetime) -> bool:
    """Whether the channel still takes letters."""
    delivery = around.delivery
    try:
        letter = compose(around, now=now)
    except Pointless as why:
        outcome.suppressed(delivery.pk, token, reason=why.reason)
    except TooLate as why:
        outcome.expired(delivery.pk, token, reason=why.reason)
    except NotNow as why:
        outcome.deferred(delivery.pk, token, until=why.until, reason=why.reason)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # noqa: BLE001 - whatever this row holds, its neighbours go out
        # Only the kind of error: its text may hold what a resident typed.
        _log.error("composing_failed", extra={"delivery": str(delivery.pk), "error": type(error).__name__})
        outcome.failed(delivery.pk, token, reason=f"composing_{type(error).__name__}"[:48])
    else:
        return _hand_over(delivery, token, channel, letter)
    return True


def _hand_over(delivery: Delivery, token: UUID, channel: Channel, letter: Letter) -> bool:
    try:
        provider_id = channel.send(letter)
    except ChannelDown as down:
        _log.warning("channel_down", extra={"error": down.code})
        outcome.again_later(delivery.pk, token, reason=down.code, attempts=delivery.attempts)
        return False
    except TemporaryFailure as failure:
        outcome.again_later(delivery.pk, token, reason=failure.code, attempts=delivery.attempts)
    except UncertainFailure:
        outcome.uncertain(delivery.pk, token, before=delivery.reason)
    except PermanentFailure as failure:
        outcome.failed(delivery.pk, token, reason=failure.code)
        if isinstance(failure, NoSuchMailbox):
            _give_up_on(delivery)
    else:
        _surely(lambda: outcome.sent(delivery.pk, token, provider_id=provider_id))
    return True


def _give_up_on(delivery: Delivery) -> None:
    """Nothing reaches this address any more; an offer nobody can answer goes to the next in the queue."""
    now = dt.datetime.now(dt.UTC)
    if delivery.contact_id is not None:
        Contact.objects.filter(pk=delivery.contact_id, unreachable_since=None).update(unreachable_since=now)
    if delivery.kind == OFFER and delivery.subject_id is not None:
        bounce(delivery.subject_id, now=now)


def _surely(write: Callable[[], object]) -> None:
    """It is out: a database that is just restarting must not make it go twice."""
    for pause in (0.5, 2.0, 5.0):
        try:
            write()
            return
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(pause)
    write()
