"""What `make truth` does for a year, for a few weeks: everything that anybody could read is held against the rows."""

from __future__ import annotations

import pytest

from bench.truth.story import tell


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_whatever_is_said_in_three_weeks_is_so() -> None:
    told = tell(21, seed=7, acts_a_day=2.0)
    assert not told.false, "\n\n".join(told.false)
    # A story in which nothing happened would be true, too.
    assert told.letters > 10
    assert sum(told.statements.values()) > 2000
