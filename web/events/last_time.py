"""What came of a dialogue's last meeting, for the page of the one after it: what was heard, and each promise as it stands today."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet

from engage.commitments.listing import Listed, listed
from engage.local_time import local_day
from events.event.models import Event
from events.event.permissions import public_events
from events.event.standing import EventStanding, standings
from events.event.when import days_of
from outreach.summaries.models import SummaryVersion
from outreach.summaries.reading import published_versions
from web.commitments.rows import late_first, row_of
from web.commitments.words import legend
from web.events.words import days_late, summary_due
from web.site.frames.discretion import title_of

COMMITMENTS_SHOWN: Final = 5
# What a line about an earlier meeting says of it.
_NAMED: Final = (
    "title", "translations", "kind", "discreet", "imported", "timezone", "starts_at", "ends_at", "local_starts_at",
    "local_ends_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LastTime:
    """version: the latest wording of the last summary; None where there is none.

    unreported: a meeting after that one, which is over and of which nothing can be read yet.
    """

    version: SummaryVersion | None = None
    commitments: Sequence[Listed] = ()
    unreported: Event | None = None


def last_time_of(event: Event, *, now: dt.datetime) -> LastTime:
    """Three queries at most, none where the event belongs to no dialogue.

    The page of a discreet meeting is kept by nothing, and looks back on every meeting of its dialogue. That of any other
    may be kept, and looks back on none that is discreet.
    """
    if event.dialogue_id is None:
        return LastTime()
    before = public_events().filter(
        agency=event.agency_id, dialogue=event.dialogue_id, starts_at__lt=event.starts_at
    )
    if not event.discreet:
        before = before.filter(discreet=False)
    version = _last_summary(before)
    commitments = listed(event.agency, version.will_do) if version and version.will_do else ()
    return LastTime(version, commitments, _unreported(event, before, version, now))


def in_words(event: Event, last: LastTime, *, now: dt.datetime) -> dict[str, Any] | None:
    """For ``events/_last_time.html``: the late ones first; None where there is nothing to look back on."""
    if last.version is None and last.unreported is None:
        return None
    came_of, today = last.version and last.version.summary.event, local_day(event.agency.timezone, now)
    rows = sorted((row_of(one.commitment, today, one.words) for one in last.commitments), key=late_first)
    unreported = last.unreported
    return {
        "event": came_of,
        "title": title_of(came_of) if came_of else "",
        "rows": rows[:COMMITMENTS_SHOWN],
        "more": max(0, len(rows) - COMMITMENTS_SHOWN),
        "counts": legend(Counter(row.stands for row in rows)),
        "unreported": unreported,
        "unreported_days": days_of(unreported) if unreported else "",
        "due": summary_due(unreported) if unreported else "",
        "days_late": days_late(unreported, now) if unreported else 0,
    }


def _last_summary(before: QuerySet[Event]) -> SummaryVersion | None:
    """Of the meeting held last, not of the summary written last: that may be one that came late."""
    rows = (
        published_versions().filter(summary__event__in=before.values("pk")).select_related("summary__event")
    )
    named = (f"summary__event__{name}" for name in _NAMED)
    return (
        rows.only("will_do", "summary__event", *named)
        .order_by("-summary__event__starts_at", "-summary__event", "-number")
        .first()
    )


def _unreported(
    event: Event, before: QuerySet[Event], version: SummaryVersion | None, now: dt.datetime
) -> Event | None:
    """Of imported history no report was promised."""
    rows = before.filter(standings(now)[EventStanding.OVER], imported=False).only(*_NAMED)
    if version is not None:
        rows = rows.filter(starts_at__gt=version.summary.event.starts_at)
    found = rows.order_by("-starts_at", "-pk").first()
    if found is not None:
        found.agency = event.agency
    return found
