"""Who hears of what an activity tells: for each verb one statement that writes the ledger rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from django.db import connection

from engage.activity.models import Activity
from engage.contacts.links import Purpose
from engage.contacts.locking import IN_ORDER, STAYS
from engage.contacts.models import Contact
from engage.contacts.unproven import cancellation_may_go, confirmation_may_go
from engage.counting.day_sketch import within_the_day
from events.rsvps.models import Rsvp, RsvpStatus
from outreach.announcing.who_is_told import HOLDERS
from outreach.ledger.kinds import kind_named
from outreach.ledger.models import Delivery
from outreach.ledger.statements import (
    HEARS_FROM_US,
    INSERT,
    KEPT_FROM_ALL,
    KEPT_FROM_IT,
    NEW_ID,
    REST,
    state_unless,
)
from outreach.ledger.suppressing import suppress
from outreach.subscriptions.models import Subscription

# Of acts about one place, need or standing: the addresses that are about to be read and changed.
_THEIR_CONTACTS: Final = """c.id IN (
    SELECT r.email_contact_id FROM engage_activity a JOIN events_rsvp r ON r.id = a.object_id WHERE a.id = ANY(%(ids)s::uuid[])
    UNION SELECT r.email_contact_id FROM engage_activity a JOIN events_accessrequest q ON q.id = a.object_id
      JOIN events_rsvp r ON r.id = q.rsvp_id WHERE a.id = ANY(%(ids)s::uuid[])
    UNION SELECT s.contact_id FROM engage_activity a JOIN outreach_subscription s ON s.id = a.object_id
     WHERE a.id = ANY(%(ids)s::uuid[]))"""
_HOLD: Final = IN_ORDER.replace("{which}", _THEIR_CONTACTS)

type Audience = Callable[[Sequence[Activity], dt.datetime], None]

# An answer to somebody's own act, which no staff reads a count of: no row where nothing is to be heard.
_WITHHELD: Final = "CASE WHEN a.id = ANY(%(withheld)s::uuid[]) THEN 'unproven' ELSE '' END"


def _one_rsvp(*, kept_from_it: str, which: str) -> str:
    return f"""{INSERT}
SELECT {NEW_ID}, r.agency_id, 'activity:' || a.id,
       CASE WHEN a.verb = 'rsvp.made' AND a.data ->> 'status' = 'waitlisted' THEN 'waitlisted' ELSE %(kind)s END,
       c.id, NULL::uuid, r.event_id, r.id, e.schedule_version, %(lane)s, now(), NULL::timestamptz,
       {state_unless(kept_from_it)},
       1, {REST}
  FROM engage_activity a
  JOIN events_rsvp r ON r.id = a.object_id
  JOIN engage_contact c ON c.id = r.email_contact_id
  JOIN events_event e ON e.id = r.event_id
 WHERE a.id = ANY(%(ids)s::uuid[]) AND {which}
{STAYS}
ON CONFLICT DO NOTHING
"""  # noqa: S608 - made of constants only


_ONE_RSVP: Final = _one_rsvp(kept_from_it=_WITHHELD, which=HEARS_FROM_US)
# What becomes of a place in the queue, and of a need, is told to whatever address was typed with it: were it told only
# to those that heard of the meeting before, the state of somebody's own place, or a count, would say who those are. In
# the queue it is due for all alike, as an offer waits for its letter: whom nobody may write to is found when it is composed.
_THE_QUEUE: Final = _one_rsvp(kept_from_it="''", which="true")
# The letter about the place as it stands, to an address that has heard nothing of it yet.
_HOW_IT_STANDS: Final = {
    RsvpStatus.CONFIRMED: "confirmation",
    RsvpStatus.WAITLISTED: "waitlisted",
    RsvpStatus.OFFERED: "offer",
}
_LEFT_A_DAY: Final = 3
_LEFT: Final = f"""{INSERT}
SELECT {NEW_ID}, r.agency_id, 'activity:' || a.id, %(kind)s, c.id, NULL::uuid, r.event_id, r.id, e.schedule_version,
       %(lane)s, now(), e.starts_at,
       {state_unless(_WITHHELD)},
       1, {REST}
  FROM engage_activity a
  JOIN events_rsvp r ON r.id = a.object_id
  JOIN engage_contact c ON c.id = (a.data ->> 'was')::uuid AND c.agency_id = a.agency_id
  JOIN events_event e ON e.id = r.event_id
 WHERE a.id = ANY(%(ids)s::uuid[]) AND c.unreachable_since IS NULL
{STAYS}
ON CONFLICT DO NOTHING
"""  # noqa: S608 - made of constants only
# By a link of the screen, which whoever typed the address holds.
_NEW_LINKS_A_DAY: Final = 2

_NEED_SETTLED: Final = f"""{INSERT}
SELECT {NEW_ID}, q.agency_id, 'activity:' || a.id, %(kind)s, c.id, NULL::uuid, q.event_id, q.id, e.schedule_version,
       %(lane)s, now(), e.starts_at,
       {state_unless(KEPT_FROM_IT)},
       1, {REST}
  FROM engage_activity a
  JOIN events_accessrequest q ON q.id = a.object_id
  JOIN events_rsvp r ON r.id = q.rsvp_id
  JOIN engage_contact c ON c.id = r.email_contact_id
  JOIN events_event e ON e.id = q.event_id
 WHERE a.id = ANY(%(ids)s::uuid[])
{STAYS}
ON CONFLICT DO NOTHING
"""  # noqa: S608 - made of constants only

# Once per contact, however many places it holds; counted for each place. Who lost the last one before the CANCEL of its
# invitation could go is still sent that, and counts for none; so does who gave it back after reading that it is off.
_WHOLE_EVENT: Final = f"""{INSERT}
SELECT {NEW_ID}, e.agency_id, 'activity:' || a.id, %(kind)s::text, c.id, NULL::uuid, e.id, NULL::uuid, e.schedule_version,
       %(lane)s, now(), NULL::timestamptz,
       {state_unless(KEPT_FROM_ALL)},
       held.places, {REST}
  FROM engage_activity a
  JOIN events_event e ON e.id = a.object_id
{HOLDERS}
 WHERE a.id = ANY(%(ids)s::uuid[])
   AND (held.places > 0
        OR (%(kind)s::text = 'event_cancelled' AND c.calendar_state = 'requested' AND {HEARS_FROM_US})
        OR (%(kind)s::text = 'event_reinstated' AND EXISTS (
            SELECT FROM outreach_delivery told WHERE told.contact_id = c.id AND told.event_id = e.id
               AND told.kind = 'event_cancelled' AND told.state IN ('sending', 'sent', 'uncertain'))))
{STAYS}
ON CONFLICT DO NOTHING
"""  # noqa: S608 - made of constants only

_ONE_INVITATION: Final = f"""{INSERT}
SELECT {NEW_ID}, i.agency_id, 'activity:' || a.id, %(kind)s, NULL::uuid, i.id, NULL::uuid, i.id, NULL::int,
       %(lane)s, now(), i.expires_at, 'due', '', NULL::timestamptz, 1, {REST}
  FROM engage_activity a
  JOIN engage_invitation i ON i.id = a.object_id
 WHERE a.id = ANY(%(ids)s::uuid[])
ON CONFLICT DO NOTHING
"""  # noqa: S608 - made of constants only

_ONE_SUBSCRIPTION: Final = f"""{INSERT}
SELECT {NEW_ID}, s.agency_id, 'activity:' || a.id, %(kind)s, s.contact_id, NULL::uuid, NULL::uuid, s.id, NULL::int,
       %(lane)s, now(), NULL::timestamptz,
       {state_unless(_WITHHELD)},
       1, {REST}
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
    suppress(Delivery.objects.filter(event_id__in=events, kind="event_moved"), reason="superseded", now=now)
    newest = {activity.object_id: activity for activity in sorted(activities, key=lambda one: one.pk)}
    _run(_WHOLE_EVENT, "event_moved", list(newest.values()))


def _on_again(activities: Sequence[Activity], now: dt.datetime) -> None:
    # A reminder that fell due before it was called off is past; whoever would have got it hears that it takes place.
    events = {activity.object_id for activity in activities}
    suppress(
        Delivery.objects.filter(event_id__in=events, kind="reminder"), reason="event_reinstated", now=now
    )
    _run(_WHOLE_EVENT, "event_reinstated", activities)


def _confirmed_by_an_act(activities: Sequence[Activity], now: dt.datetime) -> None:
    """Acts by form or link: an unproven address gets one confirmation an event, whatever is done in its name, and another
    where somebody comes back after giving a place back.
    """
    _by_an_act(activities, now, confirmation_may_go, {"rsvp.changed": "place_changed"})


def _cancelled(activities: Sequence[Activity], now: dt.datetime) -> None:
    def may_go(contact: Contact, *, now: dt.datetime) -> bool:
        return cancellation_may_go(contact, now=now)

    by_staff = [one for one in activities if one.data.get("by") == "staff"]
    by_others = [one for one in activities if one.data.get("by") != "staff"]
    _run(_ONE_RSVP, "place_cancelled", by_staff)
    _by_an_act(by_others, now, may_go, {"rsvp.cancelled": "place_cancelled"})


def _address_changed(activities: Sequence[Activity], now: dt.datetime) -> None:
    """The new address hears how the place stands, as one that was typed at first does; a proven old one that it is left."""
    newest = {one.object_id: one for one in sorted(activities, key=lambda one: one.pk)}
    status_of = dict(Rsvp.objects.filter(pk__in=newest).values_list("pk", "status"))
    withheld = _withheld(list(newest.values()), now, confirmation_may_go)
    for status, kind in _HOW_IT_STANDS.items():
        some = [one for one in newest.values() if status_of.get(one.object_id) == status]
        _run(_ONE_RSVP, kind, some, withheld)
    left = [one for one in activities if one.data.get("was_proven")]
    # Anybody may type an address that its owner has proven for a place of their own, and leave it again, and again.
    too_often = [
        one.pk
        for one in left
        if not within_the_day("address-left", one.data["was"], limit=_LEFT_A_DAY, now=now)
    ]
    _run(_LEFT, "address_changed", left, too_often)


def _link_asked(activities: Sequence[Activity], now: dt.datetime) -> None:
    """A link of the screen has an address written to so often a day and no oftener; a mailed one speaks for its reader."""
    on_screen = [one for one in activities if one.data.get("by") == Purpose.RSVP_SCREEN]
    rsvps = Rsvp.objects.in_bulk([one.object_id for one in on_screen])
    withheld = [
        one.pk
        for one in on_screen
        if (rsvp := rsvps.get(one.object_id)) is not None
        and not within_the_day("new-link", str(rsvp.email_contact_id), limit=_NEW_LINKS_A_DAY, now=now)
    ]
    _run(_ONE_RSVP, "link_again", activities, withheld)


def _by_an_act(
    activities: Sequence[Activity],
    now: dt.datetime,
    may_go: Callable[..., bool],
    kind_of: Mapping[str, str],
) -> None:
    withheld = _withheld(activities, now, may_go)
    for verb in {one.verb for one in activities}:
        some = [one for one in activities if one.verb == verb]
        _run(_ONE_RSVP, kind_of.get(verb, "confirmation"), some, withheld)


def _withheld(activities: Sequence[Activity], now: dt.datetime, may_go: Callable[..., bool]) -> list[Any]:
    rsvps = Rsvp.objects.select_related("email_contact").in_bulk([one.object_id for one in activities])
    withheld = []
    contacts: dict[Any, Contact] = {}
    for activity in activities:
        rsvp = rsvps.get(activity.object_id)
        if rsvp is None or rsvp.email_contact is None:
            continue
        if rsvp.status == RsvpStatus.CANCELLED and may_go is confirmation_may_go:
            # Given back already: its letter will not be written, and uses nobody's turn up.
            continue
        # One object a contact: what the first of several acts uses up, the next must see.
        contact = contacts.setdefault(rsvp.email_contact.pk, rsvp.email_contact)
        if not may_go(contact, now=now):
            withheld.append(activity.pk)
    return withheld


def _asked_to_subscribe(activities: Sequence[Activity], now: dt.datetime) -> None:
    asked = Subscription.objects.select_related("contact").in_bulk([one.object_id for one in activities])
    withheld = []
    for activity in activities:
        standing = asked.get(activity.object_id)
        if standing and standing.contact and not confirmation_may_go(standing.contact, now=now):
            withheld.append(activity.pk)
    _run(_ONE_SUBSCRIPTION, "subscription_confirm", activities, withheld)


def _run(statement: str, kind: str, activities: Sequence[Activity], withheld: Sequence[Any] = ()) -> None:
    if not activities:
        return
    values: dict[str, Any] = {
        "ids": [one.pk for one in activities],
        "kind": kind,
        "lane": int(kind_named(kind).lane),
        "withheld": list(withheld),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


QUICK: Final[Mapping[str, Audience]] = {
    "rsvp.made": _confirmed_by_an_act,
    "rsvp.accepted": _confirmed_by_an_act,
    "rsvp.changed": _confirmed_by_an_act,
    "rsvp.cancelled": _cancelled,
    "rsvp.offered": _fan_out(_THE_QUEUE, "offer"),
    "rsvp.promoted": _fan_out(_THE_QUEUE, "promoted"),
    "rsvp.outgrew_the_room": _fan_out(_THE_QUEUE, "room_too_small"),
    "rsvp.lapsed": _fan_out(_THE_QUEUE, "offer_lapsed"),
    "rsvp.link_asked": _link_asked,
    "rsvp.address_changed": _address_changed,
    "access.arranged": _fan_out(_NEED_SETTLED, "access_arranged"),
    "access.not_met": _fan_out(_NEED_SETTLED, "access_not_possible"),
    "event.moved": _moved,
    "event.cancelled": _fan_out(_WHOLE_EVENT, "event_cancelled"),
    "event.reinstated": _on_again,
    "invitation.made": _fan_out(_ONE_INVITATION, "staff_invitation"),
    "subscription.asked": _asked_to_subscribe,
}
