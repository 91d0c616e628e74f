"""Zone rules are the tzdata package's: nothing of ours asks PostgreSQL, or a library with a copy of its own, what time it is where."""

from __future__ import annotations

import re

from tests.architecture.sources import name_of, sources, text_of

PRODUCT = ("api", "config", "engage", "events", "outreach", "servers", "web", "demo")
_ASKS_POSTGRESQL = re.compile(
    r"AT TIME ZONE (?!'UTC')|function=\"timezone\"|\btimezone\(\w+\.timezone|Trunc\w*\(.*tzinfo="
)
_ASKS_A_COPY = re.compile(r"^\s*(from|import) (dateutil|pytz|tzlocal)\b", re.MULTILINE)
# Under which day of the agency counts of letters stand, in a view whose rows are as old as the ledger.
ASKS = {"outreach/ledger/counts.py"}


def test_nobody_else_is_asked_what_time_it_is_where() -> None:
    found = {
        name_of(path)
        for path in sources(*PRODUCT)
        if _ASKS_POSTGRESQL.search(text_of(path)) or _ASKS_A_COPY.search(text_of(path))
    }
    assert found == ASKS
