"""A summary as it is read: which wording of it, and its parts in one language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from events.event.models import Event
from events.event.permissions import public_events
from outreach.summaries.models import OutcomeSummary, SummaryStatus, SummaryVersion


def published_versions() -> QuerySet[SummaryVersion]:
    """Of public meetings, as everybody reads them: the summary published last on top, its latest wording first."""
    return _published(SummaryVersion.objects.filter(summary__event__in=public_events().values("pk")))


def published_version(event: Event | UUID) -> SummaryVersion | None:
    """The latest published wording."""
    return _published(_versions(event)).first()


def open_versions() -> QuerySet[SummaryVersion]:
    """The wordings that staff work on: drafts, and those that are approved and not published yet. One a summary."""
    return SummaryVersion.objects.exclude(status=SummaryStatus.PUBLISHED)


def newest_version(event: Event | UUID) -> SummaryVersion | None:
    """The open wording, or else the latest published one."""
    return _versions(event).order_by("-number").first()


def open_version(event: Event | UUID) -> SummaryVersion | None:
    return _versions(event).exclude(status=SummaryStatus.PUBLISHED).first()


def first_published(event: Event) -> dt.datetime | None:
    """When it came out; None while nothing is published."""
    return OutcomeSummary.objects.filter(event=event).values_list("first_published_at", flat=True).first()


def _versions(event: Event | UUID) -> QuerySet[SummaryVersion]:
    event_id = event.pk if isinstance(event, Event) else event
    return SummaryVersion.objects.select_related("summary__event__agency").filter(summary__event_id=event_id)


def _published(versions: QuerySet[SummaryVersion]) -> QuerySet[SummaryVersion]:
    return versions.filter(status=SummaryStatus.PUBLISHED).order_by(
        "-summary__first_published_at", "-summary_id", "-number"
    )


@dataclass(frozen=True, slots=True)
class Theme:
    """count: comments under it."""

    title: str
    count: int
    text: str
    quotes: Sequence[str]


@dataclass(frozen=True, slots=True)
class Refused:
    """What was asked for and not promised, and why."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Words:
    """language: of the texts; another one than was asked for where it was not translated."""

    language: str
    translated: bool
    themes: Sequence[Theme]
    refused: Sequence[Refused]
    next_steps: str
    reply: str

    @property
    def comments(self) -> int:
        return sum(theme.count for theme in self.themes)


def words_of(version: SummaryVersion, language: str) -> Words:
    """Each part in ``language``, or as it was written first. A translation holds the same parts in the same order."""
    written = (version.languages or ["en"])[0]
    other = version.translations.get(language)
    other = other if isinstance(other, dict) else {}
    return Words(
        language=language if other else written,
        translated=bool(other) or language == written,
        themes=[_theme(part, _same(other.get("heard"), at)) for at, part in enumerate(version.heard)],
        refused=[
            _refused(part, _same(other.get("will_not_do"), at)) for at, part in enumerate(version.will_not_do)
        ],
        next_steps=_text(other, "next_steps") or version.next_steps,
        reply=_text(other, "reply") or version.reply,
    )


def _theme(part: dict[str, Any], other: dict[str, Any]) -> Theme:
    quotes = other.get("quotes")
    return Theme(
        title=_text(other, "title") or _text(part, "title"),
        count=int(part.get("count") or 0),
        text=_text(other, "text") or _text(part, "text"),
        quotes=[
            str(each)
            for each in (quotes if isinstance(quotes, list) and quotes else part.get("quotes") or [])
        ],
    )


def _refused(part: dict[str, Any], other: dict[str, Any]) -> Refused:
    return Refused(
        text=_text(other, "text") or _text(part, "text"),
        reason=_text(other, "reason") or _text(part, "reason"),
    )


def _same(parts: Any, at: int) -> dict[str, Any]:
    """The part at the same place of a translation, which is written by hand and may lack it."""
    if isinstance(parts, list) and at < len(parts) and isinstance(parts[at], dict):
        return parts[at]
    return {}


def _text(part: dict[str, Any], name: str) -> str:
    return str(part.get(name) or "")
