"""A summary as it is read: which wording of it, and its parts in one language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from engage.agencies.languages import Worded
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

    title: Worded
    count: int
    text: Worded
    quotes: Sequence[Worded]


@dataclass(frozen=True, slots=True)
class Refused:
    """What was asked for and not promised, and why."""

    text: Worded
    reason: Worded


@dataclass(frozen=True, slots=True)
class Words:
    """language: of the texts; another one than was asked for where it was not translated."""

    language: str
    translated: bool
    themes: Sequence[Theme]
    refused: Sequence[Refused]
    next_steps: Worded
    reply: Worded

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
        themes=[
            _theme(part, _same(other.get("heard"), at), language, written)
            for at, part in enumerate(version.heard)
        ],
        refused=[
            _refused(part, _same(other.get("will_not_do"), at), language, written)
            for at, part in enumerate(version.will_not_do)
        ],
        next_steps=_in_either("next_steps", {"next_steps": version.next_steps}, other, language, written),
        reply=_in_either("reply", {"reply": version.reply}, other, language, written),
    )


def _theme(part: dict[str, Any], other: dict[str, Any], language: str, written: str) -> Theme:
    first = [str(quote) for quote in part.get("quotes") or []]
    quotes = other.get("quotes")
    told = [str(quote) for quote in quotes] if isinstance(quotes, list) and quotes else first
    return Theme(
        title=_in_either("title", part, other, language, written),
        count=int(part.get("count") or 0),
        text=_in_either("text", part, other, language, written),
        quotes=[Worded(quote, written if quote in first else language) for quote in told],
    )


def _refused(part: dict[str, Any], other: dict[str, Any], language: str, written: str) -> Refused:
    return Refused(
        text=_in_either("text", part, other, language, written),
        reason=_in_either("reason", part, other, language, written),
    )


def _in_either(name: str, part: dict[str, Any], other: dict[str, Any], language: str, written: str) -> Worded:
    """Translated, or as it was written."""
    found = _text(other, name)
    return Worded(found, language) if found else Worded(_text(part, name), written)


def _same(parts: Any, at: int) -> dict[str, Any]:
    """The part at the same place of a translation, which is written by hand and may lack it."""
    if isinstance(parts, list) and at < len(parts) and isinstance(parts[at], dict):
        return parts[at]
    return {}


def _text(part: dict[str, Any], name: str) -> str:
    return str(part.get(name) or "")
