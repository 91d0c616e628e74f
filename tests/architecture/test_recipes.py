"""docs/recipes.md and docs/house.md say where to look; each line's file is there and holds the words named; the picture is today's."""

from __future__ import annotations

import re

import pytest

from tests.architecture.sources import ROOT, text_of
from tools import picture

_LINE = re.compile(r"`([\w./-]+\.\w+)`: `([^`]+)`")
# A walk or a recipe has that many files; a plain field on an event may have seven at most.
LISTS = {"docs/recipes.md": 36, "docs/house.md": 23}


@pytest.mark.parametrize("doc", LISTS)
def test_each_file_of_a_recipe_is_there_and_holds_what_it_is_named_for(doc: str) -> None:
    lines = _LINE.findall(text_of(ROOT / doc))
    assert len(lines) >= LISTS[doc]
    assert [
        f"{name}: {words}"
        for name, words in lines
        if not (ROOT / name).is_file() or words not in text_of(ROOT / name)
    ] == []


@pytest.mark.parametrize(
    ("recipe", "most"),
    [
        ("A plain field on an event", 7),
        ("A setting of an agency", 4),
        ("A kind of letter", 2),
        ("A page of the desk", 5),
        ("Which role may do an act", 2),
    ],
)
def test_a_change_touches_few_files(recipe: str, most: int) -> None:
    steps = re.split(
        r"^## ", text_of(ROOT / "docs" / "recipes.md").split(f"## {recipe}\n")[1], flags=re.MULTILINE
    )[0]
    assert 0 < len(re.findall(r"^\d+\. ", steps, flags=re.MULTILINE)) <= most


def test_the_picture_of_the_house_is_drawn_from_the_imports_of_today() -> None:
    assert picture.FILE.read_text(encoding="utf-8") == picture.drawn(), ".venv/bin/python -m tools.picture"
