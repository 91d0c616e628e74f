"""The conversations of the made-up year, from their first plan to where they stand, and the rooms people met in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

from demo.made_year.telling import told
from demo.made_year.year import Year
from engage.listening.dialogues import close_dialogue, open_dialogue, report_dialogue, start_dialogue
from engage.listening.theming import make_theme
from events.planning.venues import add_venue

_FACTS = ("title", "purpose", "focus_area", "participation_level")
# Those that are still in planning were begun so long ago.
_IN_PLANNING = -30


def plan_dialogues(year: Year) -> None:
    content = told("dialogues")
    for made in content["venue"]:
        facts = {name: value for name, value in made.items() if name not in {"key", "agency", "es"}}
        facts["translations"] = {"es": made["es"]}
        agency = year.agencies[made["agency"]]
        year.venues[made["key"]] = add_venue(
            agency=agency, actor=year.liaison(agency), now=year.now - dt.timedelta(days=419), **facts
        )
    for made in content["dialogue"]:
        _plan(year, made)


def _plan(year: Year, made: dict[str, Any]) -> None:
    agency = year.agencies[made["agency"]]
    liaison = year.liaison(agency)

    def begin(now: dt.datetime) -> None:
        dialogue = year.dialogues[made["key"]] = start_dialogue(
            agency=agency,
            actor=liaison,
            communities=[year.communities[agency.slug, name] for name in made.get("communities", ())],
            now=now,
            **{name: made[name] for name in _FACTS},
        )
        for theme in made.get("themes", ()):
            facts = {"title": theme["title"], "text": theme["text"], "translations": {"es": theme["es"]}}
            year.themes[made["key"], theme["title"]] = make_theme(
                actor=liaison, dialogue=dialogue, now=now, **facts
            )

    year.at(year.noon(agency, made.get("opened", _IN_PLANNING) - 3), begin)
    for name, turn in (("opened", open_dialogue), ("closed", close_dialogue), ("reported", report_dialogue)):
        if name in made:
            year.at(year.noon(agency, made[name]), partial(_turn, year, made["key"], turn))


def _turn(year: Year, key: str, turn: Callable[..., object], now: dt.datetime) -> None:
    dialogue = year.dialogues[key]
    turn(dialogue, actor=year.liaison(dialogue.agency), now=now)
