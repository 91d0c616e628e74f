"""Whoever was told that an event takes place is told when that no longer holds: it moved, it is off, it is on again.

Who holds a place is told at once, by one statement (``audience``). Whose news went to many is told here: it takes long, since
addresses are opened one by one, so it is written down that it is to be done, and done in a transaction of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from django.db import connection

from engage.activity.models import Activity
from engage.contacts.models import Contact
from events.event.models import Event
from outreach.announcing.broadcasting import each_address_once, plan_letters
from outreach.announcing.models import FollowersToTell
from outreach.announcing.who_is_told import followers_told
from outreach.ledger.models import Delivery, DeliveryState
from outreach.ledger.suppressing import suppress

# The kind of letter that each goes out by.
CORRECTIONS: Final = {
    "event.moved": "meeting_moved",
    "event.cancelled": "meeting_cancelled",
    "event.reinstated": "meeting_reinstated",
}

# Of events that were announced, or that somebody follows.
_LEAVE: Final = """
INSERT INTO outreach_followerstotell (activity_id, event_id, verb)
SELECT a.id, a.object_id, a.verb FROM engage_activity a
 WHERE a.id = ANY(%s::uuid[])
   AND (EXISTS (SELECT FROM outreach_delivery d WHERE d.event_id = a.object_id AND d.kind = 'new_meeting')
        OR EXISTS (SELECT FROM outreach_subscription s WHERE s.target = 'event' AND s.target_id = a.object_id))
ON CONFLICT DO NOTHING
"""
_NEXT: Final = """
SELECT a.* FROM outreach_followerstotell f JOIN engage_activity a ON a.id = f.activity_id
 WHERE NOT EXISTS (SELECT FROM outreach_activitystumble s WHERE s.activity_id = a.id AND s.next_try_at > now())
 ORDER BY f.activity_id LIMIT 1 FOR UPDATE OF f SKIP LOCKED
"""


def leave_to_followers(activities: Sequence[Activity]) -> None:
    """In the transaction that marks them as announced: their followers are still to be told."""
    ids = [one.pk for one in activities if one.verb in CORRECTIONS]
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(_LEAVE, [ids])


def next_correction() -> Activity | None:
    """The oldest that nobody else has in hand; it is held until the transaction ends."""
    return next(iter(Activity.objects.raw(_NEXT)), None)


def correct(activity: Activity, now: dt.datetime) -> None:
    """Tell whoever follows and may have read what holds no longer. Who is sent the letter about their place gets no second."""
    kind = CORRECTIONS[activity.verb]
    event = Event.objects.filter(pk=activity.object_id).first()
    if event is None:
        return
    # The letter says what holds when it is composed: an earlier one would say the same twice.
    suppress(Delivery.objects.filter(event=event, kind=kind), reason="superseded", now=now)
    newer = FollowersToTell.objects.filter(
        event_id=event.pk, verb=activity.verb, activity_id__gt=activity.pk
    ).exists()
    if newer:
        return
    plan_letters(
        activity,
        kind,
        each_address_once(
            followers_told(event, activity.verb), event=event, told=_told_by_their_rsvps(activity)
        ),
        event=event,
        subject=event.pk,
        expires_at=event.ends_at,
        now=now,
    )


def _told_by_their_rsvps(activity: Activity) -> set[bytes]:
    letters = Delivery.objects.filter(
        occasion=f"activity:{activity.pk}", contact__scope=Contact.Scope.EVENT
    ).exclude(state=DeliveryState.SUPPRESSED)
    return {bytes(mark) for mark in letters.values_list("contact__fingerprint", flat=True)}
