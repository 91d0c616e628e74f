"""Who gets a freed seat: strictly in order, until the last day."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from events.event.models import Event
from events.planning.lifecycle import cancel as call_off
from events.planning.scheduling import CapacityBelowSeatsTaken, edit
from events.rsvps.changing import change
from events.rsvps.waitlisting import position_of, promote_where_seats_are_free
from tests.makers.events import an_event
from tests.makers.rsvps import a_full_event, an_rsvp, as_it_is, given_back, states, sums_hold, verbs

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
HOUR = dt.timedelta(hours=1)
DAY = 24 * HOUR


def test_a_freed_seat_is_offered_to_whoever_waited_longest() -> None:
    event, holder, waiting = a_full_event(2, 2, 1)
    given_back(holder, event.starts_at - 10 * DAY)
    assert states(holder, *waiting) == ["cancelled", "offered", "offered", "waitlisted"]
    assert position_of(as_it_is(waiting[2])) == 1
    row = Event.objects.get(pk=event.pk)
    assert (row.seats_taken, row.seats_held, row.waiting) == (0, 4, 1)
    assert verbs(waiting[0]) == ["rsvp.made", "rsvp.offered"]
    assert sums_hold(event.pk)


def test_a_small_party_does_not_pass_a_large_one_while_there_is_time() -> None:
    event, holder, waiting = a_full_event(3, 1, capacity=4)
    smaller = holder

    change(smaller.pk, party_size=2, now=event.starts_at - 25 * HOUR)
    assert states(*waiting) == ["waitlisted", "waitlisted"]
    assert sums_hold(event.pk)


def test_a_small_party_passes_a_large_one_on_the_last_day() -> None:
    event, holder, waiting = a_full_event(3, 3, 3, 2, 1, capacity=4)

    change(holder.pk, party_size=3, now=event.starts_at - 24 * HOUR)
    assert states(*waiting) == ["waitlisted"] * 4 + ["offered"]
    change(holder.pk, party_size=1, now=event.starts_at - 23 * HOUR)
    assert states(*waiting) == ["waitlisted"] * 3 + ["offered", "offered"]
    assert sums_hold(event.pk)


def test_the_agency_says_from_when_a_small_party_may_pass() -> None:

    event, holder, waiting = a_full_event(3, 1, capacity=4)
    event.agency.pass_over_hours = 48
    event.agency.save(update_fields=["pass_over_hours"])
    change(holder.pk, party_size=3, now=event.starts_at - 47 * HOUR)
    assert states(*waiting) == ["waitlisted", "offered"]


def test_nobody_is_left_out_behind_several_that_do_not_fit() -> None:

    # Three seats free; the three first in the queue take two each, so only the last can have the third seat.
    event, holder, waiting = a_full_event(2, 2, 2, 1, capacity=5)
    change(holder.pk, party_size=2, now=event.starts_at - 20 * HOUR)
    assert states(*waiting) == ["offered", "waitlisted", "waitlisted", "offered"]
    assert sums_hold(event.pk)


def test_close_to_the_start_nobody_is_asked_first() -> None:
    event, holder, (first,) = a_full_event(2)
    now = event.starts_at - 4 * HOUR
    given_back(holder, now)
    row = as_it_is(first)
    assert (row.status, row.confirmed_at, row.queue_number) == ("confirmed", now, None)
    assert verbs(first) == ["rsvp.made", "rsvp.promoted"]
    assert sums_hold(event.pk)


@pytest.mark.parametrize("typed", [{}, {"phone": "+17735550142"}], ids=["no address", "telephone only"])
def test_whoever_gave_no_address_to_ask_is_seated_straight_away(typed: dict[str, str]) -> None:
    event, holder, _ = a_full_event()
    first = an_rsvp(event, 1, **typed)
    given_back(holder, event.starts_at - 10 * DAY)
    assert states(first) == ["confirmed"]
    assert sums_hold(event.pk)


def test_a_raised_capacity_seats_those_who_wait_and_a_lowered_one_turns_nobody_out() -> None:

    event, _holder, waiting = a_full_event(2, 3, 1)
    now = event.starts_at - 10 * DAY
    edit(event, actor=None, now=now, fields={"capacity": 7})
    assert states(*waiting) == ["offered", "waitlisted", "waitlisted"]
    with pytest.raises(CapacityBelowSeatsTaken) as refused:
        edit(event, actor=None, now=now, fields={"capacity": 5})
    assert refused.value.extra["seats_taken"] == 6
    edit(event, actor=None, now=now, fields={"capacity": None})
    assert states(*waiting) == ["offered", "offered", "offered"]
    assert sums_hold(event.pk)


def test_a_party_that_the_smaller_room_can_never_hold_holds_nobody_up() -> None:

    event, holder, waiting = a_full_event(4, 1, capacity=4)
    now = event.starts_at - 10 * DAY
    change(holder.pk, party_size=3, now=now)
    edit(event, actor=None, now=now, fields={"capacity": 3})
    given_back(holder, now)
    assert states(*waiting) == ["waitlisted", "offered"]


def test_hundreds_move_up_at_once_by_a_handful_of_statements(django_assert_max_num_queries: object) -> None:
    event = an_event(capacity=1)
    an_rsvp(event)
    waiting = [an_rsvp(event) for _ in range(60)]
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        edit(event, actor=None, now=timezone.now(), fields={"capacity": 500})
    assert set(states(*waiting)) == {"confirmed"}
    assert sums_hold(event.pk)


def test_the_sweep_gives_on_what_a_transaction_left_free() -> None:
    event, _holder, (first,) = a_full_event(1)
    Event.objects.filter(pk=event.pk).update(capacity=9)
    assert promote_where_seats_are_free(now=event.starts_at - 5 * DAY) == 1
    assert promote_where_seats_are_free(now=event.starts_at - 5 * DAY) == 0
    assert states(first) == ["offered"]


def test_nobody_is_promoted_into_an_event_that_was_called_off_or_is_over() -> None:
    event, _holder, (first,) = a_full_event(1)
    Event.objects.filter(pk=event.pk).update(capacity=9)
    assert promote_where_seats_are_free(now=event.ends_at) == 0
    call_off(event, reason="Flooded.", actor=None, now=timezone.now())
    assert promote_where_seats_are_free(now=event.starts_at - 5 * DAY) == 0
    assert states(first) == ["waitlisted"]
