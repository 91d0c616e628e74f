"""The fault table: each drill really makes one fault and says what came of it. ``make drills`` runs them all.

A drill is a function marked with ``drill`` in a module of this folder; it answers ``Observed``. Each runs in a
process of its own, on servers of its own (``bench.drills.standing``), so that what it breaks stays broken for it alone.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Observed:
    """What was seen, in one line with its numbers, and whether that is what must hold."""

    held: bool
    said: str


@dataclass(frozen=True, slots=True)
class Drill:
    """One row of the table. limit: seconds after which it counts as not held."""

    name: str
    fault: str
    expected: str
    run: Callable[[], Observed]
    limit: float

    @property
    def names_a_time(self) -> bool:
        """Whether what must hold is a number of seconds: on a busy machine that says little."""
        return bool(re.search(r"\d s\b", self.expected))


DRILLS: dict[str, Drill] = {}


def drill(
    name: str, *, fault: str, expected: str, limit: float = 300
) -> Callable[[Callable[[], Observed]], Callable[[], Observed]]:
    """Hang a drill into the table. Raises ValueError where the name is taken."""

    def mark(run: Callable[[], Observed]) -> Callable[[], Observed]:
        if name in DRILLS:
            raise ValueError(f"There are two drills called {name}")
        DRILLS[name] = Drill(name, fault, expected, run, limit)
        return run

    return mark


def all_drills() -> list[Drill]:
    """Every drill of every module here, module by module, in the order they stand in."""
    for module in sorted(found.name for found in pkgutil.iter_modules(__path__)):
        if not module.startswith("__"):
            importlib.import_module(f"{__name__}.{module}")
    return list(DRILLS.values())
