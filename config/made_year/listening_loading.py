"""Writes what was said at the meetings: most of it shown, the newest still waiting, two hidden with a public reason."""

from __future__ import annotations

import datetime as dt

from config.made_year.said import HIDDEN, LOOSE, SAID
from config.made_year.tonight import notes_of_tonight
from config.made_year.year import Year
from engage.models import Contribution, ContributionKind, Theme, WayIn
from events.models import Event, EventStatus

_WAYS = (WayIn.LIVE, WayIn.WEB, WayIn.PAPER, WayIn.STAFF)
# So long the newest wait for somebody to read them.
_UNREAD = dt.timedelta(days=12)


def load_listening(year: Year) -> None:
    """Also counts each theme's shown contributions."""
    said: list[Contribution] = []
    for event in year.events:
        if event.status == EventStatus.ENDED:
            said += _at(year, event)
    said += _hidden(year)
    said += notes_of_tonight(year)
    Contribution.objects.bulk_create(said, batch_size=1000)
    for theme in year.themes.values():
        theme.contributions_count = sum(
            one.theme_id == theme.pk and one.moderation == Contribution.Moderation.SHOWN for one in said
        )
    Theme.objects.bulk_update(year.themes.values(), ["contributions_count"])


def _at(year: Year, event: Event) -> list[Contribution]:
    themes = [theme for theme in year.themes.values() if theme.dialogue_id == event.dialogue_id]
    pool: list[tuple[Theme | None, tuple[ContributionKind, str, str]]] = [
        (theme, words) for theme in themes for words in SAID[theme.title]
    ] or [(None, words) for words in LOOSE]
    chosen = year.chance.sample(pool, k=min(len(pool), year.chance.randint(3, 6)))
    return [_one(year, event, theme, words) for theme, words in chosen]


def _one(
    year: Year, event: Event, theme: Theme | None, words: tuple[ContributionKind, str, str]
) -> Contribution:
    kind, language, body = words
    day = event.local_starts_at.date()
    one = Contribution(
        agency=event.agency,
        event=event,
        dialogue_id=event.dialogue_id,
        kind=kind.value,
        language=language,
        body=body,
        way_in=year.chance.choice(_WAYS).value,
        said_on=day,
        table_label=f"Table {year.chance.randint(1, 6)}" if kind == ContributionKind.NOTE else "",
        may_quote=year.chance.random() < 0.5,
    )
    if event.ends_at < year.now - _UNREAD:
        one.moderation, one.moderated_on = Contribution.Moderation.SHOWN.value, day + dt.timedelta(days=2)
        one.theme = theme
        one.endorsements_count = year.chance.randint(0, 14)
        if kind == ContributionKind.QUESTION and year.chance.random() < 0.6:
            one.answer = (
                "Thank you for asking. The answer was given at the meeting and stands in the summary."
            )
            one.answered_on = day + dt.timedelta(days=5)
    return one


def _hidden(year: Year) -> list[Contribution]:
    past = [event for event in year.events if event.status == EventStatus.ENDED]
    return [
        Contribution(
            agency=event.agency,
            event=event,
            dialogue_id=event.dialogue_id,
            body=body,
            said_on=event.local_starts_at.date(),
            moderation=Contribution.Moderation.HIDDEN.value,
            moderated_on=event.local_starts_at.date() + dt.timedelta(days=1),
            hidden_reason=reason,
        )
        for event, (body, reason) in zip(past[3:], HIDDEN, strict=False)
    ]
