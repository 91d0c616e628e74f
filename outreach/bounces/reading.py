"""Reading what came back: the letter is marked as failed, and an address that takes nothing more is not written to again.

Nothing is kept of the message but its status code, in the row of the letter, which goes with the address. Reading one
twice changes nothing more. It answers nobody, so that two machines never write to each other.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from engage.contacts.models import Contact
from engage.contacts.reaching import give_up_on
from outreach.bounces.boxes import Box, BoxIsAway, box_at
from outreach.bounces.reports import report_in
from outreach.bounces.return_addresses import delivery_behind
from outreach.channels.status_codes import Meaning, meaning_of
from outreach.ledger.models import Delivery, DeliveryState

_log = logging.getLogger(__name__)
# So many letters in a row that came back for what may pass, and it does not pass: a mailbox that nobody empties.
PATIENCE: Final = 3
_BOUNCED: Final = "bounced_"
_MOST: Final = 2000  # messages a run
_A_RUN: Final = 120.0  # seconds
_LEFT: Final = (DeliveryState.SENT, DeliveryState.UNCERTAIN)
_ON_ITS_WAY: Final = (DeliveryState.DUE, DeliveryState.CLAIMED, DeliveryState.SENDING)
# Those that left before this one, the last first. What stopped one that said nothing of the address counts neither way.
_BEFORE: Final = """
SELECT reason FROM outreach_delivery
 WHERE contact_id = %(contact)s AND (state IN ('sent', 'uncertain') OR reason LIKE 'bounced\\_%%')
   AND (settled_at, id) <= (SELECT settled_at, id FROM outreach_delivery WHERE id = %(letter)s)
 ORDER BY settled_at DESC, id DESC LIMIT 20
"""


class Taken(StrEnum):
    """What became of a message. All but the first three change nothing."""

    GIVEN_UP = "address given up"
    BOUNCED = "letter came back"
    REFUSED_FOR_US = "refused because of us"
    KNOWN = "known already"
    NOTHING_FAILED = "no letter was given up"  # a delay, an answer of somebody who is away
    NOT_OURS = "not about a letter of ours"
    TOO_SOON = "not settled yet"  # the letter itself is still being written down: read it again


def take(content: bytes, *, now: dt.datetime, sent_to: Iterable[str] = ()) -> Taken:
    """Read one message. sent_to: the envelope's recipients, where they are known. Raises the database's errors."""
    report = report_in(content, bounce_address=settings.BOUNCE_ADDRESS, sent_to=sent_to)
    letter = next((found for token in report.tokens if (found := delivery_behind(token))), None)
    if letter is None:
        return Taken.NOT_OURS
    if not report.status:
        return Taken.NOTHING_FAILED
    with transaction.atomic():
        return _came_back(letter, report.status, now=now)


def _came_back(letter: UUID, status: str, *, now: dt.datetime) -> Taken:
    of = Delivery.objects.filter(pk=letter).values_list("contact_id", "state").first()
    if of is None:
        # Erased meanwhile, and the address with it.
        return Taken.KNOWN
    contact_id, state = of
    if state in _ON_ITS_WAY:
        return Taken.TOO_SOON
    if contact_id is not None:
        # The address before its letters, as whoever erases it locks them.
        Contact.objects.select_for_update(no_key=True).filter(pk=contact_id).first()
    news = Delivery.objects.filter(pk=letter, state__in=_LEFT)
    if not news.update(state=DeliveryState.FAILED, reason=f"{_BOUNCED}{status}"):
        return Taken.KNOWN
    meaning = meaning_of(status)
    if meaning is Meaning.US:
        _log.error("letter_refused_for_us", extra={"error": status})
        return Taken.REFUSED_FOR_US
    is_over = meaning is Meaning.GONE or (
        meaning is Meaning.FULL_OR_AWAY and _never_passes(contact_id, letter)
    )
    if is_over and contact_id is not None and give_up_on(contact_id, since=now):
        return Taken.GIVEN_UP
    return Taken.BOUNCED


def _never_passes(contact_id: UUID | None, letter: UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_BEFORE, {"contact": contact_id, "letter": letter})
        reasons = [row[0] for row in cursor.fetchall()]
    in_a_row = 0
    for reason in reasons:
        if not reason.startswith(_BOUNCED):
            break
        in_a_row += meaning_of(reason.removeprefix(_BOUNCED)) in {Meaning.FULL_OR_AWAY, Meaning.GONE}
    return in_a_row >= PATIENCE


def read_bounces(*, now: dt.datetime, box: Box | None = None) -> Counter[Taken]:
    """Read what was collected (``BOUNCES_URL``, or ``box``), for two minutes at the most. How many of each.

    What was about a letter of ours is deleted; anything else stays there, marked as read. Raises BoxIsAway, and the
    database's errors; what was not read is read the next time.
    """
    counted: Counter[Taken] = Counter()
    where = settings.BOUNCES_URL
    if box is None:
        if where is None:
            return counted
        box = box_at(where)
    until = time.monotonic() + _A_RUN
    with box:
        for message in box.unread(most=_MOST):
            taken = take(message.content, now=now)
            counted[taken] += 1
            if taken is Taken.NOT_OURS:
                message.leave()
            elif taken is not Taken.TOO_SOON:
                message.delete()
            if time.monotonic() >= until:
                break
    if counted:
        _log.info("bounces_read", extra={taken.name.lower(): number for taken, number in counted.items()})
    return counted


def read_collected(*, now: dt.datetime) -> None:
    """The worker's round. Where the mailbox does not answer, the log says so and the next round tries again."""
    try:
        read_bounces(now=now)
    except BoxIsAway as away:
        _log.error("bounces_not_read", extra={"error": str(away)})
