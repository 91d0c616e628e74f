"""What was read and found false, with all that it takes to see it again."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

_LEFT_OUT = frozenset(
    {"vevent", "description", "translations", "getting_there", "sealed_name", "last_join_fit"}
)


@dataclass
class Findings:
    """says: statements read, by what they are about. false: each a text with the place, the words and the row.

    aloud: what each is told to at once; a story that breaks off later has told it.
    """

    seed: int
    says: dict[str, int]
    false: list[str]
    aloud: Callable[[str], None] | None = None
    lately: deque[str] = field(default_factory=lambda: deque(maxlen=15))
    known: set[tuple[str, str]] = field(default_factory=set)

    def hold(self, true: bool, what: str, where: str, said: object, row: Any = None) -> bool:
        """One statement. what: what it is about; where: on which surface, its first word its kind.

        The same fault on a surface of the same kind is told once.
        """
        self.says[what] = self.says.get(what, 0) + 1
        if true:
            return True
        kind = (what, where.split(" ", maxsplit=1)[0])
        if kind not in self.known:
            self.known.add(kind)
            lately = "\n    ".join(self.lately)
            told = (
                f"FALSE: {what}, on {where} (seed {self.seed})\n"
                f"  said: {str(said)[:1500]}\n  row: {_short(row)}\n  before it:\n    {lately}"
            )
            self.false.append(told)
            if self.aloud:
                self.aloud(f"\n{told}\n")
        return False


def _short(row: Any) -> str:
    if not isinstance(row, dict):
        return str(row)
    told = {
        name: value
        for name, value in row.items()
        if name not in _LEFT_OUT and value is not None and value != ""
    }
    return ", ".join(f"{name}={value}" for name, value in told.items())
