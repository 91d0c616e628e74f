"""Every promise for download: what the public may know of each, in pieces, so that memory does not grow with their number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

from engage.models import Agency, Commitment
from engage.promise_changes import days_late
from engage.promise_listing import Wanted, confirmed

COLUMNS: Final = (
    "number", "title", "done_means", "status", "is_late", "days_late", "owner_office", "focus_area", "communities",
    "due_on", "first_due_on", "closed_on", "last_updated_on", "updates_count",
)  # fmt: skip
_AT_ONCE: Final = 500


def exported(agency: Agency, wanted: Wanted, *, today: dt.date) -> Iterator[tuple[Any, ...]]:
    """One row of COLUMNS a promise, by number. Two queries a piece; nothing is held open in between.

    today: the agency's own. The words are as they were written first: translations are on the pages.
    """
    rows = confirmed(agency, wanted, today).prefetch_related("communities").order_by("number")
    last = 0
    while piece := list(rows.filter(number__gt=last)[:_AT_ONCE]):
        for promise in piece:
            yield _row(promise, today)
        last = piece[-1].number or last


def _row(promise: Commitment, today: dt.date) -> tuple[Any, ...]:
    late = days_late(promise, today)
    return (
        promise.number,
        promise.title,
        promise.done_means,
        promise.status,
        "yes" if late else "no",
        late,
        promise.owner_office,
        promise.focus_area,
        "; ".join(sorted(each.name for each in promise.communities.all())),
        promise.due_on,
        promise.first_due_on,
        promise.closed_on or "",
        promise.last_updated_on or "",
        promise.updates_count,
    )
