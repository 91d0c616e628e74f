"""How a commitment stands is asked of engage/commitments/standing.py, and worked out nowhere else."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.test_the_house import PACKAGES, ROOT, name_of, sources

HOME = "engage/commitments/standing.py"
# Another thing's day, or another question; each with what is compared there.
OTHERWISE = {
    "api/v1/commitments.py": "the days that an address asks for: due_before, due_after",
    "demo/made_year/events.py": "a line of a checklist",
    "engage/commitments/models.py": "constraints and indexes, which migrations hold word by word",
    "engage/listening/notes.py": "a day that somebody has just chosen",
}
_ORDERED = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_LOOKUP = re.compile(r"(?:\w+__)?due_on__(?:lt|lte|gt|gte|range)")
_OPEN = {"open", "in_progress"}


def test_nobody_else_compares_its_day_or_spells_which_statuses_are_open() -> None:
    found = {name_of(path): list(_faults(path)) for path in sources(*PACKAGES)}
    assert found[HOME], "the home is not seen, so nothing is"
    assert {name for name, faults in found.items() if faults} - {HOME, *OTHERWISE} == set()
    # What has no reason any more is struck off.
    assert [name for name in OTHERWISE if not found[name]] == []


def test_no_template_compares_its_day_either() -> None:
    compared = re.compile(r"(?<!item)\.(?:first_)?due_on\s*[<>]|[<>]=?\s*\w+\.(?:first_)?due_on")
    pages = (ROOT / "web" / "templates").rglob("*.html")
    assert [name_of(page) for page in pages if compared.search(page.read_text(encoding="utf-8"))] == []


def _faults(path: Path) -> Iterator[int]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Compare) and any(isinstance(sign, _ORDERED) for sign in node.ops):
            if any(_name(side) == "due_on" for side in (node.left, *node.comparators)):
                yield node.lineno
        elif isinstance(node, ast.keyword) and _LOOKUP.fullmatch(node.arg or ""):
            yield node.value.lineno
        elif isinstance(node, ast.List | ast.Tuple | ast.Set) and {_name(one) for one in node.elts} >= _OPEN:
            yield node.lineno


def _name(node: ast.expr) -> str:
    """``due_on`` of ``row.due_on``, ``open`` of ``"open"`` and of ``CommitmentStatus.OPEN``."""
    if isinstance(node, ast.Attribute):
        return node.attr.lower()
    if isinstance(node, ast.Name):
        return node.id
    return str(node.value) if isinstance(node, ast.Constant) else ""
