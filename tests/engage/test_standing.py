"""However a commitment came to be as it is: the database, its filters and the row at hand say that it stands the same."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engage.commitments.models import Commitment, FocusArea
from engage.commitments.standing import (
    PUBLIC,
    Day,
    Standing,
    as_column,
    is_behind,
    is_late,
    late_at,
    own_days,
    public_day,
    staff_day,
    standing_on,
    standings,
)
from engage.local_time import local_day
from tests.makers.agencies import an_agency

NOW = dt.datetime(2027, 3, 14, 9, 30, tzinfo=dt.UTC)  # the day on which clocks change in the United States
ZONES = ("Pacific/Kiritimati", "America/Los_Angeles", "Pacific/Pago_Pago", "Europe/Madrid")
DAYS = st.integers(-45, 45)
ENDS = ("kept", "kept_in_part", "not_kept", "will_not_do")


@st.composite
def a_row(draw: st.DrawFn) -> dict[str, Any]:
    """Columns of one that the constraints let be; days count from the agency's today."""
    draft = draw(st.booleans())
    status = "open" if draft else draw(st.sampled_from(("open", "in_progress", *ENDS)))
    return {
        "draft": draft,
        "status": status,
        "due_on": draw(DAYS),
        "first_due_on": draw(DAYS),
        "closed_on": draw(DAYS) if status in ENDS else None,
        "last_updated_on": draw(st.none() | DAYS),
        "created_at": NOW - dt.timedelta(hours=draw(st.integers(0, 24 * 90))),
    }


def stored(agency: Any, today: dt.date, rows: list[dict[str, Any]]) -> None:
    dated = ("due_on", "first_due_on", "closed_on", "last_updated_on")
    for number, row in enumerate(rows, start=1):
        days = {name: row[name] for name in dated if row[name] is not None}
        Commitment.objects.create(
            **row | {name: today + dt.timedelta(days=many) for name, many in days.items()},
            agency=agency, title="A lamp", done_means="It burns.", owner_office="Streets",
            focus_area=FocusArea.SAFETY_AND_WELLNESS, number=None if row["draft"] else number,
        )  # fmt: skip


def by_the_database(agency: Any, day: Day) -> dict[Any, str]:
    rows = Commitment.objects.filter(agency=agency).annotate(stands=as_column(day))
    return dict(rows.values_list("pk", "stands"))


def by_the_filters(agency: Any, day: Day) -> list[tuple[Any, str]]:
    rows = Commitment.objects.filter(agency=agency)
    return [
        (pk, way)
        for way, rule in standings(day).items()
        for pk in rows.filter(rule).values_list("pk", flat=True)
    ]


@pytest.mark.django_db(databases=["default", "owner"])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    zone=st.sampled_from(ZONES),
    soon=st.integers(0, 40),
    silent=st.integers(1, 40),
    rows=st.lists(a_row(), min_size=1, max_size=12),
)
def test_the_database_the_filters_and_the_row_at_hand_agree(
    zone: str, soon: int, silent: int, rows: list[dict[str, Any]]
) -> None:
    with transaction.atomic():
        agency = an_agency(timezone=zone, at_risk_due_days=soon, at_risk_silent_days=silent)
        today = local_day(zone, NOW)
        stored(agency, today, rows)
        kept = list(Commitment.objects.filter(agency=agency).select_related("agency"))
        for day in (public_day(today), staff_day(agency, today)):
            at_hand = {one.pk: standing_on(one, day) for one in kept}
            assert by_the_database(agency, day) == at_hand
            # Each in exactly one: neither left out nor counted twice.
            assert sorted(by_the_filters(agency, day)) == sorted(at_hand.items())
        # Rows of many agencies are judged by their own day and their own settings.
        assert by_the_database(agency, own_days(NOW)) == at_hand
        assert sorted(by_the_filters(agency, own_days(NOW))) == sorted(at_hand.items())
        late = set(Commitment.objects.filter(late_at(NOW)).values_list("pk", flat=True))
        assert late == {one.pk for one in kept if is_late(one, today)}
        assert not [one for one in kept if is_late(one, today) and not is_behind(one, today)]
        transaction.set_rollback(True)


DAY = dt.date(2027, 3, 14)


@pytest.mark.parametrize(
    ("first", "due", "stands"),
    [
        (1, 1, Standing.ON_TRACK),
        (0, 0, Standing.ON_TRACK),
        # Moved before its first day.
        (5, 40, Standing.ON_TRACK),
        (0, 40, Standing.ON_TRACK),
        # Its first day is past, whenever it was moved, and however soon the new one is.
        (-1, 40, Standing.MOVED),
        (-24, 0, Standing.MOVED),
        (-24, -1, Standing.LATE),
        (3, -1, Standing.LATE),
    ],
)
def test_whose_first_day_is_past_is_never_on_track_again(first: int, due: int, stands: Standing) -> None:
    day = dt.timedelta(days=1)
    made = Commitment(
        status="in_progress", first_due_on=DAY + first * day, due_on=DAY + due * day, created_at=NOW
    )
    assert standing_on(made, public_day(DAY)) is stands


def test_the_worst_comes_first_and_what_was_moved_right_after_what_is_late() -> None:
    assert list(Standing)[:2] == [Standing.LATE, Standing.MOVED]
    assert [each for each in Standing if each.is_owed or each.has_ended] == [
        each for each in Standing if each is not Standing.DRAFT
    ]


def test_everyone_is_told_all_but_the_drafts_and_the_worry() -> None:
    assert set(Standing) - set(PUBLIC) == {Standing.DRAFT, Standing.AT_RISK}
    assert list(PUBLIC) == [each for each in Standing if each in PUBLIC]
