"""The parts of a summary in the language of the page, each as it was written first where it was not translated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from outreach.models import SummaryVersion


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
    """language: of the texts; another one than the page's where it was not translated."""

    language: str
    translated: bool
    themes: Sequence[Theme]
    refused: Sequence[Refused]
    next_steps: str
    reply: str

    @property
    def comments(self) -> int:
        return sum(theme.count for theme in self.themes)

    @property
    def most(self) -> int:
        return max((theme.count for theme in self.themes), default=0)


def words_of(version: SummaryVersion) -> Words:
    """A translation holds the same parts in the same order."""
    page, written = get_language() or "en", (version.languages or ["en"])[0]
    other = version.translations.get(page)
    other = other if isinstance(other, dict) else {}
    return Words(
        language=page if other else written,
        translated=bool(other) or page == written,
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
