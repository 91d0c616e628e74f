"""The meetings of the made-up year: each drafted, published, held or cancelled at its time."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from demo.made_year.telling import told
from demo.made_year.year import PlannedEvent, Year
from engage.agencies.models import Agency
from engage.commitments.models import Commitment
from engage.commitments.standing import OWED
from engage.listening.models import Dialogue
from engage.local_time import local_day
from engage.retention.purge import purge
from events.door.attendance import freeze_totals
from events.door.links import LATE_SYNCS
from events.event.models import EventStatus
from events.planning.checklist import save_ticks
from events.planning.lifecycle import cancel, end, publish, start
from events.planning.models import ChecklistItem
from events.planning.scheduling import schedule

_TONIGHT_BEGAN = dt.timedelta(minutes=25)
_SUNDAY = 6
_A_DAY = dt.timedelta(days=1)


def plan_events(year: Year) -> None:
    for series in told("events")["series"]:
        for number, one in enumerate([*series["held"], *series.get("coming", ())]):
            planned = _planned(year, series, one, number)
            year.events.append(planned)
            _plan(year, planned)
    # As the worker does every hour; every two months leaves the same behind.
    for turn in range(7):
        year.at(year.now - 60 * turn * _A_DAY, lambda now: purge(now=now))


def _planned(year: Year, series: dict[str, Any], one: dict[str, Any], number: int) -> PlannedEvent:
    agency = year.agencies[series["agency"]]
    starts = _start(year, agency, series, one)
    drafted = min(starts - 28 * _A_DAY, year.now - 3 * _A_DAY)
    stopped = one.get("cancelled")
    return PlannedEvent(
        series=series,
        told=one,
        number=number,
        agency=agency,
        starts=starts,
        ends=starts + dt.timedelta(minutes=series["minutes"]),
        drafted=drafted,
        published=drafted + _A_DAY,
        cancelled=year.noon(agency, stopped["day"]) if stopped else None,
    )


def _start(year: Year, agency: Agency, series: dict[str, Any], one: dict[str, Any]) -> dt.datetime:
    """Never on a Sunday; tonight's began a moment ago, whatever the clock says there."""
    if series["at"] == "now":
        begun = (year.now - _TONIGHT_BEGAN).replace(second=0, microsecond=0)
        return begun - dt.timedelta(minutes=begun.minute % 5)
    day = local_day(agency.timezone, year.now) + dt.timedelta(days=one["day"])
    day += _A_DAY if day.weekday() == _SUNDAY else dt.timedelta()
    hour = dt.time.fromisoformat(series["at"])
    return dt.datetime.combine(day, hour, tzinfo=ZoneInfo(agency.timezone)).astimezone(dt.UTC)


def _plan(year: Year, planned: PlannedEvent) -> None:
    liaison = year.liaison(planned.agency)
    year.at(planned.drafted, lambda now: _draft(year, planned, now))
    if planned.told.get("draft"):
        return
    year.at(planned.published, lambda now: _turned(planned, publish(planned.event, actor=liaison, now=now)))
    if planned.cancelled is not None:
        reason = planned.told["cancelled"]["reason"]
        year.at(
            planned.cancelled,
            lambda now: _turned(planned, cancel(planned.event, reason=reason, actor=liaison, now=now)),
        )
        return
    year.at(planned.starts, lambda now: _turned(planned, start(planned.event, now=now)))
    year.at(planned.ends, lambda now: _turned(planned, end(planned.event, now=now)))
    year.at(planned.ends + LATE_SYNCS, lambda now: freeze_totals(now=now))
    # What is due by then is done; the rest is what the desk has to do today. Nobody looks at the lists of last year.
    if planned.ends > year.now - 45 * _A_DAY:
        year.at(min(planned.ends, year.now), lambda now: _tick(year, planned, now))


def _turned(planned: PlannedEvent, changed: Any) -> None:
    planned.event = changed.event


def _draft(year: Year, planned: PlannedEvent, now: dt.datetime) -> None:
    series, dialogue = planned.series, year.dialogues.get(planned.series.get("dialogue", ""))
    fields: dict[str, Any] = {
        name: series[name]
        for name in ("title", "description", "kind", "format", "audience")
        if name in series
    }
    if series.get("format", "in_person") != "in_person":
        fields["online_url"] = f"https://meet.{planned.agency.slug}.example/{series['key']}"
    if dialogue is not None:
        fields |= {
            "dialogue": dialogue,
            "focus_area": dialogue.focus_area,
            "participation_level": dialogue.participation_level,
        }
    planned.event = schedule(
        agency=planned.agency,
        actor=year.liaison(planned.agency),
        now=now,
        starts_at=planned.starts,
        ends_at=planned.ends,
        venue=year.venues.get(series.get("venue", "")),
        capacity=series.get("capacity"),
        discreet=series.get("discreet", False),
        languages=series.get("languages", ["en", "es"]),
        translations={"es": series["es"] | {"agenda": "\n".join(series["es"]["agenda"])}},
        run_by=series.get("run_by", planned.agency.contact_office),
        access_offered=series["access"],
        communities=[year.communities[planned.agency.slug, name] for name in series.get("communities", ())],
        agenda=[_point(dialogue, *point) for point in series["agenda"]],
        **fields,
    )


def _point(dialogue: Dialogue | None, title: str, minutes: int, *reports: str) -> dict[str, Any]:
    """reports: it is about the promise of its dialogue that is due first, where one is still owed."""
    owed = Commitment.objects.filter(OWED, dialogue=dialogue).order_by("due_on")
    return {
        "title": title,
        "minutes": minutes,
        "commitment": owed.first() if reports and dialogue is not None else None,
    }


def _tick(year: Year, planned: PlannedEvent, now: dt.datetime) -> None:
    event = planned.event
    if event.status == EventStatus.CANCELLED:
        return
    due = ChecklistItem.objects.filter(event=event, due_on__lt=local_day(event.timezone, now))
    ids = list(due.values_list("pk", flat=True))
    save_ticks(event, shown=ids, ticked=ids, actor=year.liaison(planned.agency), now=now)
