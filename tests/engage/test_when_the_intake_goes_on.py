"""When texts without a name go on: never one by itself while a meeting is on, and mixed anew every two minutes."""

import datetime as dt

import pytest

from engage.listening.models import Contribution, ContributionIntake
from outreach.worker.round_taking import Every
from outreach.worker.rounds import ROUNDS, go
from tests.makers.agencies import an_agency
from tests.makers.events import an_event
from tests.makers.intake import NOON, empty, say, transaction_ids

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def test_an_event_that_is_live_or_today_does_not_wait_for_the_night():
    agency = an_agency()
    live, today, later = an_event(agency), an_event(agency), an_event(agency)
    for event in (live, today, later):
        say(agency, f"At {event.pk}", "event", event.pk)
    for number in range(4):
        say(agency, f"One more, {number}", "event", live.pk)
    say(agency, "To the agency")
    assert empty(live=[live.pk]) == 5
    assert empty(live=[live.pk], today=[today.pk]) == 1
    assert set(Contribution.objects.values_list("event_id", flat=True)) == {live.pk, today.pk}
    assert ContributionIntake.objects.count() == 2


def test_while_an_event_is_on_four_wait_and_the_fifth_takes_them_along():
    agency = an_agency()
    live, other = an_event(agency), an_event(agency)
    for number in range(4):
        say(agency, f"number {number}", "event", live.pk)
        say(agency, f"elsewhere {number}", "event", other.pk)
    assert empty(live=[live.pk, other.pk]) == 0
    say(agency, "number 4", "event", live.pk)
    assert empty(live=[live.pk, other.pk]) == 5
    assert set(Contribution.objects.values_list("event_id", flat=True)) == {live.pk}


@pytest.mark.parametrize(("many", "go_on"), [(3, 3), (2, 0), (1, 0)])
def test_after_ten_minutes_three_will_do_and_a_lone_one_goes_with_the_days_batch(many, go_on):
    agency = an_agency()
    live = an_event(agency)
    for number in range(many):
        say(agency, f"number {number}", "event", live.pk)
    for minutes in (0, 2, 9):
        assert empty(NOON + dt.timedelta(minutes=minutes), live=[live.pk]) == 0
    assert empty(NOON + dt.timedelta(minutes=10), live=[live.pk]) == go_on
    assert empty(NOON + dt.timedelta(minutes=60), live=[live.pk], today=[live.pk]) == many - go_on


def test_the_wait_begins_anew_for_the_next_batch():
    agency = an_agency()
    live = an_event(agency)
    for number in range(5):
        say(agency, f"number {number}", "event", live.pk)
    empty(live=[live.pk])
    for number in range(3):
        say(agency, f"later {number}", "event", live.pk)
    assert empty(NOON + dt.timedelta(minutes=30), live=[live.pk]) == 0
    assert empty(NOON + dt.timedelta(minutes=40), live=[live.pk]) == 3


def test_it_is_written_anew_every_two_minutes_whether_an_event_is_on_or_not():
    agency = an_agency()
    for number in range(30):
        say(agency, f"number {number}")
    assert ROUNDS["empty_intake_of_live_meetings"].when == Every(120)
    go("empty_intake_of_live_meetings")
    rows = transaction_ids("contribution_intake")
    assert [row for row, _ in rows] == sorted(row for row, _ in rows)
    assert len({xmin for _, xmin in rows}) == 1


def test_what_stands_mixed_is_left_until_something_comes_to_stand_beside_it():
    agency = an_agency()
    for number in range(30):
        say(agency, f"number {number}")
    empty()
    mixed = transaction_ids("contribution_intake")
    empty(NOON + dt.timedelta(minutes=2))
    assert transaction_ids("contribution_intake") == mixed, (
        "thousands that wait are not written again for nothing"
    )
    say(agency, "one more")
    empty(NOON + dt.timedelta(minutes=4))
    rows = transaction_ids("contribution_intake")
    assert len(rows) == 31
    assert len({xmin for _, xmin in rows}) == 1
    assert not {xmin for _, xmin in rows} & {xmin for _, xmin in mixed}
    assert [row for row, _ in rows] == sorted(row for row, _ in rows)


def test_one_that_came_alone_is_written_anew_too():
    say(an_agency())
    ((row, written),) = transaction_ids("contribution_intake")
    empty()
    ((same, anew),) = transaction_ids("contribution_intake")
    assert same == row
    assert anew != written
