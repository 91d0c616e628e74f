"""Sending what is due: a batch is claimed, its letters go one after another, and what was not begun is given back.

Each letter is begun, composed, handed over and written down standing alone.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
from collections.abc import Callable
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError

from engage.database.faults import BUSY, TOO_SLOW, fault_of
from engage.sealing.seals import SealBroken
from outreach.channels import carrier, health
from outreach.channels.carrier import Answer, Carrier
from outreach.channels.channel import Channel, ChannelDown, DeliveryFailure, Letter
from outreach.channels.email import SmtpChannel
from outreach.ledger import outcomes as outcome
from outreach.ledger.claiming import Batch, Begun, begin, claim, recover_lost, release, renew
from outreach.ledger.models import Delivery
from outreach.letters.composing import compose
from outreach.letters.occasion import NotNow, Pointless, TooLate
from outreach.letters.reading_ahead import STAMP, Around, read_ahead
from outreach.sending import handed_over
from outreach.sending.fault_judging import ENOUGH, neighbours, seal_is_ours
from outreach.sending.owed_writes import settle, surely

_log = logging.getLogger(__name__)
_RENEW_EVERY: Final = 15.0  # seconds; a lease is 120, and 90 are needed to begin
_WHILE_HELD: Final = 10.0  # seconds before a letter whose rows somebody holds is looked at again
_FOR_ROOM: Final = 2.0  # seconds to wait where too many letters are set aside
_A_BATCH: Final = 60.0  # seconds; what is left is claimed anew, with whatever has become more urgent
# How long one letter may keep the next waiting: seconds, at first, once one was silent, and at a domain that was.
_PATIENCE: Final = (3.0, 1.0, 0.5)
# Whether this process is about to end: then nothing new is begun, and what is under way is brought to its end.
ending: Final = threading.Event()


class BatchSending:
    """open_channel: makes a channel that is not connected yet."""

    def __init__(self, batch: Batch, open_channel: Callable[[], Channel]) -> None:
        self._batch = batch
        self._open_channel = open_channel
        self._carrier: Carrier | None = None
        self._began = self._renewed = time.monotonic()
        self._silent_domains: set[str] = set()
        self._composed = 0
        self._broken_keys: dict[bytes, bool] = {}
        # What failed in a way that may be everybody's: judged when the batch is over, by how the others fared.
        self._stumbled: list[tuple[Delivery, str]] = []
        self._doubted: list[tuple[Delivery, DeliveryFailure]] = []

    def send_each(self) -> None:
        """Until all are through, the channel is down, or nothing can be composed. Raises the database's errors."""
        try:
            self._carrier = self._connected()
            ahead = read_ahead(self._batch.ids, now=self._batch.now)
            for delivery_id in self._batch.ids:
                if self._is_over():
                    break
                self._one(delivery_id, ahead)
        except ChannelDown as down:
            health.trouble(down.code)
        finally:
            if self._carrier is not None:
                self._carrier.close()
            self._judge()

    def _connected(self) -> Carrier:
        fresh = Carrier(self._open_channel())
        try:
            fresh.channel.open()
        except ChannelDown:
            fresh.close()
            raise
        return fresh

    def _is_over(self) -> bool:
        now = time.monotonic()
        if now - self._renewed > _RENEW_EVERY:
            renew(self._batch.token)
            self._renewed = now
        nothing_composes = not self._composed and len(self._stumbled) >= ENOUGH
        return nothing_composes or now - self._began > _A_BATCH or carrier.is_full() or ending.is_set()

    def _one(self, delivery_id: UUID, ahead: dict[UUID, Around]) -> None:
        token = self._batch.token
        try:
            begun = begin(delivery_id, token, stamp=STAMP)
            around = _as_it_is(delivery_id, begun, ahead) if begun else None
            # None where it is no longer ours, or was erased a moment ago and the address with it.
            letter = self._composed_from(around, begun.now) if begun and around else None
        except (OperationalError, InterfaceError) as error:
            # Nothing was handed over, whatever the row says.
            held = fault_of(error) in {BUSY, TOO_SLOW}
            surely(lambda: outcome.given_back(delivery_id, token, pause=_WHILE_HELD if held else 0))
            if held:
                # Somebody holds what this one letter is about: the others need not wait for that.
                return
            raise
        if around is not None and letter is not None and self._carrier is not None:
            self._hand_over(self._carrier, around.delivery, letter)

    def _composed_from(self, around: Around, now: dt.datetime) -> Letter | None:
        delivery, token = around.delivery, self._batch.token
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
            self._stumbles(delivery, error)
        else:
            self._composed += 1
            neighbours.went_through(delivery.kind)
            return letter
        return None

    def _stumbles(self, delivery: Delivery, error: Exception) -> None:
        # Only the kind of error: its text may hold what a resident typed.
        _log.error("composing_failed", extra={"delivery": str(delivery.pk), "error": type(error).__name__})
        code = f"composing_{type(error).__name__}"[:48]
        if isinstance(error, SealBroken) and not self._is_key_broken(delivery):
            outcome.failed(delivery.pk, self._batch.token, reason=code)
        else:
            self._stumbled.append((delivery, code))

    def _is_key_broken(self, delivery: Delivery) -> bool:
        number = bytes(delivery.contact.sealed_address)[:1] if delivery.contact else b""
        if number not in self._broken_keys:
            self._broken_keys[number] = seal_is_ours(delivery)
        return self._broken_keys[number]

    def _hand_over(self, carrying: Carrier, delivery: Delivery, letter: Letter) -> None:
        token, domain = self._batch.token, letter.to.rpartition("@")[2].lower()
        answer = carrying.carry(letter, patience=self._patience(delivery, domain))
        if answer is None:
            self._silent_domains.add(domain)
            carrying.set_aside(lambda late: handed_over.answered_late(delivery, token, late))
            self._carrier = None
            self._carrier = self._connected()
        else:
            self._answered(delivery, answer)

    def _patience(self, delivery: Delivery, domain: str) -> float:
        at_first, then, there = _PATIENCE
        if domain in self._silent_domains:
            return there
        was_silent = delivery.reason in {"smtp_timeout", "uncertain"}
        return then if self._silent_domains or was_silent else at_first

    def _answered(self, delivery: Delivery, answer: Answer) -> None:
        if isinstance(answer, ChannelDown):
            handed_over.channel_was_down(delivery, self._batch.token, answer)
            raise answer
        if isinstance(answer, DeliveryFailure) and answer.is_doubtful:
            self._doubted.append((delivery, answer))
            return
        handed_over.write_down(delivery, self._batch.token, answer, since=self._began)

    def _judge(self) -> None:
        token = self._batch.token
        if self._stumbled and not self._composed and len(self._stumbled) >= ENOUGH:
            health.trouble(self._stumbled[0][1])
        for delivery, code in self._stumbled:
            self._judge_stumble(delivery, code)
        everybody = len(self._doubted) >= ENOUGH and not neighbours.have_gone("letter", since=self._began)
        if everybody:
            health.trouble(self._doubted[0][1].code)
        for delivery, failure in self._doubted:
            if everybody:
                handed_over.channel_was_down(delivery, token, failure, lets_others_first=True)
            else:
                handed_over.write_down(delivery, token, failure, since=self._began)

    def _judge_stumble(self, delivery: Delivery, code: str) -> None:
        token = self._batch.token
        times = neighbours.failed(delivery.pk)
        is_seal = code == f"composing_{SealBroken.__name__}"
        if not is_seal and neighbours.is_alone(delivery.pk, delivery.kind, since=self._began):
            surely(lambda: outcome.failed(delivery.pk, token, reason=code))
            return
        # Its fault or ours, nobody can know yet; it waits, and lets others go first.
        pause = outcome.pause_after(times)
        surely(lambda: outcome.given_back(delivery.pk, token, reason=code, pause=pause))


def _as_it_is(delivery_id: UUID, begun: Begun, ahead: dict[UUID, Around]) -> Around | None:
    """What was read for the batch, where nothing of it has changed since; else read anew."""
    around = ahead.get(delivery_id)
    if around is None or around.stamp != begun.stamp:
        around = read_ahead([delivery_id], now=begun.now).get(delivery_id)
    if around is not None:
        around.delivery.attempts = begun.attempts
    return around


def mail_channel() -> Channel:
    return SmtpChannel(settings.MAIL_SERVER, sender=settings.MAIL_FROM)


def send_due(*, open_channel: Callable[[], Channel] = mail_channel) -> int:
    """Send one batch of what is due. Returns how many rows were claimed; 0 means that nothing is due or may go now.

    Two queries where nothing is due. Raises the database's errors only; whatever it was about to write then is written
    before this process claims anything again (``owed_writes``), and if it dies, the lease brings the rows back.
    """
    settle()
    if not carrier.is_there_room(seconds=_FOR_ROOM):
        return 0
    recover_lost()
    batch = claim()
    if not batch.ids:
        return 0
    try:
        BatchSending(batch, open_channel).send_each()
    finally:
        surely(lambda: release(batch.token))
    return len(batch.ids)
