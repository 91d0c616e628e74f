"""The first wording of a summary: counts, themes, allowed quotes and promises, as they stand on the record."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.db.models import Count, F, QuerySet

from engage.agencies.languages import first_language, in_language
from engage.commitments.models import Commitment
from engage.listening.models import Contribution, SaidBy, Theme
from events.door.attendance import attendance
from events.event.models import Event

QUOTES_A_THEME: Final = 3


def drawn_from_the_record(event: Event) -> dict[str, Any]:
    """The parts of a new version. heard: themes of what was shown, the most raised first, then nothing invented."""
    languages = list(event.languages) or ["en"]
    heard, translations = _heard(event, languages)
    return {
        "heard": heard,
        "translations": translations,
        "will_do": _commitments(event),
        "will_not_do": [],
        "attendance": attendance(event),
        "languages": languages,
    }


def contributions_of_the_public(event: Event) -> QuerySet[Contribution]:
    """What was shown of it; what the department itself said in the room is not what it heard."""
    shown = Contribution.objects.filter(event=event, moderation=Contribution.Moderation.SHOWN)
    return shown.exclude(said_by=SaidBy.DEPARTMENT)


def counts_by_theme(event: Event) -> dict[UUID, int]:
    """How many of what was shown stand under each theme. One query."""
    grouped = contributions_of_the_public(event).exclude(theme=None).order_by().values_list("theme")
    return dict(grouped.annotate(n=Count("pk")))


def _heard(event: Event, languages: list[str]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The themes in the first of the languages, and what staff had them translated into of the others."""
    drawn, own = _themes(event), first_language(event.agency)
    heard = [part | _said(theme, languages[0], own) for theme, part in drawn]
    translated = {
        language: {"heard": [_said(theme, language, own) for theme, _part in drawn]}
        for language in languages[1:]
        if any(
            theme.translations.get(language if language != own else languages[0]) for theme, _part in drawn
        )
    }
    return heard, translated


def _said(theme: Theme, language: str, own: str) -> dict[str, str]:
    told = {} if language == own else theme.translations
    return {name: str(in_language(told, language, name, getattr(theme, name))) for name in ("title", "text")}


def _themes(event: Event) -> list[tuple[Theme, dict[str, Any]]]:
    shown = contributions_of_the_public(event)
    counts = counts_by_theme(event)
    quotes: dict[UUID, list[str]] = {}
    for theme_id, body in (
        shown.filter(may_quote=True, theme__isnull=False)
        .order_by(F("endorsements_count").desc(), "pk")
        .values_list("theme_id", "body")
    ):
        kept = quotes.setdefault(theme_id, [])
        if len(kept) < QUOTES_A_THEME:
            kept.append(body)
    themes = Theme.objects.filter(pk__in=counts) | Theme.objects.filter(event=event)
    heard = [
        (
            theme,
            {"theme": str(theme.pk), "count": counts.get(theme.pk, 0), "quotes": quotes.get(theme.pk, [])},
        )
        for theme in themes.order_by("title", "pk")
    ]
    return sorted(heard, key=lambda one: -one[1]["count"])


def _commitments(event: Event) -> list[UUID]:
    return list(Commitment.objects.filter(event=event).order_by("due_on", "pk").values_list("pk", flat=True))
