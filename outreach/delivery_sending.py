"""Sending what is due: claim a batch, send its letters, and give back whatever was not begun."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.conf import settings

from outreach import owed_writes
from outreach.batch_sending import BatchSending
from outreach.channels import carrier
from outreach.channels.channel import Channel
from outreach.channels.email import SmtpChannel
from outreach.delivery_claiming import claim, recover_lost, release

_FOR_ROOM: Final = 2.0  # seconds to wait where too many letters are set aside


def mail_channel() -> Channel:
    return SmtpChannel(settings.MAIL_SERVER, sender=settings.MAIL_FROM)


def send_due(*, open_channel: Callable[[], Channel] = mail_channel) -> int:
    """Send one batch of what is due. Returns how many rows were claimed; 0 means that nothing is due or may go now.

    Two queries where nothing is due. Raises the database's errors only; whatever it was about to write then is written
    before this process claims anything again (``owed_writes``), and if it dies, the lease brings the rows back.
    """
    owed_writes.settle()
    if not carrier.is_there_room(seconds=_FOR_ROOM):
        return 0
    recover_lost()
    batch = claim()
    if not batch.ids:
        return 0
    try:
        BatchSending(batch, open_channel).send_each()
    finally:
        owed_writes.surely(lambda: release(batch.token))
    return len(batch.ids)
