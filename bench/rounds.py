"""Two ways of doing the same work, in turn: the ratio holds when the machine's speed drifts."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Figure:
    """One row of the table: Engage beside its limit. Values are in ``unit``; higher is better where ``rate``."""

    name: str
    unit: str
    engage: list[float]
    limit: list[float] = field(default_factory=list)
    limit_is: str = ""
    target: str = ""
    note: str = ""

    def row(self) -> str:
        ratio = ""
        if self.limit:
            ratios = [one / other for one, other in zip(self.engage, self.limit, strict=True) if other]
            ratio = f"{statistics.median(ratios):.2f}"
        return f"| {self.name} | {_spread(self.engage)} {self.unit} | {_spread(self.limit)} {self.limit_is} | {ratio} | {self.target} | {self.note} |"


def in_turn(
    rounds: int, engage: Callable[[], float], limit: Callable[[], float]
) -> tuple[list[float], list[float]]:
    """A B A B …: ``rounds`` values of each, in the order measured."""
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(engage())
        theirs.append(limit())
    return ours, theirs


def timed(work: Callable[[], object], times: int = 1) -> float:
    """Milliseconds of one run of ``work``, the mean over ``times``."""
    began = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - began) * 1000 / times


def machine() -> str:
    """Cores and load, for the head of the table."""
    return f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.2f}"


def _spread(values: list[float]) -> str:
    if not values:
        return ""
    if len(values) == 1:
        return _number(values[0])
    return f"{_number(statistics.median(values))} ({_number(min(values))}–{_number(max(values))})"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"
