"""The leaders' matrices say the same as the figures everyone can ask for, and what is owed next."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from engage.commitment_tracking import update
from engage.decisions_due import SHOWN, decisions_due
from engage.follow_through import follow_through
from engage.models import Agency, FocusArea
from engage.promise_matrices import matrices
from engage.promise_search import Show, Wanted, promises_for_staff
from engage.rule_violation import StaleEdit
from tests.makers.agencies import a_community, a_person, an_agency
from tests.makers.commitments import a_commitment, today_of

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
    found, figures = matrices(agency, today=today), follow_through(agency=agency, today=today, public=False)
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
    rows = matrices(agency, today=today).by_office
    assert [(row.name, (row.next_due_on - today).days) for row in rows if row.next_due_on] == [
        ("Patrol", -7),
        ("Traffic Unit", 5),
    ]


def test_a_period_counts_what_was_promised_in_it(agency: Agency) -> None:
    today = today_of(agency)
    old = matrices(agency, today=today, end=today - dt.timedelta(days=30))
    assert (old.counts["total"], old.counts["at_risk"]) == (1, 1)
    assert matrices(agency, today=today, start=today + dt.timedelta(days=1)).counts["total"] == 0


def test_each_decision_stands_in_one_list_the_first_that_fits(agency: Agency) -> None:
    due = decisions_due(agency, today=today_of(agency))
    assert due.counts == {"late": 1, "at_risk": 1, "unowned": 0, "draft": 1}
    assert [len(due.late), len(due.at_risk), len(due.unowned), len(due.draft)] == [1, 1, 0, 1]
    assert due.last_risk_on == today_of(agency) + dt.timedelta(days=5)
    for _ in range(SHOWN["unowned"] + 2):
        a_commitment(agency)
    due = decisions_due(agency, today=today_of(agency))
    assert (due.counts["unowned"], len(due.unowned)) == (SHOWN["unowned"] + 2, SHOWN["unowned"])


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
    wanted = Wanted(Show(show))
    found = promises_for_staff(agency, wanted=wanted, person=a_person(agency), today=today_of(agency))
    assert (len(found.promises), found.after) == (many, "")


def test_an_update_by_an_old_version_is_refused() -> None:
    promised = a_commitment()
    old = promised.edit_version
    update(promised, actor=None, now=NOW, note="New.", if_version=old)
    with pytest.raises(StaleEdit):
        update(promised, actor=None, now=NOW, note="Newer.", if_version=old)
