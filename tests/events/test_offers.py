"""An offered place: accepted, declined, or lapsed to the tail once and then ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from engage.activity.models import Activity
from engage.contacts.models import Contact
from engage.refusals import Unknown, WrongState
from events.event.models import Event
from events.planning.lifecycle import cancel as call_off
from events.rsvps import waitlisting
from events.rsvps.models import Rsvp
from events.rsvps.waitlisting import OfferExpired, accept, decline, lapse_offers
from tests.makers.agencies import an_agency
from tests.makers.rsvps import a_full_event, as_it_is, given_back, states, sums_hold, verbs

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
HOUR = dt.timedelta(hours=1)
DAY = 24 * HOUR


@pytest.fixture(autouse=True)
def _nothing_is_undelivered() -> Iterator[None]:
    before = waitlisting.undelivered_offers
    waitlisting.deliver_by(lambda _ids: set())
    yield
    waitlisting.deliver_by(before)


@pytest.mark.parametrize(
    ("left", "lasts"),
    [(20 * DAY, DAY), (4 * DAY, DAY), (40 * HOUR, 10 * HOUR), (5 * HOUR, dt.timedelta(minutes=75))],
)
def test_an_offer_lasts_a_quarter_of_the_time_left_within_bounds(
    left: dt.timedelta, lasts: dt.timedelta
) -> None:
    event, holder, (first,) = a_full_event(1)
    now = event.starts_at - left
    given_back(holder, now)
    assert as_it_is(first).offer_expires_at == now + lasts


def test_an_offer_never_outlasts_the_start() -> None:
    event, holder, (first,) = a_full_event(1, agency=an_agency(offer_least_minutes=900))
    given_back(holder, event.starts_at - 6 * HOUR)
    assert as_it_is(first).offer_expires_at == event.starts_at


CHICAGO = ZoneInfo("America/Chicago")
NIGHT_OWLS: dict[str, Any] = {"email_quiet_from": dt.time(23, 30), "email_quiet_until": dt.time(6, 30)}


@pytest.mark.parametrize(
    ("starts", "given", "ends", "agency"),
    [
        ("2027-03-10T18:00", "2027-03-09T22:00", "2027-03-10T08:00", {}),
        ("2027-03-10T18:00", "2027-03-09T22:00", "2027-03-10T06:30", NIGHT_OWLS),
        ("2027-03-10T18:00", "2027-03-09T15:00", "2027-03-10T08:00", {}),
        ("2027-03-10T18:00", "2027-03-09T15:00", "2027-03-09T21:45", NIGHT_OWLS),
        # In the nights in which the clocks change the morning is that of the wall.
        ("2027-03-14T18:00", "2027-03-13T22:00", "2027-03-14T08:00", {}),
        ("2027-11-07T18:00", "2027-11-06T22:00", "2027-11-07T08:00", {}),
        # When whoever comes next would be seated at once nobody is waited for; and never past the start.
        ("2027-03-10T09:00", "2027-03-09T20:00", "2027-03-10T05:00", {}),
        ("2027-03-10T02:00", "2027-03-09T21:30", "2027-03-09T22:37:30", {}),
    ],
)
def test_an_offer_that_would_end_in_the_night_ends_in_the_morning(
    starts: str, given: str, ends: str, agency: dict[str, Any]
) -> None:
    begins = dt.datetime.fromisoformat(starts)
    event, holder, (first,) = a_full_event(
        1, agency=an_agency(**agency), starts_at=starts, ends_at=(begins + HOUR).isoformat()
    )
    given_back(holder, dt.datetime.fromisoformat(given).replace(tzinfo=CHICAGO).astimezone(dt.UTC))
    until = as_it_is(first).offer_expires_at
    assert until is not None
    assert until < event.starts_at
    assert until.astimezone(CHICAGO).replace(tzinfo=None) == dt.datetime.fromisoformat(ends)


def test_an_accepted_offer_is_an_rsvp() -> None:
    event, holder, (first,) = a_full_event(3)
    given_back(holder, event.starts_at - 10 * DAY)
    later = event.starts_at - 9 * DAY
    assert accept(first.pk, now=later).status == "confirmed"
    row = as_it_is(first)
    assert (row.status, row.confirmed_at, row.offer_expires_at) == ("confirmed", later, None)
    event.refresh_from_db()
    assert (event.seats_taken, event.seats_held) == (3, 0)
    accept(first.pk, now=later)
    assert verbs(first) == ["rsvp.made", "rsvp.offered", "rsvp.accepted"]
    assert sums_hold(event.pk)


def test_accepting_works_after_the_hour_while_the_row_says_offered() -> None:
    event, holder, (first,) = a_full_event(1)
    given_back(holder, event.starts_at - 10 * DAY)
    assert accept(first.pk, now=event.starts_at - HOUR).status == "confirmed"


def test_nobody_accepts_what_was_not_offered() -> None:
    event, _holder, (first,) = a_full_event(1)
    with pytest.raises(WrongState):
        accept(first.pk, now=timezone.now())
    given_back(first, timezone.now())
    with pytest.raises(OfferExpired):
        accept(first.pk, now=timezone.now())
    with pytest.raises(Unknown):
        accept(event.pk, now=timezone.now())


def test_a_declined_offer_goes_to_the_next() -> None:
    event, holder, (first, second) = a_full_event(4, 4)
    given_back(holder, event.starts_at - 10 * DAY)
    decline(first.pk, now=event.starts_at - 9 * DAY)
    assert states(first, second) == ["cancelled", "offered"]
    assert verbs(first)[-1] == "rsvp.cancelled"
    with pytest.raises(WrongState):
        decline(holder_of_a_seat(event).pk, now=event.starts_at - 9 * DAY)
    assert sums_hold(event.pk)


def holder_of_a_seat(event: Event) -> Rsvp:
    offered = Rsvp.objects.get(event=event, status="offered")
    return accept(offered.pk, now=timezone.now())


def test_an_offer_lapses_to_the_tail_once_and_then_ends() -> None:
    event, holder, (first, second) = a_full_event(4, 4)
    now = event.starts_at - 20 * DAY
    given_back(holder, now)
    assert lapse_offers(now=now + DAY - dt.timedelta(seconds=1)) == 0
    assert lapse_offers(now=now + DAY) == 1
    # To the tail, and the next one is asked.
    assert states(first, second) == ["waitlisted", "offered"]
    row = as_it_is(first)
    assert (row.offers_lapsed, row.queue_number, row.offer_expires_at) == (1, 3, None)
    assert Activity.objects.get(object_id=first.pk, verb="rsvp.lapsed").data == {"to": "waitlisted"}
    with pytest.raises(OfferExpired):
        accept(first.pk, now=now + DAY)
    assert sums_hold(event.pk)

    given_back(second, now + DAY)
    assert states(first) == ["offered"]
    assert lapse_offers(now=now + 3 * DAY) == 1
    assert states(first) == ["cancelled"]
    assert Activity.objects.filter(object_id=first.pk, verb="rsvp.lapsed").last().data == {"to": "cancelled"}
    assert sums_hold(event.pk)


def test_two_sweeps_at_once_lapse_an_offer_once() -> None:
    event, holder, (first, _second) = a_full_event(4, 4)
    now = event.starts_at - 20 * DAY
    given_back(holder, now)
    assert [lapse_offers(now=now + DAY) for _ in range(2)] == [1, 0]
    assert as_it_is(first).offers_lapsed == 1


def test_an_offer_whose_message_has_not_gone_yet_waits_for_it_but_not_until_the_start() -> None:
    event, holder, (first,) = a_full_event(1)
    asked: list[list[UUID]] = []

    def still_due(rsvp_ids: list[UUID]) -> set[UUID]:
        asked.append(rsvp_ids)
        return set(rsvp_ids)

    waitlisting.deliver_by(still_due)
    given_back(holder, event.starts_at - 20 * DAY)
    assert lapse_offers(now=event.starts_at - 10 * DAY) == 0
    assert asked == [[first.pk]]
    assert states(first) == ["offered"]
    assert lapse_offers(now=event.starts_at - 4 * HOUR) == 1
    assert len(asked) == 1


def test_an_offer_to_an_address_that_bounces_stands_as_long_as_any_other_and_can_be_taken() -> None:
    event, holder, (first, second) = a_full_event(4, 4)
    now = event.starts_at - 20 * DAY
    Contact.objects.filter(pk=first.email_contact_id).update(unreachable_since=now)
    given_back(holder, now)
    assert states(first, second) == ["offered", "waitlisted"]
    assert as_it_is(first).offer_expires_at == now + DAY
    lapse_offers(now=now + DAY)
    assert states(first, second) == ["waitlisted", "offered"]
    decline(second.pk, now=now + DAY)
    assert accept(first.pk, now=now + DAY).status == "confirmed"
    assert sums_hold(event.pk)


def test_an_offer_of_an_event_that_was_called_off_is_neither_taken_nor_lapsed() -> None:
    event, holder, (first,) = a_full_event(1)
    given_back(holder, event.starts_at - 20 * DAY)
    call_off(event, reason="Flooded.", actor=None, now=timezone.now())
    assert lapse_offers(now=event.starts_at) == 0
    with pytest.raises(WrongState):
        accept(first.pk, now=timezone.now())
    with pytest.raises(WrongState):
        decline(first.pk, now=timezone.now())
