"""Somebody of the staff types an address, and the day after reads what there is about messages: it tells them nothing.

In one world the address had a place before, in the other another address had. Then whatever the agency can be the cause
of goes out, and all that staff can read is compared.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from django.core.cache import cache
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from engage.commitments.tracking import update
from engage.contacts.keeping import find_event_contact
from engage.contacts.links import Purpose
from engage.contacts.models import Contact
from engage.contacts.unproven import EVENTS_A_DAY, block
from engage.roles.granting import invite
from events.event.models import Event
from events.planning.lifecycle import cancel as call_off
from events.planning.scheduling import edit
from events.planning.ways_back import reinstate
from events.rsvps.changing import cancel
from events.rsvps.models import Rsvp
from events.rsvps.needs.arranging import arrange
from events.rsvps.needs.models import AccessRequest
from events.rsvps.resident_record import not_me
from events.rsvps.waitlisting import lapse_offers
from outreach.announcing.sweep import announce
from outreach.ledger.kinds import counted_for_staff
from outreach.ledger.models import Delivery, DeliveryCount
from outreach.reminders.planning import plan_reminders
from outreach.reminders.setting import add_rule
from outreach.subscriptions.models import Subscription
from outreach.subscriptions.one_click_unsubscribe import unsubscribe, unsubscribe_link
from outreach.subscriptions.subscribing import subscribe
from outreach.summaries import writing
from outreach.summaries.reading import open_version
from tests.insider.test_typing_an_address import HERS, OTHERS
from tests.insider.walking import Town, differing
from tests.makers.agencies import an_agency
from tests.makers.api_clients import the_public
from tests.makers.events import an_event
from tests.makers.rsvps import an_rsvp, by_link, contact_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db(databases=["default", "owner"])]
_DAYS: Final = dt.timedelta(days=2)


@dataclass(slots=True)
class World:
    """before: the address that had a place at the meeting, at the one that is over, and in two queues."""

    before: str
    fate: str = "sent"
    town: Town = field(init=False)
    queues: list[Event] = field(default_factory=list)
    holders: list[Rsvp] = field(default_factory=list)
    # Groups wait here, and the room becomes too small for them.
    shrinks: Event = field(init=False)

    def __post_init__(self) -> None:
        self.town = Town.with_rsvp_of(self.before)
        for _ in range(2):
            full = an_event(self.town.agency, capacity=2)
            self.queues.append(full)
            self.holders.append(an_rsvp(full, 2))
            an_rsvp(full, email=self.before)
        self.shrinks = an_event(self.town.agency, capacity=3)
        an_rsvp(self.shrinks, 2)
        an_rsvp(self.shrinks, 3, email=self.before)
        self.follows("cy@mail.example", "agency", self.town.agency.pk)
        self.follows("cy@mail.example", "commitment", self.town.names["commitment_id"])
        self.settle()

    def follows(self, email: str, target: str, pk: Any) -> None:
        subscribe(agency=self.town.agency, target=target, target_id=pk, email=email, now=timezone.now())
        Subscription.objects.filter(target=target, target_id=pk).update(confirmed_at=timezone.now())

    def rsvp_before(self) -> Rsvp:
        (rsvp,) = Rsvp.objects.filter(pk=self.town.names["rsvp_id"])
        return rsvp

    def hers(self) -> list[Contact]:
        """The contacts of the address that is typed, wherever it is known by now."""
        found = [
            find_event_contact(agency_id=self.town.agency.pk, event_id=each.pk, channel="email", address=HERS)
            for each in (self.town.event, self.town.over, *self.queues, self.shrinks)
        ]
        return [contact for contact in found if contact]

    def settle(self) -> None:
        """The worker writes down what is due, and sends it: hers with the fate that this world has for it."""
        while announce(now=timezone.now()):
            continue
        due = Delivery.objects.filter(state="due")
        due.filter(contact__in=self.hers()).update(state=self.fate, settled_at=timezone.now())
        due.exclude(contact__in=self.hers()).update(state="sent", settled_at=timezone.now())


def _nothing(_world: World) -> None:
    return None


def _used_up(_world: World) -> None:
    elsewhere = an_agency()
    for _ in range(EVENTS_A_DAY):
        an_rsvp(an_event(elsewhere), email=HERS)
    while announce(now=timezone.now()):
        continue


def _comes_back(world: World) -> None:
    ids = [contact.pk for contact in world.hers()]
    Contact.objects.filter(pk__in=ids, unreachable_since=None).update(unreachable_since=timezone.now())


def _comes_back_but_in_queues(world: World) -> None:
    """Whom nothing reaches is seated there and not offered a seat: until something has come back, it is."""
    some = [one.pk for one in world.hers() if one.scope_id not in {queue.pk for queue in world.queues}]
    Contact.objects.filter(pk__in=some, unreachable_since=None).update(unreachable_since=timezone.now())


def _said_not_me(world: World) -> None:
    not_me(by_link(world.rsvp_before(), Purpose.RSVP_MAIL), now=timezone.now())
    block(HERS, now=timezone.now())


def _stopped(world: World) -> None:
    for rsvp in Rsvp.objects.filter(event__in=[world.town.event, world.town.over]):
        if rsvp.email_contact_id is not None:
            unsubscribe(unsubscribe_link(contact_of(rsvp)), now=timezone.now())


def _follows(world: World) -> None:
    world.follows(HERS, "agency", world.town.agency.pk)
    world.follows(HERS, "event", world.town.over.pk)
    world.follows(HERS, "commitment", world.town.names["commitment_id"])


@dataclass(frozen=True, slots=True)
class Her:
    """before and after the insider types her address; once the queue has been offered seats; fate: of her letters."""

    before: Callable[[World], None] = _nothing
    after: Callable[[World], None] = _nothing
    offered: Callable[[World], None] = _nothing
    fate: str = "sent"

    @property
    def offers_lapse(self) -> bool:
        """Not while their letter waits. Whom nothing reaches is then seated, which docs/roadmap.md says is open."""
        return self.fate != "due" and self.offered is _nothing


STATES: Final = {
    "plain": Her(),
    "at its limit of events": Her(before=_used_up),
    "bounced before": Her(_comes_back_but_in_queues, _comes_back_but_in_queues, _comes_back),
    "bounces now": Her(fate="failed"),
    "waits for its relay": Her(fate="due"),
    "not me": Her(before=_said_not_me),
    "stopped by one click": Her(before=_stopped),
    "follows everything": Her(before=_follows),
}


def the_insider_types(world: World) -> None:
    def call(path: str, body: dict[str, Any]) -> None:
        answer = the_public().post(path, body | {"email": HERS})
        assert answer.status_code == 201, answer.content

    needs = {"access_requests": [{"kind": "wheelchair"}, {"kind": "captions"}]}
    call(f"/events/{world.town.event.pk}/rsvps/", needs)
    for full in world.queues:
        call(f"/events/{full.pk}/rsvps/", {})
    call(f"/events/{world.shrinks.pk}/rsvps/", {"party_size": 3})
    said = {"kind": "question", "body": "Why was I stopped?", "anonymous": False}
    call(f"/events/{world.town.over.pk}/contributions/", said)
    world.settle()


def everything_happens(world: World, her: Her) -> None:
    """One of each kind that staff read a count of."""
    town, now = world.town, timezone.now()
    needs = AccessRequest.objects.filter(event=town.event)
    for need in needs:
        possible = need.kind == "wheelchair"
        arrange(
            need,
            actor=town.insider,
            status="arranged" if possible else "not_met",
            outcome="No." if not possible else "",
            now=now,
        )
    world.settle()
    _move_and_remind(world)
    call_off(town.event, reason="Snow", actor=town.insider, now=now)
    world.settle()
    reinstate(town.event, actor=town.insider, now=timezone.now())
    world.settle()
    _seats_come_free(world, her)
    edit(world.shrinks, actor=town.insider, now=now, fields={"capacity": 2})
    version = open_version(town.over)
    assert version is not None
    writing.publish(version, actor=town.insider, now=now)
    update(town.names["commitment"], actor=town.insider, now=now, note="More of it.")
    invite(agency=town.agency, email="new@staff.example", kind="liaison", actor=town.insider, now=now)
    an_event(town.agency)
    world.settle()


def _move_and_remind(world: World) -> None:
    event, soon = world.town.event, timezone.now() + dt.timedelta(days=14)
    local = {"starts_at": f"{soon:%Y-%m-%d}T18:00:00", "ends_at": f"{soon:%Y-%m-%d}T19:00:00"}
    edit(event, actor=world.town.insider, now=timezone.now(), fields=local)
    world.settle()
    long_ago = timezone.now() - dt.timedelta(days=40)
    Event.objects.filter(pk=event.pk).update(rescheduled_at=long_ago)
    Rsvp.objects.filter(event=event, confirmed_at__isnull=False).update(confirmed_at=long_ago)
    add_rule(agency=event.agency, event=event, actor=None, now=timezone.now(), minutes_before=20 * 1440)
    plan_reminders()
    world.settle()


def _seats_come_free(world: World, her: Her) -> None:
    """In one queue long before the meeting, in the other so late that nobody is asked any more."""
    offered, seated = world.queues
    cancel(world.holders[0].pk, by="resident", now=timezone.now())
    cancel(world.holders[1].pk, by="resident", now=seated.starts_at - dt.timedelta(hours=1))
    her.offered(world)
    world.settle()
    if her.offers_lapse:
        lapse_offers(now=offered.starts_at - dt.timedelta(hours=5))
    world.settle()


def all_that_staff_read(before: str, her: Her) -> tuple[dict[str, str], set[str]]:
    """In the world where that address had a place, and of which kinds there is a count."""
    cache.clear()
    alone = transaction.savepoint_create()
    world = World(before, her.fate)
    her.before(world)
    the_insider_types(world)
    her.after(world)
    everything_happens(world, her)
    Delivery.objects.update(created_at=F("created_at") - _DAYS, settled_at=F("settled_at") - _DAYS)
    seen = world.town.everything()
    kinds = set(DeliveryCount.objects.filter(agency=world.town.agency).values_list("kind", flat=True))
    transaction.savepoint_rollback(alone)
    return seen, kinds


@pytest.mark.parametrize("state", STATES)
def test_no_count_of_any_kind_tells_whether_the_typed_address_was_there_before(state: str) -> None:
    her = STATES[state]
    (known, kinds), (unknown, _kinds) = (all_that_staff_read(each, her) for each in (HERS, OTHERS))
    assert differing(known, unknown) == {}
    assert kinds >= set(counted_for_staff()) - (set() if her.offers_lapse else {"offer_lapsed"})
