"""What became of a letter that was handed over, written down: by the batch it went with, or later from beside it."""

from __future__ import annotations

import logging
import time
from functools import partial
from uuid import UUID

from django.db import connection

from engage.contacts.reaching import give_up_on
from engage.database.clock import database_now
from outreach.channels import health
from outreach.channels.carrier import Answer
from outreach.channels.channel import (
    ChannelDown,
    DeliveryFailure,
    NoSuchMailbox,
    PermanentFailure,
    UncertainFailure,
)
from outreach.ledger import outcomes as outcome
from outreach.ledger.models import Delivery
from outreach.sending.fault_judging import neighbours
from outreach.sending.owed_writes import surely

_log = logging.getLogger(__name__)


def write_down(delivery: Delivery, token: UUID, answer: Answer, *, since: float) -> None:
    """since: when its batch began (``time.monotonic()``); a doubtful refusal is final if others have gone since."""
    again = partial(outcome.again_later, delivery.pk, token, attempts=delivery.attempts)
    if not isinstance(answer, DeliveryFailure):
        neighbours.went_through("letter")
        # It is out: a database that is just restarting must not make it go twice.
        surely(lambda: outcome.sent(delivery.pk, token, provider_id=answer))
        surely(health.works)
    elif isinstance(answer, UncertainFailure):
        surely(lambda: outcome.uncertain(delivery.pk, token, before=delivery.reason))
    elif isinstance(answer, PermanentFailure) and _is_final(delivery, answer, since):
        surely(lambda: outcome.failed(delivery.pk, token, reason=answer.code))
        if isinstance(answer, NoSuchMailbox):
            _give_up_on(delivery)
    else:
        surely(lambda: again(reason=answer.code))


def channel_was_down(
    delivery: Delivery, token: UUID, down: DeliveryFailure, *, lets_others_first: bool = False
) -> None:
    """The message is as due as before, and tried no oftener. lets_others_first: it may be what the channel dislikes."""
    others_first = lets_others_first or down.code.startswith("smtp_from")
    pause = outcome.pause_after(neighbours.failed(delivery.pk)) if others_first else 0.0
    surely(lambda: outcome.given_back(delivery.pk, token, pause=pause))


def answered_late(delivery: Delivery, token: UUID, answer: Answer) -> None:
    """The answer to a letter that was set aside, in a thread of its own: its batch is long over."""
    try:
        if isinstance(answer, ChannelDown):
            channel_was_down(delivery, token, answer)
        else:
            write_down(delivery, token, answer, since=time.monotonic())
    except Exception as error:  # noqa: BLE001 - the end of a thread: the lease brings the row back
        _log.error("late_answer_lost", extra={"delivery": str(delivery.pk), "error": type(error).__name__})
    finally:
        connection.close()


def _is_final(delivery: Delivery, failure: PermanentFailure, since: float) -> bool:
    if not failure.is_doubtful or isinstance(failure, NoSuchMailbox):
        return True
    neighbours.failed(delivery.pk)
    return neighbours.is_alone(delivery.pk, "letter", since=since)


def _give_up_on(delivery: Delivery) -> None:
    """Nothing reaches this address any more, and that is all: its places stay as they are, and an offer stays open.

    Whoever typed the address sees its place, and would see there that a letter came back, or by its not coming back
    that one had before. And they can take the offer on that page.
    """
    if delivery.contact_id is not None:
        give_up_on(delivery.contact_id, since=database_now())
