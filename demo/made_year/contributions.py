"""What was said at the meetings, and what the desk made of it: shown under a theme, answered, or hidden with a public reason."""

from __future__ import annotations

import datetime as dt
from typing import Any

from demo.made_year.telling import told
from demo.made_year.year import PlannedEvent, Year
from engage.listening.contributing import contribute, endorse, note_down
from engage.listening.models import Contribution, ContributionIntake, ContributionKind, Theme, WayIn
from engage.listening.moderating import answer, hide, show
from engage.listening.theming import make_theme

_WAYS = (WayIn.LIVE, WayIn.PAPER, WayIn.STAFF)
_IN_SPANISH: dict[str, str] = told("contributions")["themes_in_spanish"]
_EVENT = ContributionIntake.Target.EVENT
_READ = dt.timedelta(days=2)
_ANSWERED = dt.timedelta(days=5)


def plan_contributions(year: Year) -> None:
    words = told("contributions")
    words.pop("themes_in_spanish")
    asked = words.pop("asked")
    for key, made in words.items():
        held = [one for one in year.events if one.series["key"] == key and one.cancelled is None]
        # The meetings ahead stand behind those that were held.
        for planned, lines in zip(held, made["said"], strict=False):
            for number, one in enumerate(lines):
                when = (
                    planned.starts
                    if planned.is_tonight
                    else planned.starts + dt.timedelta(minutes=25 + 3 * number)
                )
                year.at(when, _saying(year, planned, one))
    for one in asked:
        ahead = [
            each for each in year.events if each.series["key"] == one["series"] and each.starts > year.now
        ]
        year.at(year.noon(ahead[0].agency, one["day"]), _asking(ahead[0], one))


def _saying(year: Year, planned: PlannedEvent, one: dict[str, Any]) -> Any:
    way_in = WayIn.LIVE if planned.is_tonight else year.chance.choice(_WAYS)
    table = one.get("table") or (f"Table {year.chance.randint(1, 6)}" if one["kind"] == "note" else "")
    marks = [year.chance.randbytes(32) for _mark in range(max(0, year.chance.randint(-4, 3)))]

    is_read = not planned.is_tonight and not planned.told.get("unread")

    def act(now: dt.datetime) -> None:
        contribution = note_down(
            agency=planned.agency,
            target=_EVENT,
            target_id=planned.event.pk,
            body=one["text"],
            language=one.get("language", "en"),
            actor=year.liaison(planned.agency),
            now=now,
            kind=one["kind"],
            way_in=way_in,
            table_label=table,
            may_quote=one.get("quote", False),
            theme=_theme(year, planned, one, now) if is_read else None,
        )
        if is_read:
            year.at(planned.ends + _READ, lambda now: _read(year, contribution, one, marks, now))

    return act


def _theme(year: Year, planned: PlannedEvent, one: dict[str, Any], now: dt.datetime) -> Theme | None:
    """The heading it was written down under: of the dialogue, or made for the meeting where it has none."""
    if "theme" not in one:
        return None
    key = planned.series.get("dialogue", planned.event.pk), one["theme"]
    if key not in year.themes:
        year.themes[key] = make_theme(
            title=one["theme"],
            translations={"es": {"title": _IN_SPANISH[one["theme"]]}},
            event=planned.event,
            actor=year.liaison(planned.agency),
            now=now,
        )
    return year.themes[key]


def _read(
    year: Year, contribution: Contribution, one: dict[str, Any], marks: list[bytes], now: dt.datetime
) -> None:
    liaison = year.liaison(contribution.agency)
    if "hidden" in one:
        hide(contribution, reason=one["hidden"], actor=liaison, now=now)
        return
    show(contribution, actor=liaison, now=now)
    for mark in marks:
        endorse(contribution, mark=mark, now=now)
    if "answer" in one:
        year.at(
            now - _READ + _ANSWERED,
            lambda now: answer(contribution, text=one["answer"], actor=liaison, now=now),
        )


def _asking(planned: PlannedEvent, one: dict[str, Any]) -> Any:
    return lambda now: contribute(
        agency=planned.agency,
        target=_EVENT,
        target_id=planned.event.pk,
        kind=ContributionKind.QUESTION,
        body=one["text"],
        language=one.get("language", "en"),
        way_in=WayIn.WEB,
        email=f"question{-one['day']}.{planned.series['key']}@mail.example",
        now=now,
    )
