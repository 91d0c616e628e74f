"""The commitments of the made-up year: 41 that count, in every state, and two drafts that do not."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Any

from demo.made_year.agencies import MAIN, owner_of
from demo.made_year.telling import told
from demo.made_year.year import PlannedEvent, Year
from engage.commitments.models import Commitment
from engage.commitments.tracking import make_commitment, update
from engage.local_time import local_day
from engage.people.models import Person


class State(StrEnum):
    """How a commitment stands on the day of the first load."""

    KEPT = "kept"
    KEPT_LATE = "kept late"
    KEPT_IN_PART = "kept in part"
    ON_TRACK = "on track"
    MOVED = "moved"
    AT_RISK = "at risk"
    LATE = "late"
    NOT_KEPT = "not kept"
    STOPPED = "stopped"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class MadeCommitment:
    """``promised``, ``due``, and the ``day`` of each line of ``history``: in days from the day of the first load."""

    agency: str
    stands: State
    title: str
    done_means: str
    es: dict[str, str]
    office: str
    focus_area: str
    promised: int
    due: int
    history: list[dict[str, Any]]
    about: tuple[str, str]
    communities: list[str] = field(default_factory=list)


COMMITMENTS = tuple(
    MadeCommitment(**made | {"stands": State(made["stands"]), "about": tuple(made.get("about", ("", "")))})
    for made in told("commitments")["commitment"]
)
MAIN_COMMITMENTS = tuple(made for made in COMMITMENTS if made.agency == MAIN)


def plan_commitments(year: Year) -> None:
    for made in COMMITMENTS:
        _plan(year, made)


def _plan(year: Year, made: MadeCommitment) -> None:
    agency = year.agencies[made.agency]
    liaison = year.liaison(agency)
    today = local_day(agency.timezone, year.now)
    heard = _heard_at(year, made)
    standing: list[Commitment] = []

    def begin(now: dt.datetime) -> None:
        standing.append(
            make_commitment(
                agency=agency,
                actor=liaison,
                now=now,
                draft=made.stands is State.DRAFT,
                communities=[year.communities[agency.slug, name] for name in made.communities],
                title=made.title,
                done_means=made.done_means,
                translations={"es": made.es},
                owner_office=made.office,
                owner=owner_of(year, agency, made.office),
                focus_area=made.focus_area,
                due_on=today + dt.timedelta(days=made.due),
                dialogue=year.dialogues.get(made.about[0]),
                theme=year.themes.get(made.about),
                event=heard.event if heard else None,
            )
        )

    year.at(heard.ends + dt.timedelta(days=2) if heard else year.noon(agency, made.promised), begin)
    for line in made.history:
        year.at(year.noon(agency, line["day"]), partial(_go_on, standing, line, liaison))


def _heard_at(year: Year, made: MadeCommitment) -> PlannedEvent | None:
    """The meeting it came from: the last public one of its dialogue two days before it was promised."""
    until = year.noon(year.agencies[made.agency], made.promised - 1)
    before = [
        planned
        for planned in year.events
        if planned.series.get("dialogue") == (made.about[0] or None)
        and planned.agency.slug == made.agency
        and planned.is_public
        and planned.cancelled is None
        and planned.ends <= until
    ]
    return max(before, key=lambda planned: planned.ends, default=None) if made.about[0] else None


def _go_on(made: list[Commitment], line: dict[str, Any], actor: Person, now: dt.datetime) -> None:
    """One line of its public history."""
    (standing,) = made
    evidence = []
    if "evidence" in line:
        url = f"https://{standing.agency.slug}.example/promises/{standing.number}"
        evidence = [{"url": url, "title": line["evidence"]}]
    moved = standing.due_on + dt.timedelta(days=line["due"]) if "due" in line else None
    update(
        standing,
        actor=actor,
        now=now,
        status=line.get("status"),
        due_on=moved,
        reason=line.get("reason", ""),
        note=line.get("note", ""),
        evidence=evidence,
    )
