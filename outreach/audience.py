"""Who hears of what an activity tells: for each verb one statement that writes the ledger rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from django.db import connection

from engage.contact_keeping import cancellation_may_go, confirmation_may_go
from engage.contact_locking import IN_ORDER, STAYS
from engage.models import Activity, Contact
from events.models import Rsvp
from outreach import delivery_kinds as kinds
from outreach.broadcasting import new_meeting, promise_update, summary
from outreach.delivery_kinds import LANE
from outreach.ledger_statements import HEARS_FROM_US, INSERT, IS_REACHED, NEW_ID, SETTLED_AND_REST
from outreach.models import Delivery, Subscription
from outreach.suppressing import suppress

# Of acts about one place, need or standing: the addresses that are about to be read and changed.
_THEIR_CONTACTS: Final = """c.id IN (
    SELECT r.email_contact_id FROM engage_activity a JOIN events_rsvp r ON r.id = a.object_id WHERE a.id = ANY(%(ids)s::uuid[])
    UNION SELECT r.email_contact_id FROM engage_activity a JOIN events_accessrequest q ON q.id = a.object_id
      JOIN events_rsvp r ON r.id = q.rsvp_id WHERE a.id = ANY(%(ids)s::uuid[])
    UNION SELECT s.contact_id FROM engage_activity a JOIN outreach_subscription s ON s.id = a.object_id
     WHERE a.id = ANY(%(ids)s::uuid[]))"""
_HOLD: Final = IN_ORDER.replace("{which}", _THEIR_CONTACTS)

type Audience = Callable[[Sequence[Activity], dt.datetime], None]

_ONE_PLACE: Final = f"""{INSERT}
SELECT {NEW_ID}, r.agency_id, 'activity:' || a.id,
       CASE WHEN a.verb = 'rsvp.made' AND a.data ->> 'status' = 'waitlisted' THEN 'waitlisted' ELSE %(kind)s END,
       c.id, NULL::uuid, r.event_id, r.id, e.schedule_version, %(lane)s, now(), NULL::timestamptz,
       CASE WHEN a.id = ANY(%(withheld)s::uuid[]) THEN 'suppressed' ELSE 'due' END,
       CASE WHEN a.id = ANY(%(withheld)s::uuid[]) THEN 'unproven' ELSE '' END,
       CASE WHEN a.id = ANY(%(withheld)s::uuid[]) THEN now() END,
       {SETTLED_AND_REST}
  FROM engage_activity a
  JOIN events_rsvp r ON r.id = a.object_id
  JOIN engage_contact c ON c.id = r.email_contact_id
  JOIN events_event e ON e.id = r.event_id
 WHERE a.id = ANY(%(ids)s::uuid[]) AND {HEARS_FROM_US}
{STAYS}
ON CONFLICT DO NOTHING
"""  # noqa: S608 - made of constants only

_ONE_NEED: Final = f"""{INSERT}
SELECT {NEW_ID}, q.agency_id, 'activity:' || a.id, %(kind)s, c.id, NULL::uuid, q.event_id, q.id, e.schedule_version,
       %(lane)s, now(), e.starts_at, 'due', '', NULL::timestamptz, {SETTLED_AND_REST}
  FROM engage_activity a
  JOIN events_accessrequest q ON q.id = a.object_id
  JOIN events_rsvp r ON r.id = q.rsvp_id
  JOIN engage_contact c ON c.id = r.email_contact_id
  JOIN events_event e ON e.id = q.event_id
 WHERE a.id = ANY(%(ids)s::uuid[]) AND {HEARS_FROM_US}
{STAYS}
ON CONFLICT DO NOTHING
"""  # noqa: S608 - made of constants only

# What becomes of a place in the queue, and of a need, is told to whatever address was typed with it: were it told only
# to those that heard of the meeting before, the state of somebody's own place, or a count, would say who those are.
_THE_QUEUE: Final = _ONE_PLACE.replace(HEARS_FROM_US, IS_REACHED)
_NEED_SETTLED: Final = _ONE_NEED.replace(HEARS_FROM_US, IS_REACHED)

# Once per contact, however many places it holds.
_WHOLE_EVENT: Final = f"""{INSERT}
SELECT {NEW_ID}, e.agency_id, 'activity:' || a.id, %(kind)s::text, c.id, NULL::uuid, e.id, NULL::uuid, e.schedule_version,
       %(lane)s, now(), NULL::timestamptz, 'due', '', NULL::timestamptz, {SETTLED_AND_REST}
  FROM engage_activity a
  JOIN events_event e ON e.id = a.object_id
  JOIN engage_contact c ON c.scope = 'event' AND c.scope_id = e.id AND c.agency_id = e.agency_id
 WHERE a.id = ANY(%(ids)s::uuid[]) AND c.channel = 'email' AND {HEARS_FROM_US}
   AND (EXISTS (SELECT FROM events_rsvp r WHERE r.email_contact_id = c.id
                 AND r.status IN ('confirmed', 'offered', 'waitlisted'))
        OR (%(kind)s::text = 'event_cancelled' AND c.calendar_state = 'requested'))
{STAYS}
ON CONFLICT DO NOTHING
"""  # noqa: S608 - made of constants only

_ONE_INVITATION: Final = f"""{INSERT}
SELECT {NEW_ID}, i.agency_id, 'activity:' || a.id, %(kind)s, NULL::uuid, i.id, NULL::uuid, i.id, NULL::int,
       %(lane)s, now(), i.expires_at, 'due', '', NULL::timestamptz, {SETTLED_AND_REST}
  FROM engage_activity a
  JOIN engage_invitation i ON i.id = a.object_id
 WHERE a.id = ANY(%(ids)s::uuid[])
ON CONFLICT DO NOTHING
"""  # noqa: S608 - made of constants only

_ONE_SUBSCRIPTION: Final = f"""{INSERT}
SELECT {NEW_ID}, s.agency_id, 'activity:' || a.id, %(kind)s, s.contact_id, NULL::uuid, NULL::uuid, s.id, NULL::int,
       %(lane)s, now(), NULL::timestamptz,
       CASE WHEN a.id = ANY(%(withheld)s::uuid[]) THEN 'suppressed' ELSE 'due' END,
       CASE WHEN a.id = ANY(%(withheld)s::uuid[]) THEN 'unproven' ELSE '' END,
       CASE WHEN a.id = ANY(%(withheld)s::uuid[]) THEN now() END,
       {SETTLED_AND_REST}
  FROM engage_activity a
  JOIN outreach_subscription s ON s.id = a.object_id
  JOIN engage_contact c ON c.id = s.contact_id
 WHERE a.id = ANY(%(ids)s::uuid[])
{STAYS}
ON CONFLICT DO NOTHING
"""  # noqa: S608 - made of constants only


def hold_contacts(activities: Sequence[Activity]) -> None:
    """Lock whom these acts are about, all of them before any is changed, and in the one order."""
    about = [one.pk for one in activities if one.verb in QUICK]
    if about:
        with connection.cursor() as cursor:
            cursor.execute(_HOLD, {"ids": about})


def _fan_out(statement: str, kind: str) -> Audience:
    def write(activities: Sequence[Activity], now: dt.datetime) -> None:
        _run(statement, kind, activities)

    return write


def _moved(activities: Sequence[Activity], now: dt.datetime) -> None:
    # The letter tells the time and place as they are when it is composed: an earlier one would say the same twice.
    events = {activity.object_id for activity in activities}
    suppress(
        Delivery.objects.filter(event_id__in=events, kind=kinds.EVENT_MOVED), reason="superseded", now=now
    )
    newest = {activity.object_id: activity for activity in sorted(activities, key=lambda one: one.pk)}
    _run(_WHOLE_EVENT, kinds.EVENT_MOVED, list(newest.values()))


def _confirmed_by_an_act(activities: Sequence[Activity], now: dt.datetime) -> None:
    """Acts by form or link: an unproven address gets one confirmation an event, whatever is done in its name."""
    _by_an_act(activities, now, confirmation_may_go, {"rsvp.changed": kinds.PLACE_CHANGED})


def _cancelled(activities: Sequence[Activity], now: dt.datetime) -> None:
    def may_go(contact: Contact, *, now: dt.datetime) -> bool:
        return cancellation_may_go(contact, now=now)

    by_staff = [one for one in activities if one.data.get("by") == "staff"]
    by_others = [one for one in activities if one.data.get("by") != "staff"]
    _run(_ONE_PLACE, kinds.PLACE_CANCELLED, by_staff)
    _by_an_act(by_others, now, may_go, {"rsvp.cancelled": kinds.PLACE_CANCELLED})


def _by_an_act(
    activities: Sequence[Activity],
    now: dt.datetime,
    may_go: Callable[..., bool],
    kind_of: Mapping[str, str],
) -> None:
    places = Rsvp.objects.select_related("email_contact").in_bulk([one.object_id for one in activities])
    withheld = []
    contacts: dict[Any, Contact] = {}
    for activity in activities:
        place = places.get(activity.object_id)
        if place is None or place.email_contact is None:
            continue
        # One object a contact: what the first of several acts uses up, the next must see.
        contact = contacts.setdefault(place.email_contact.pk, place.email_contact)
        if not may_go(contact, now=now):
            withheld.append(activity.pk)
    for verb in {one.verb for one in activities}:
        some = [one for one in activities if one.verb == verb]
        _run(_ONE_PLACE, kind_of.get(verb, kinds.CONFIRMATION), some, withheld)


def _asked_to_subscribe(activities: Sequence[Activity], now: dt.datetime) -> None:
    asked = Subscription.objects.select_related("contact").in_bulk([one.object_id for one in activities])
    withheld = []
    for activity in activities:
        standing = asked.get(activity.object_id)
        if standing and standing.contact and not confirmation_may_go(standing.contact, now=now):
            withheld.append(activity.pk)
    _run(_ONE_SUBSCRIPTION, kinds.SUBSCRIPTION_CONFIRM, activities, withheld)


def _run(statement: str, kind: str, activities: Sequence[Activity], withheld: Sequence[Any] = ()) -> None:
    if not activities:
        return
    values: dict[str, Any] = {
        "ids": [one.pk for one in activities],
        "kind": kind,
        "lane": int(LANE[kind]),
        "withheld": list(withheld),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


QUICK: Final[Mapping[str, Audience]] = {
    "rsvp.made": _confirmed_by_an_act,
    "rsvp.accepted": _confirmed_by_an_act,
    "rsvp.changed": _confirmed_by_an_act,
    "rsvp.cancelled": _cancelled,
    "rsvp.offered": _fan_out(_THE_QUEUE, kinds.OFFER),
    "rsvp.promoted": _fan_out(_THE_QUEUE, kinds.PROMOTED),
    "rsvp.lapsed": _fan_out(_THE_QUEUE, kinds.OFFER_LAPSED),
    "rsvp.link_asked": _fan_out(_ONE_PLACE, kinds.LINK_AGAIN),
    "access.arranged": _fan_out(_NEED_SETTLED, kinds.ACCESS_ARRANGED),
    "access.not_met": _fan_out(_NEED_SETTLED, kinds.ACCESS_NOT_POSSIBLE),
    "event.moved": _moved,
    "event.cancelled": _fan_out(_WHOLE_EVENT, kinds.EVENT_CANCELLED),
    "invitation.made": _fan_out(_ONE_INVITATION, kinds.STAFF_INVITATION),
    "subscription.asked": _asked_to_subscribe,
}
# These open addresses one by one and may be many: each in a transaction of its own.
BROADCASTS: Final[Mapping[str, Callable[[Activity, dt.datetime], None]]] = {
    "event.published": new_meeting,
    "summary.published": summary,
    "commitment.updated": promise_update,
}
