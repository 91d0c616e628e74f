"""A reader that finds nothing wrong with a false page would make every year look true."""

from __future__ import annotations

import ast
import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from bench.truth.reading.event_times import hold_when
from bench.truth.reading.findings import Findings
from bench.truth.reading.words import days_in, times_in

READING = Path(__file__).resolve().parents[2] / "bench" / "truth" / "reading"
EVENT: dict[str, Any] = {
    "local_starts_at": dt.datetime(2027, 1, 13, 18, 30),
    "local_ends_at": dt.datetime(2027, 1, 15, 20, 0),
    "doors_open_at": None,
    "timezone": "America/Denver",
    "agency_zone": "America/Chicago",
    "format": "in_person",
}
EN = "Wednesday, January 13, to Friday, January 15, 2027, 6:30 p.m. (first day) to 8 p.m. (last day) Mountain Time"
ES = "miércoles, 13 de enero, al viernes, 15 de enero de 2027, 6:30\xa0p.\xa0m. (primer día) a 8:00\xa0p.\xa0m. (último día), hora de la montaña"


def false_in(said: str, language: str) -> list[str]:
    found = Findings(seed=0, says={}, false=[])
    hold_when(found, said, EVENT, language, "letter", today=dt.date.min)
    return found.false


@pytest.mark.parametrize(("said", "language"), [(EN, "en"), (ES, "es")])
def test_what_is_so_is_found_true(said: str, language: str) -> None:
    assert false_in(said, language) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("January 13", "January 14"),
        ("Wednesday", "Tuesday"),
        ("2027", "2026"),
        ("6:30 p.m.", "6:30 a.m."),
        ("8 p.m.", "9 p.m."),
        (" Mountain Time", ""),
        ("Mountain Time", "Central Time"),
        ("Mountain Time", "America/Denver"),
        (", to Friday, January 15", ""),
    ],
)
def test_each_part_that_is_false_is_found(right: str, wrong: str) -> None:
    assert false_in(EN.replace(right, wrong), "en")


def test_noon_and_midnight_are_hours_too() -> None:
    assert times_in("noon to midnight", "en") == [dt.time(12), dt.time(0)]
    assert times_in("12 a.m. to 12:30 p.m.", "en") == [dt.time(0), dt.time(12, 30)]
    assert [(one.day, one.month) for one in days_in("el 1 de marzo y el 2 de abril de 2027", "es")] == [
        (1, 3),
        (2, 4),
    ]


def test_the_reader_knows_none_of_the_product() -> None:
    """Else a fault of ours would be read by the same fault, and found true."""
    ours = {"api", "config", "demo", "engage", "events", "outreach", "servers", "tools", "web"}
    for file in READING.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [one.name for one in node.names] if isinstance(node, ast.Import) else []
            assert not {name.partition(".")[0] for name in names} & ours, f"{file.name}: {names}"
