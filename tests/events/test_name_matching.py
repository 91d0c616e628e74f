"""Names are found as they are heard: without accents and capitals, at any word, and what was typed is marked."""

from __future__ import annotations

import pytest

from events.door.guests import folded, marked, match


@pytest.mark.parametrize(
    ("name", "typed", "rank"),
    [
        ("Linh Nguyễn", "ngu", 0),
        ("LINH NGUYỄN", "linh nguyen", 0),
        ("Đorđe Łukasz", "dor luk", 0),
        ("Jean-Luc Moreau", "luc", 1),
        ("Susan Anders", "an", 0),
        ("Susan", "an", 1),
        ("田中太郎", "太郎", 1),
        ("Straße", "strasse", 0),
        ("Ada Park", "park ada", 0),
        ("Ada Park", "okon", None),
        ("Ada Park", "ada okon", None),
        ("Ada  Park", " ADA   park ", 0),
    ],
)
def test_a_name_is_found(name: str, typed: str, rank: int | None) -> None:
    assert match(folded(name), folded(typed)) == rank


@pytest.mark.parametrize(
    ("name", "typed", "hits"),
    [
        ("Linh Nguyễn", "ngu", ["Ngu"]),
        ("Nguye\u0302\u0303n", "nguyen", ["Nguye\u0302\u0303n"]),
        ("Susan Anders", "an", ["An"]),
        ("Ada Park", "pa ad", ["Ad", "Pa"]),
        ("Straße", "strass", ["Straß"]),
        ("Ada", "", []),
        ("", "ada", []),
    ],
)
def test_what_was_typed_is_marked_and_nothing_is_lost(name: str, typed: str, hits: list[str]) -> None:
    pieces = marked(name, folded(typed))
    assert "".join(piece for piece, _hit in pieces) == name
    assert [piece for piece, hit in pieces if hit] == hits
