"""An ending that was none goes back to work in public, with its reason; taken back at once, nobody is told of either."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engage.activity.models import Activity
from engage.commitments.figures import follow_through
from engage.commitments.models import ENDED, Commitment
from engage.commitments.reading import tell
from engage.commitments.standing import Standing, public_day, standing_on
from engage.commitments.tracking import update
from engage.commitments.ways_back import ENDING_WAITS, is_of_a_pair_taken_back, waits_until
from engage.local_time import local_day
from engage.refusals import ReasonRequired, RuleViolation, WrongState
from tests.makers.agencies import an_agency
from tests.makers.commitments import a_commitment, today_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
NOW = timezone.now()
DAY = dt.timedelta(days=1)
LINK = [{"url": "https://city.example/x"}]


def end(made: Commitment, status: str, *, now: dt.datetime = NOW) -> Any:
    return update(made, actor=None, now=now, status=status, reason="So it is.", evidence=LINK)


def take_back(made: Commitment, *, now: dt.datetime = NOW, **more: Any) -> Any:
    return update(made, actor=None, now=now, status="in_progress", reason="It was a slip.", **more)


@pytest.mark.parametrize("status", [each.value for each in ENDED])
def test_every_ending_can_be_taken_back_with_a_reason_and_both_lines_stay(status: str) -> None:
    made = a_commitment()
    end(made, status)
    with pytest.raises(ReasonRequired):
        update(made, actor=None, now=NOW, status="in_progress")
    line = take_back(made)
    made.refresh_from_db()
    assert (made.status, made.closed_on) == ("in_progress", None)
    assert (line.status_from, line.status_to) == (status, "in_progress")
    assert list(made.updates.order_by("number").values_list("status_to", flat=True)) == [
        status,
        "in_progress",
    ]
    # And it can end anew.
    end(made, "kept", now=NOW + DAY)
    assert made.closed_on == local_day(made.agency.timezone, NOW + DAY)


@pytest.mark.parametrize("status", ["open", "kept", "not_kept"])
def test_nothing_else_of_an_ended_one_changes(status: str) -> None:
    made = a_commitment()
    end(made, "will_not_do")
    with pytest.raises(WrongState):
        end(made, status)


def test_only_the_letter_of_an_ending_waits() -> None:
    made = a_commitment()
    assert waits_until(update(made, actor=None, now=NOW, note="Half is done.")) is None
    assert waits_until(end(made, "kept")) == NOW + ENDING_WAITS
    assert waits_until(take_back(made)) is None


@pytest.mark.parametrize(("seconds", "pair"), [(0, True), (59, True), (60, False), (3600, False)])
def test_a_pair_is_one_only_within_the_minute(seconds: int, pair: bool) -> None:
    made = a_commitment()
    ending = end(made, "not_kept")
    assert not is_of_a_pair_taken_back(ending)
    back = take_back(made, now=NOW + dt.timedelta(seconds=seconds))
    assert [is_of_a_pair_taken_back(one) for one in (ending, back)] == [pair, pair]
    # A note in between is told all the same.
    note = update(made, actor=None, now=NOW, note="We go on.")
    assert not is_of_a_pair_taken_back(note)


def test_the_days_on_which_it_was_late_leave_out_the_time_it_counted_as_ended() -> None:
    agency = an_agency()
    today = today_of(agency)
    made = a_commitment(agency, due_on=today - 20 * DAY, now=NOW - 60 * DAY)
    end(made, "kept", now=NOW - 30 * DAY)
    back = take_back(made, now=NOW - 10 * DAY)
    assert tell(made, today=today).late_from == [local_day(agency.timezone, back.at)]
    other = a_commitment(agency, due_on=today - 20 * DAY, now=NOW - 60 * DAY)
    end(other, "not_kept", now=NOW - 15 * DAY)
    again = take_back(other, now=NOW - 5 * DAY)
    days = [today - 19 * DAY, local_day(agency.timezone, again.at)]
    assert tell(other, today=today).late_from == days


ACTS = st.lists(
    st.tuples(st.sampled_from(["in_progress", *(each.value for each in ENDED)]), st.integers(0, 3)),
    max_size=8,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(acts=ACTS)
def test_however_often_it_ends_and_goes_on_the_figures_are_its_rows_and_its_lines_tell_it(
    acts: list[tuple[str, int]],
) -> None:
    agency = an_agency()
    made, now, lines = a_commitment(agency, due_on=today_of(agency) + 2 * DAY), NOW, 0
    for status, days in acts:
        now += days * DAY
        try:
            update(made, actor=None, now=now, status=status, reason="So it is.", evidence=LINK)
            lines += 1
        except RuleViolation:
            made.refresh_from_db()
    made.refresh_from_db()
    today = local_day(agency.timezone, now)
    assert made.updates_count == made.updates.count() == lines
    assert (made.closed_on is None) == standing_on(made, public_day(today)).is_owed
    counts = follow_through(agency=agency, today=today, public=True)["counts"]
    ways = [each for each in Standing if each not in {Standing.DRAFT, Standing.AT_RISK}]
    assert counts["total"] == sum(counts[each] for each in ways) == 1
    assert Activity.objects.filter(verb="commitment.updated", object_id=made.pk).count() == lines
