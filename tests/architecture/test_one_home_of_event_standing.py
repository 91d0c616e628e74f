"""How an event stands is asked of events/event/standing.py by every surface, and worked out on none of them.

The acts of ``events`` decide by the stored status under its lock, which is another question: what may be done. What is
shown, sent or told to programs is here.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.sources import ROOT, name_of, nodes_of, sources

HOME = "events/event/standing.py"
SURFACES = ("web", "api", "outreach", "events/calendars")
# Another question than how it stands; each with what is asked there.
OTHERWISE = {
    "api/v1/events.py": "the instants that an address asks for: starts_after, starts_before",
    "events/calendars/export.py": "whether a feed may show it at all",
    "outreach/letters/about_events.py": "a reminder is for the start that it was planned for",
    "outreach/letters/about_rsvps.py": "a button that leads somewhere until the start",
    "outreach/letters/event_words.py": "a code is for who has not come in yet",
    "outreach/letters/occasion.py": "the last minute of one that was kept open",
    "outreach/summaries/writing.py": "an act: what came of it is written once it was ended",
    "web/commitments/follow_through/summaries_due.py": "what was ended and is owed, in a report over all of them",
    "web/desk/board_reading.py": "the order of the lanes, along an index on the status",
    "web/desk/turning.py": "an act: a draft alone can be published, or thrown away",
    "web/door/links.py": "an act: until when a link to the door can be made",
    "web/events/finding.py": "what of the index is read at all",
    "web/events/last_time.py": "which of two meetings was before the other",
    "web/events/staff_head.py": "who may see it, and which acts are open to staff",
    "web/events/stages.py": "what staff did with it, and do next; no clock publishes or reports",
    "web/summaries/editing.py": "an act: what came of it is published once it was ended",
}
_INSTANTS = {"starts_at", "ends_at", "over_at"}
_ORDERED = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_LOOKUP = re.compile(r"(?:\w+__)?(?:starts_at|ends_at)__(?:lt|lte|gt|gte|range)")
_GROUPS = {"OPEN", "OVER", "STANDING"}


def test_no_surface_works_it_out_from_a_status_or_a_clock() -> None:
    found = {name_of(path): list(_faults(path)) for path in (ROOT / HOME, *sources(*SURFACES))}
    assert found[HOME], "the home is not seen, so nothing is"
    known = {HOME, *OTHERWISE}
    assert {name: lines for name, lines in found.items() if lines and name not in known} == {}
    # What has no reason any more is struck off.
    assert [name for name in OTHERWISE if not found[name]] == []


def test_no_template_asks_for_its_status() -> None:
    asked = re.compile(r"\bevent\.status\b")
    pages = [*(ROOT / "web" / "templates").rglob("*.html"), *(ROOT / "outreach" / "templates").rglob("*")]
    found = {
        name_of(page) for page in pages if page.is_file() and asked.search(page.read_text(encoding="utf-8"))
    }
    assert found == set()


def _faults(path: Path) -> Iterator[int]:
    for node in nodes_of(path):
        if isinstance(node, ast.Compare) and _is_asked(node):
            yield node.lineno
        elif isinstance(node, ast.keyword) and (_LOOKUP.fullmatch(node.arg or "") or _is_status(node)):
            yield node.value.lineno


def _is_asked(node: ast.Compare) -> bool:
    sides = [node.left, *node.comparators]
    if any(isinstance(sign, _ORDERED) for sign in node.ops):
        return any(_name(side) in _INSTANTS for side in sides)
    of_status = any(isinstance(side, ast.Attribute) and side.attr == "status" for side in sides)
    return of_status and any(_names_a_status(side) for side in sides)


def _is_status(node: ast.keyword) -> bool:
    return (node.arg or "").split("__")[-1] == "status" and _names_a_status(node.value)


def _names_a_status(node: ast.expr) -> bool:
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return any(_names_a_status(one) for one in node.elts)
    if isinstance(node, ast.Attribute):
        return isinstance(node.value, ast.Name) and node.value.id == "EventStatus"
    return isinstance(node, ast.Name) and node.id in _GROUPS


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
