"""The leaders' matrices say the same as the figures everyone can ask for, and what is owed next."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from engage.agencies.models import Agency
from engage.commitments.figures import figures_of, follow_through
from engage.commitments.models import Commitment, FocusArea
from engage.commitments.standing import staff_day
from engage.commitments.tracking import update
from engage.refusals import StaleEdit
from tests.makers.agencies import a_community, a_person, an_agency
from tests.makers.commitments import a_commitment, today_of
from web.commitments.decisions_due import SHOWN, decisions_due
from web.commitments.staff_search import Show, StaffSearch, commitments_for_staff

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
NOW = timezone.now()
LONG_AGO = NOW - dt.timedelta(days=60)


@pytest.fixture
def agency() -> Agency:
    """Some of each way to stand, of two offices and two communities."""
    agency = an_agency()
    north, south = a_community(agency, name="North"), a_community(agency, name="South", kind="language")

    def made(days: int, **fields: Any) -> Any:
        return a_commitment(agency, due_on=today_of(agency) + dt.timedelta(days=days), **fields)

    shown = [{"url": "https://city.example/x"}]
    update(made(5, communities=[north, south]), actor=None, now=NOW, status="kept", evidence=shown)
    update(made(-3, owner_office="Patrol"), actor=None, now=NOW, status="kept", evidence=shown)
    update(made(9), actor=None, now=NOW, status="not_kept", reason="No money.")
    update(made(9), actor=None, now=NOW, status="will_not_do", reason="No money.")
    made(-7, owner_office="Patrol", communities=[north])
    made(5, now=LONG_AGO, focus_area=FocusArea.SAFETY_AND_WELLNESS)
    made(40, owner=a_person(agency), communities=[south])
    made(3, draft=True)
    a_commitment()
    return agency


def test_they_agree_with_the_public_figures_row_by_row(agency: Agency) -> None:
    today = today_of(agency)
    found, figures = (
        figures_of(agency, staff_day(agency, today)),
        follow_through(agency=agency, today=today, public=False),
    )
    assert found.counts == figures["counts"]
    for rows, name, key in (
        (found.by_focus_area, "by_focus_area", "focus_area"),
        (found.by_office, "by_owner_office", "owner_office"),
        (found.by_community[1:], "by_community", "community"),
    ):
        known = {row[key]: {count: row[count] for count in found.counts} for row in figures[name]}
        assert {row.key: row.counts for row in rows} == known
    assert (found.by_community[0].key, found.by_community[0].counts["total"]) == (None, 4)


def test_offices_stand_by_what_is_due_next_and_only_what_is_owed_is_due(agency: Agency) -> None:
    today = today_of(agency)
    rows = figures_of(agency, staff_day(agency, today)).by_office
    assert [(row.name, (row.next_due_on - today).days) for row in rows if row.next_due_on] == [
        ("Patrol", -7),
        ("Traffic Unit", 5),
    ]


def test_a_period_counts_what_was_promised_in_it(agency: Agency) -> None:
    today = today_of(agency)
    old = figures_of(agency, staff_day(agency, today), end=today - dt.timedelta(days=30))
    assert (old.counts["total"], old.counts["at_risk"]) == (1, 1)
    assert (
        figures_of(agency, staff_day(agency, today), start=today + dt.timedelta(days=1)).counts["total"] == 0
    )


def test_each_decision_stands_in_one_list_the_first_that_fits(agency: Agency) -> None:
    due = decisions_due(agency, today=today_of(agency))
    assert due.counts == {"late": 1, "at_risk": 1, "moved": 0, "unowned": 0, "draft": 1}
    assert [len(due.late), len(due.at_risk), len(due.unowned), len(due.draft)] == [1, 1, 0, 1]
    assert due.last_risk_on == today_of(agency) + dt.timedelta(days=5)
    for _ in range(SHOWN["unowned"] + 2):
        a_commitment(agency)
    due = decisions_due(agency, today=today_of(agency))
    assert (due.counts["unowned"], len(due.unowned)) == (SHOWN["unowned"] + 2, SHOWN["unowned"])


def test_what_was_moved_and_is_due_soon_without_a_word_is_decided_about(agency: Agency) -> None:
    today, now = today_of(agency), timezone.now()
    ago = dt.timedelta(days=60)
    days = {
        "due_on": today + dt.timedelta(days=5),
        "first_due_on": today - dt.timedelta(days=9),
        "created_at": now - ago,
    }
    silent, heard, far = (a_commitment(agency, owner=a_person(agency)) for _ in range(3))
    Commitment.objects.filter(pk__in=[silent.pk, heard.pk, far.pk]).update(**days)
    Commitment.objects.filter(pk=heard.pk).update(last_updated_on=today)
    Commitment.objects.filter(pk=far.pk).update(due_on=today + dt.timedelta(days=90))
    due = decisions_due(agency, today=today)
    assert (due.moved, due.counts["moved"], due.counts["unowned"]) == ([silent], 1, 0)
    # It stands in that list alone also where nobody owns it; one of which something was heard is only nobody's.
    Commitment.objects.filter(pk__in=[silent.pk, heard.pk]).update(owner=None)
    due = decisions_due(agency, today=today)
    assert (due.moved, due.unowned) == ([silent], [heard])


@pytest.mark.parametrize(
    ("show", "many"),
    [
        ("owed", 3),
        ("late", 1),
        ("at_risk", 1),
        ("mine", 0),
        ("unowned", 2),
        ("draft", 1),
        ("ended", 4),
        ("all", 7),
    ],
)
def test_each_way_to_look_finds_its_own(agency: Agency, show: str, many: int) -> None:
    wanted = StaffSearch(Show(show))
    found = commitments_for_staff(agency, wanted=wanted, person=a_person(agency), today=today_of(agency))
    assert (len(found.commitments), found.after) == (many, "")


def test_an_update_by_an_old_version_is_refused() -> None:
    commitment = a_commitment()
    old = commitment.edit_version
    update(commitment, actor=None, now=NOW, note="New.", if_version=old)
    with pytest.raises(StaleEdit):
        update(commitment, actor=None, now=NOW, note="Newer.", if_version=old)
