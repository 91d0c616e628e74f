"""What came of the meetings: published for most, one approved, one drafted, the newest still to be written."""

from __future__ import annotations

import datetime as dt
from typing import Any

from demo.made_year.year import PlannedEvent, Year
from engage.roles.models import Role
from outreach.summaries.models import SummaryVersion
from outreach.summaries.writing import approve, draft, edit, publish

# So many days after the meeting it is drafted, approved and published.
_USUALLY = (2.5, 5, 8)


def plan_summaries(year: Year) -> None:
    for planned in year.events:
        if planned.is_public and planned.cancelled is None and not planned.told.get("draft"):
            _plan(year, planned)


def _plan(year: Year, planned: PlannedEvent) -> None:
    liaison, leader = year.liaison(planned.agency), year.staff(planned.agency, Role.Kind.LEADER)
    versions: list[SummaryVersion] = []

    def write(now: dt.datetime) -> None:
        made = draft(planned.event, actor=liaison, now=now).version
        words = {"next_steps": planned.told["next"], "translations": _translated(planned, made)}
        versions.append(edit(made, actor=liaison, fields=words, now=now))

    def stand_by_it(now: dt.datetime) -> None:
        approve(versions[0], actor=leader, reply=planned.told["reply"], now=now)

    def make_public(now: dt.datetime) -> None:
        publish(versions[0], actor=liaison, now=now)

    days = planned.told.get("summary", _USUALLY)
    for after, act in zip(days, (write, stand_by_it, make_public), strict=False):
        year.at(planned.ends + dt.timedelta(days=after), act)


def _translated(planned: PlannedEvent, made: SummaryVersion) -> dict[str, dict[str, Any]]:
    """Beside what the draft has of its themes; the leader's reply is known, and translated, beforehand."""
    words = planned.told["in_other"]
    told = {"next_steps": words["next"]} | ({"reply": words["reply"]} if "reply" in words else {})
    other = planned.event.languages[1]
    return {other: made.translations.get(other, {}) | told}
