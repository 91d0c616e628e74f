"""The figures leadership follows, and what of them everyone sees."""

import datetime as dt

import pytest
from django.utils import timezone

from engage.commitments.figures import follow_through
from engage.commitments.models import FocusArea
from engage.commitments.tracking import update
from tests.makers.agencies import a_community, an_agency
from tests.makers.commitments import a_commitment, today_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
NOW = timezone.now()
LINK = [{"url": "https://city.example/x"}]


def _in(agency, days):
    return today_of(agency) + dt.timedelta(days=days)


@pytest.fixture
def agency():
    """One of each: kept on time, kept late, kept after a moved date, on track, at risk, moved, late, kept in part, not kept, stopped, a draft."""
    agency = an_agency()
    north, south = a_community(agency, name="North"), a_community(agency, name="South")
    long_ago = NOW - dt.timedelta(days=60)
    both = {"communities": [north, south], "now": long_ago, "owner_office": "Patrol"}
    for due in (_in(agency, 5), _in(agency, -3)):
        update(a_commitment(agency, due_on=due, **both), actor=None, now=NOW, status="kept", evidence=LINK)
    moved = a_commitment(agency, due_on=_in(agency, -10), **both)
    update(moved, actor=None, now=long_ago, due_on=_in(agency, 10), reason="The printer was slow.")
    update(moved, actor=None, now=NOW, status="kept", evidence=LINK)
    a_commitment(agency, due_on=_in(agency, 5), communities=[north])
    a_commitment(agency, due_on=_in(agency, 5), communities=[north], now=long_ago)
    a_commitment(agency, due_on=_in(agency, -7), focus_area=FocusArea.SAFETY_AND_WELLNESS)
    a_commitment(agency, due_on=_in(agency, -2))
    first = a_commitment(agency, due_on=_in(agency, -4), now=long_ago)
    update(first, actor=None, now=NOW, due_on=_in(agency, 30), reason="The printer was slow.")
    part = a_commitment(agency)
    update(part, actor=None, now=NOW, status="kept_in_part", reason="One is missing.", evidence=LINK)
    for status in ("not_kept", "will_not_do"):
        update(a_commitment(agency), actor=None, now=NOW, status=status, reason="No budget.")
    a_commitment(agency, draft=True)
    a_commitment()  # of another agency
    return agency


def test_every_commitment_is_counted_once_in_the_total(agency):
    figures = follow_through(agency=agency, today=today_of(agency), public=False)
    assert figures["counts"] == {
        "total": 11, "on_track": 1, "moved": 1, "at_risk": 1, "late": 2, "kept": 3, "kept_on_time": 1, "kept_in_part": 1,
        "not_kept": 1, "will_not_do": 1,
    }  # fmt: skip
    counts = figures["counts"]
    assert counts["total"] == sum(counts[name] for name in counts if name not in {"total", "kept_on_time"})


def test_every_row_adds_up_for_staff_and_for_everyone(agency):
    for public in (False, True):
        told = follow_through(agency=agency, today=today_of(agency), public=public)
        rows = [told["counts"], *told["by_focus_area"], *told["by_community"], *told["by_owner_office"]]
        ways = ("on_track", "moved", "late", "kept", "kept_in_part", "not_kept", "will_not_do")
        for row in rows:
            assert row["total"] == sum(row[name] for name in ways) + (row["at_risk"] or 0)
            assert (row["at_risk"] is None) is public


def test_a_commitment_of_two_communities_counts_in_both_rows(agency):
    figures = follow_through(agency=agency, today=today_of(agency), public=False)
    rows = {row["name"]: (row["total"], row["kept"], row["at_risk"]) for row in figures["by_community"]}
    assert rows == {"North": (5, 3, 1), "South": (3, 3, 0)}


def test_each_breakdown_adds_up(agency):
    figures = follow_through(agency=agency, today=today_of(agency), public=False)
    assert {row["focus_area"]: row["total"] for row in figures["by_focus_area"]} == {
        "procedural_justice": 10, "safety_and_wellness": 1,
    }  # fmt: skip
    assert {row["owner_office"]: row["late"] for row in figures["by_owner_office"]} == {
        "Patrol": 0,
        "Traffic Unit": 2,
    }


def test_ageing_lists_the_late_ones_with_the_oldest_first(agency):
    ageing = follow_through(agency=agency, today=today_of(agency), public=False)["ageing"]
    assert [row["days"] for row in ageing] == [7, 2]


def test_the_public_sees_no_worry_only_commitments_that_are_on_track_or_not(agency):
    figures = follow_through(agency=agency, today=today_of(agency), public=True)
    assert figures["counts"]["at_risk"] is None
    assert figures["counts"]["on_track"] == 2
    assert all(
        row["at_risk"] is None
        for part in ("by_focus_area", "by_community", "by_owner_office")
        for row in figures[part]
    )


def test_a_period_includes_its_start_and_excludes_its_end(agency):
    today = today_of(agency)
    made_long_ago = follow_through(agency=agency, today=today, end=today, public=False)["counts"]["total"]
    made_today = follow_through(agency=agency, today=today, start=today, public=False)["counts"]["total"]
    assert (made_long_ago, made_today) == (5, 6)


def test_an_agency_without_commitments_has_zeros():
    agency = an_agency()
    staff = follow_through(agency=agency, today=today_of(agency), public=False)
    assert set(staff["counts"].values()) == {0}
    assert follow_through(agency=agency, today=today_of(agency), public=True)["counts"]["at_risk"] is None
    assert staff["by_community"] == staff["ageing"] == []


def test_the_number_of_queries_does_not_grow(agency, django_assert_num_queries):
    for number in range(30):
        a_commitment(agency, communities=[a_community(agency)], owner_office=f"Office {number}")
    with django_assert_num_queries(3):
        follow_through(agency=agency, today=today_of(agency), public=False)
