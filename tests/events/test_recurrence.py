"""Repeating notices fall on the days that the RFC's rules name, as a well-known library reads them."""

from __future__ import annotations

import datetime as dt

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from events.imports.recurrence import occurrences

TODAY = dt.datetime(2026, 11, 23)
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@st.composite
def rules(draw: st.DrawFn) -> str:
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={frequency}", f"INTERVAL={draw(st.integers(1, 5))}"]
    if draw(st.booleans()):
        parts.append("BYMONTH=" + ",".join(map(str, draw(st.sets(st.integers(1, 12), min_size=1)))))
    weekdays = draw(st.lists(st.sampled_from(_DAYS), max_size=4, unique=True))
    if frequency in {"MONTHLY", "YEARLY"} and draw(st.booleans()):
        nth = st.integers(-5, 5).filter(bool)
        weekdays = [f"{draw(nth)}{day}" for day in weekdays]
    if weekdays:
        parts.append("BYDAY=" + ",".join(weekdays))
    # No library agrees with another on ordinal weekdays beside days of the month.
    ordinal = any(each[0] in "+-123456789" for each in weekdays)
    if frequency != "WEEKLY" and not ordinal and draw(st.booleans()):
        days = draw(st.sets(st.integers(-31, 31).filter(bool), min_size=1, max_size=9))
        parts.append("BYMONTHDAY=" + ",".join(map(str, days)))
    # The library counts positions in a first week from its first date, the RFC from the week's start.
    if len(parts) > 2 and frequency in {"MONTHLY", "YEARLY"} and draw(st.booleans()):
        parts.append(f"BYSETPOS={draw(st.integers(-3, 3).filter(bool))}")
    if draw(st.booleans()):
        parts.append(f"COUNT={draw(st.integers(1, 60))}")
    if draw(st.booleans()):
        parts.append(f"WKST={draw(st.sampled_from(_DAYS))}")
    return ";".join(parts)


@settings(max_examples=300, deadline=None)
@given(rules(), st.dates(dt.date(2025, 11, 1), dt.date(2026, 12, 31)))
def test_the_days_are_those_that_the_rule_names(rule: str, day: dt.date) -> None:
    start = dt.datetime.combine(day, dt.time(18))
    found, _more = occurrences(rule, start, today=TODAY, until=dt.datetime.fromisoformat, tick=lambda: None)
    last = TODAY + dt.timedelta(days=400)
    with pytest.MonkeyPatch.context() as patch:
        # The library walks to this year where no day ever comes.
        patch.setattr(dt, "MAXYEAR", 2029)
        expected = [moment for moment in rrulestr(rule, dtstart=start) if moment <= last]
    assert found == [moment for moment in expected if moment >= TODAY - dt.timedelta(days=400)]


def test_what_lies_too_far_is_left_out_and_said() -> None:
    start = dt.datetime(1990, 1, 1, 18)
    found, more = occurrences(
        "FREQ=WEEKLY", start, today=TODAY, until=dt.datetime.fromisoformat, tick=lambda: None
    )
    assert more
    assert len(found) in {114, 115}
    assert abs(found[0] - TODAY) < dt.timedelta(days=401)
    _found, more = occurrences(
        "FREQ=WEEKLY;COUNT=3", TODAY, today=TODAY, until=dt.datetime.fromisoformat, tick=lambda: None
    )
    assert not more
