"""When a promise is late or at risk: worked out by the agency's own day, on a row and as a filter alike."""

import datetime as dt

import pytest
from django.utils import timezone

from engage.commitments.models import Commitment
from engage.commitments.standing import at_risk, at_risk_at, days_late, is_late, late_at, needs_a_word_at
from engage.commitments.tracking import update
from tests.makers.agencies import an_agency
from tests.makers.commitments import a_commitment, today_of

NOW = timezone.now()

db = pytest.mark.django_db(databases=["default", "owner"])


@db
@pytest.mark.parametrize(("zone", "late"), [("Pacific/Kiritimati", True), ("America/Los_Angeles", False)])
def test_late_is_by_the_agencys_own_day(zone, late):
    agency = an_agency(timezone=zone)
    moment = dt.datetime(2027, 3, 10, 11, 0, tzinfo=dt.UTC)  # the 11th in Kiribati, the 10th in California
    made = a_commitment(agency, due_on=dt.date(2027, 3, 10), now=moment - dt.timedelta(days=90))
    today = dt.date(2027, 3, 11) if late else dt.date(2027, 3, 10)
    assert is_late(made, today) is late
    assert days_late(made, today) == int(late)
    assert Commitment.objects.filter(late_at(moment)).exists() is late


@db
def test_nothing_that_has_ended_is_late():
    made = a_commitment(due_on=NOW.date() - dt.timedelta(days=10))
    assert is_late(made, NOW.date())
    update(made, actor=None, now=NOW, status="will_not_do", reason="No law allows it.")
    assert not is_late(made, NOW.date())
    assert not Commitment.objects.filter(late_at(NOW)).exists()


@db
@pytest.mark.parametrize(
    ("due_in", "heard_days_ago", "risky"),
    [(9, 34, True), (14, 30, True), (15, 34, False), (9, 29, False), (0, 40, True), (-1, 40, False)],
)
def test_at_risk_is_due_soon_and_silent_for_long(due_in, heard_days_ago, risky):
    agency = an_agency()
    made = a_commitment(
        agency,
        due_on=today_of(agency) + dt.timedelta(days=due_in),
        now=NOW - dt.timedelta(days=heard_days_ago),
    )
    Commitment.objects.filter(pk=made.pk).update(
        last_updated_on=today_of(agency) - dt.timedelta(days=heard_days_ago)
    )
    made.refresh_from_db()
    assert at_risk(made, today_of(agency)) is risky
    assert Commitment.objects.filter(at_risk_at(NOW)).exists() is risky


@db
def test_a_moved_one_that_is_due_soon_and_silent_still_needs_a_word():
    agency = an_agency()
    made = a_commitment(
        agency, due_on=today_of(agency) + dt.timedelta(days=5), now=NOW - dt.timedelta(days=90)
    )
    Commitment.objects.filter(pk=made.pk).update(first_due_on=today_of(agency) - dt.timedelta(days=9))
    quiet = a_commitment(agency, due_on=today_of(agency) + dt.timedelta(days=50), now=NOW)
    assert not Commitment.objects.filter(at_risk_at(NOW)).exists()
    assert list(Commitment.objects.filter(needs_a_word_at(NOW))) == [made]
    assert quiet.pk != made.pk
