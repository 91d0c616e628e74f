"""The table in ``docs/reliability.md``: a row is put there as soon as its drill is over, and others' rows stay.

So an interrupted run keeps what it saw, and a run of some drills loses nothing of the rest. Each row says when it was
seen, and how busy the machine was: seconds mean little where others worked meanwhile.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bench.drills import Drill, Observed

BEGIN, END = "<!-- drills: begin -->", "<!-- drills: end -->"
_HEAD = ("fault", "expected", "observed", "held", "s", "load", "seen on")
# Between two cells; a bar that belongs to a cell has a backslash before it.
_BAR = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class Run:
    """How one drill went. loads: the machine's one-minute load as it began and as it was over."""

    drill: Drill
    seen: Observed
    seconds: float
    loads: tuple[float, float]
    on: dt.date

    def row(self) -> str:
        before, after = self.loads
        cells = (
            self.drill.fault, self.drill.expected, _without_our_folders(self.seen.said), "yes" if self.seen.held else "**no**",
            f"{self.seconds:.0f}", f"{before:.1f}–{after:.1f}", self.on.isoformat(),
        )  # fmt: skip
        return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _without_our_folders(said: str) -> str:
    """A drill's own folder is nobody's business in a page that is kept."""
    return re.sub(rf"{re.escape(tempfile.gettempdir())}/[\w-]+", "…", said)


def load() -> float:
    """Processes that ran or wanted to, the mean of the last minute."""
    return os.getloadavg()[0]


def head() -> str:
    return f"| {' | '.join(_HEAD)} |\n|{'---|' * len(_HEAD)}"


def put(path: Path, run: Run, known: Iterable[Drill]) -> None:
    """Write the row into ``path``, in the place of the same drill's last one. Rows of drills that are gone go.

    Raises SystemExit where the file has no marks.
    """
    text = path.read_text(encoding="utf-8")
    before, mark, rest = text.partition(BEGIN)
    inside, other_mark, after = rest.partition(END)
    if not mark or not other_mark:
        raise SystemExit(f"{path} has no {BEGIN} and {END}")
    rows = _rows(inside) | {_first_cell(run.row()): run.row()}
    faults = [_first_cell(f"| {one.fault.replace('|', chr(92) + '|')} |") for one in known]
    stand = [rows[fault] for fault in faults if fault in rows]
    held = sum("| yes |" in row for row in stand)
    table = "\n".join([head(), *stand])
    closing = f"{held} of {len(stand)} held; {len(faults) - len(stand)} of the list are not in the table yet."
    whole = f"{before}{BEGIN}\n\n{table}\n\n{closing}\n\n{END}{after}"
    # Beside it and renamed: whoever interrupts the run never leaves half a page.
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(whole, encoding="utf-8")
    beside.replace(path)


def _rows(inside: str) -> dict[str, str]:
    """By their first cell; those that were written before a column was added get it, empty."""
    found = {}
    for line in inside.splitlines():
        if not line.startswith("|") or line.startswith(("| fault |", "|---")):
            continue
        cells = _BAR.split(line)[1:-1]
        cells += [" "] * (len(_HEAD) - len(cells))
        found[cells[0].strip()] = f"|{'|'.join(cells)}|"
    return found


def _first_cell(row: str) -> str:
    return _BAR.split(row)[1].strip().replace("\n", " ")
