"""What `make truth` does for a year, for two weeks: everything that anybody could read is held against the rows."""

from __future__ import annotations

import datetime as dt

import pytest

from bench.truth.story import tell
from bench.truth.zone_laws import Law

# Chicago goes over to summer time in the middle of December, for good.
LAW = Law("America/Chicago", dt.datetime(2026, 12, 8, 12, tzinfo=dt.UTC), "CDT5")


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_whatever_is_said_in_two_weeks_is_so() -> None:
    told = tell(15, seed=7, acts_a_day=2.0, laws=[LAW])
    assert not told.false, "\n\n".join(told.false)
    # A story in which nothing happened would be true, too.
    assert told.letters > 10
    assert told.acts["new_law"] == 1
    assert sum(told.statements.values()) > 2000
