"""Writes what came of the meetings: published for most, one approved, one drafted, the newest still to be written."""

from __future__ import annotations

import datetime as dt
from typing import Any

from config.made_year.year import Year
from engage.models import Commitment, Contribution, Role
from events.calendar_export import renew_vevent
from events.models import Event, EventStatus, EventTotals
from outreach.models import OutcomeSummary, SummaryStatus, SummaryVersion

_WRITTEN = dt.timedelta(days=6)
_PUBLISHED = dt.timedelta(days=9)


def load_summaries(year: Year) -> None:
    said = _by_event(year)
    promised: dict[Any, list[Any]] = {}
    for event_id, pk in Commitment.objects.filter(draft=False).values_list("event_id", "pk"):
        promised.setdefault(event_id, []).append(pk)
    totals = {row.event_id: row for row in EventTotals.objects.all()}
    summaries: list[OutcomeSummary] = []
    versions: list[SummaryVersion] = []
    public = [
        event for event in year.events if event.status == EventStatus.ENDED and event.audience == "public"
    ]
    for event in public:
        status = _how_far(year, event)
        if status is None:
            continue
        summary = OutcomeSummary(agency=event.agency, event=event, created_at=event.ends_at + _WRITTEN)
        version = _version(year, summary, said.get(event.pk, []), totals.get(event.pk))
        version.will_do = promised.get(event.pk, [])
        _settle(year, summary, version, status)
        summaries.append(summary)
        versions.append(version)
    OutcomeSummary.objects.bulk_create(summaries)
    SummaryVersion.objects.bulk_create(versions)
    _mark_reported(year, [version for version in versions if version.published_at])


def _how_far(year: Year, event: Event) -> SummaryStatus | None:
    age = year.now - event.ends_at
    if age > dt.timedelta(days=24):
        return SummaryStatus.PUBLISHED
    if age > dt.timedelta(days=16):
        return SummaryStatus.APPROVED
    return SummaryStatus.DRAFT if age > dt.timedelta(days=8) else None


def _by_event(year: Year) -> dict[Any, list[Contribution]]:
    found: dict[Any, list[Contribution]] = {}
    shown = Contribution.objects.filter(moderation=Contribution.Moderation.SHOWN).select_related("theme")
    for one in shown.filter(event__in=year.events):
        found.setdefault(one.event_id, []).append(one)
    return found


def _version(
    year: Year, summary: OutcomeSummary, said: list[Contribution], totals: EventTotals | None
) -> SummaryVersion:
    event = summary.event
    came = totals.came + totals.walk_ins if totals else 0
    return SummaryVersion(
        agency=event.agency,
        summary=summary,
        number=1,
        heard=_heard(said),
        attendance={"total": max(came, totals.head_count if totals else 0)},
        next_steps="Each promise has an owner and a day. You can follow them on the agency's page.",
        languages=["en"],
        drafted_by=year.staff(event.agency.slug, Role.Kind.LIAISON),
        drafted_at=event.ends_at + _WRITTEN,
    )


def _heard(said: list[Contribution]) -> list[dict[str, Any]]:
    """The themes raised most first; what stands under no theme makes a part of its own."""
    heard: dict[Any, dict[str, Any]] = {}
    for one in said:
        theme = one.theme
        part = heard.setdefault(
            one.theme_id,
            {
                "theme": str(theme.pk) if theme else None,
                "title": theme.title if theme else "What else was on people's minds",
                "count": 0,
                "text": theme.text if theme else "Questions and worries that fit under no heading yet.",
                "quotes": [],
            },
        )
        part["count"] += 1
        if one.may_quote and len(part["quotes"]) < 2:
            part["quotes"].append(one.body)
    return sorted(heard.values(), key=lambda part: -part["count"])


def _settle(year: Year, summary: OutcomeSummary, version: SummaryVersion, status: SummaryStatus) -> None:
    event = summary.event
    version.status = status.value
    if status is SummaryStatus.DRAFT:
        return
    version.approved_by = year.staff(event.agency.slug, Role.Kind.LEADER)
    version.approved_at = event.ends_at + _WRITTEN + dt.timedelta(days=1)
    version.reply = "I was there and heard it. We will be measured by the days named here."
    if status is SummaryStatus.PUBLISHED:
        version.published_by = version.drafted_by
        version.published_at = summary.first_published_at = event.ends_at + _PUBLISHED
        year.note(
            "summary.published", summary, at=version.published_at, actor=version.published_by, public=True
        )


def _mark_reported(year: Year, published: list[SummaryVersion]) -> None:
    reported = []
    for version in published:
        event = version.summary.event
        event.status, event.sequence = EventStatus.REPORTED.value, event.sequence + 1
        renew_vevent(event, now=version.published_at or year.now)
        reported.append(event)
    Event.objects.bulk_update(reported, ["status", "sequence", "vevent", "feed_changed_at"])
