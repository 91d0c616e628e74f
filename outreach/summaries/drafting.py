"""The first wording of a summary: counts, themes, allowed quotes and promises, as they stand on the record."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.db.models import Count, F, QuerySet

from engage.commitments.models import Commitment
from engage.listening.models import Contribution, SaidBy, Theme
from events.door.attendance import attendance
from events.event.models import Event

QUOTES_A_THEME: Final = 3


def drawn_from_the_record(event: Event) -> dict[str, Any]:
    """The parts of a new version. heard: themes of what was shown, the most raised first, then nothing invented."""
    return {
        "heard": _themes(event),
        "will_do": _commitments(event),
        "will_not_do": [],
        "attendance": attendance(event),
        "languages": list(event.languages) or ["en"],
    }


def contributions_of_the_public(event: Event) -> QuerySet[Contribution]:
    """What was shown of it; what the department itself said in the room is not what it heard."""
    shown = Contribution.objects.filter(event=event, moderation=Contribution.Moderation.SHOWN)
    return shown.exclude(said_by=SaidBy.DEPARTMENT)


def counts_by_theme(event: Event) -> dict[UUID, int]:
    """How many of what was shown stand under each theme. One query."""
    grouped = contributions_of_the_public(event).exclude(theme=None).order_by().values_list("theme")
    return dict(grouped.annotate(n=Count("pk")))


def _themes(event: Event) -> list[dict[str, Any]]:
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
        {
            "theme": str(theme.pk),
            "title": theme.title,
            "count": counts.get(theme.pk, 0),
            "text": theme.text,
            "quotes": quotes.get(theme.pk, []),
        }
        for theme in themes.order_by("title", "pk")
    ]
    return sorted(heard, key=lambda one: -one["count"])


def _commitments(event: Event) -> list[UUID]:
    return list(Commitment.objects.filter(event=event).order_by("due_on", "pk").values_list("pk", flat=True))
