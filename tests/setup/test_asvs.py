"""docs/asvs.md: every requirement of levels 1 and 2 once, and no test is named that is not there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
_ROW = re.compile(
    r"^\| (\d+\.\d+\.\d+) \| (.+?) \| (met|in part|\*\*not met\*\*|does not apply) \| (.+) \|$", re.MULTILINE
)

# ASVS 5.0.0: by section, the numbers at levels 1 and 2; and what is taken of level 3.
LEVELS_1_AND_2 = {
    "1.1": "1-2", "1.2": "1-9", "1.3": "1-11", "1.4": "1-3", "1.5": "1-2", "2.1": "1-3", "2.2": "1-3", "2.3": "1-4",
    "2.4": "1", "3.2": "1-2", "3.3": "1-4", "3.4": "1-6", "3.5": "1-5", "3.7": "1-2", "4.1": "1-3", "4.2": "1",
    "4.3": "1-2", "4.4": "1-4", "5.1": "1", "5.2": "1-3", "5.3": "1-2", "5.4": "1-3", "6.1": "1-3", "6.2": "1-12",
    "6.3": "1-4", "6.4": "1-4", "6.5": "1-5", "6.6": "1-3", "6.8": "1-4", "7.1": "1-3", "7.2": "1-4", "7.3": "1-2",
    "7.4": "1-5", "7.5": "1-2", "7.6": "1-2", "8.1": "1-2", "8.2": "1-3", "8.3": "1", "8.4": "1", "9.1": "1-3",
    "9.2": "1-4", "10.1": "1-2", "10.2": "1-2", "10.3": "1-4", "10.4": "1-11", "10.5": "1-5", "10.6": "1-2",
    "10.7": "1-3", "11.1": "1-2", "11.2": "1-3", "11.3": "1-3", "11.4": "1-4", "11.5": "1", "11.6": "1", "12.1": "1-3",
    "12.2": "1-2", "12.3": "1-4", "13.1": "1", "13.2": "1-5", "13.3": "1-2", "13.4": "1-5", "14.1": "1-2",
    "14.2": "1-4", "14.3": "1-3", "15.1": "1-3", "15.2": "1-3", "15.3": "1-7", "16.1": "1", "16.2": "1-5", "16.3": "1-4",
    "16.4": "1-3", "16.5": "1-3", "17.1": "1", "17.2": "1-4", "17.3": "1-2",
}  # fmt: skip
OF_LEVEL_3 = {"1.2.10", "1.3.12", "14.2.7", "15.4.2"}


def _asked() -> Iterator[str]:
    for section, numbers in LEVELS_1_AND_2.items():
        first, _, last = numbers.partition("-")
        yield from (f"{section}.{number}" for number in range(int(first), int(last or first) + 1))


def test_every_requirement_of_levels_1_and_2_stands_there_once() -> None:
    asked = [*_asked(), *OF_LEVEL_3]
    assert len(asked) == 253 + len(OF_LEVEL_3)
    assert sorted(row[0] for row in _ROW.findall(PAGE)) == sorted(asked)


def test_each_test_that_is_named_is_there() -> None:
    missing = []
    for file, name in re.findall(r"`([\w/]+\.py)::(\w+)`", PAGE):
        path = ROOT / "tests" / file
        if not path.is_file() or f"def {name}(" not in path.read_text(encoding="utf-8"):
            missing.append(f"{file}::{name}")
    assert missing == []


def test_whatever_is_met_says_how() -> None:
    silent = [
        number
        for number, _words, state, how in _ROW.findall(PAGE)
        if state == "met" and not re.search(r"::test_|[Bb]y reading|docs/|make |[a-z]{4}", how)
    ]
    assert silent == []
