"""``python -m bench.beside OLD_FOLDER [ROUNDS]``: what a place, a sign-in and a check-in cost, beside another checkout.

CPU of the web server an act, the two in turn (A B A B …), each on servers of its own; the ratio is new by old.
"""

from __future__ import annotations

import contextlib
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.ground import ROOT
from bench.rounds import machine

ACTS = {"rsvp": 150, "sign_in": 10, "check_in": 100}


@contextlib.contextmanager
def _side(folder: Path) -> Iterator[subprocess.Popen[str]]:
    child = subprocess.Popen(
        [sys.executable, str(ROOT / "bench" / "one_side.py")],
        cwd=folder, env=os.environ | {"PYTHONPATH": str(folder)}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        _until(child, "ready")
        yield child
    finally:
        child.communicate()


def _until(child: subprocess.Popen[str], word: str = "") -> str:
    """The next line that is ``word``, or a number."""
    assert child.stdout is not None
    for line in child.stdout:
        text = line.strip()
        if (word and text == word) or (not word and text.replace(".", "", 1).isdigit()):
            return text
    raise RuntimeError("One side ended.")


def _measured(child: subprocess.Popen[str], act: str, number: int) -> float:
    assert child.stdin is not None
    child.stdin.write(f"{act} {number}\n")
    child.stdin.flush()
    return float(_until(child))


def main(arguments: list[str]) -> int:
    if not arguments:
        print(__doc__)
        return 2
    rounds = int(arguments[1]) if len(arguments) > 1 else 5
    with _side(Path(arguments[0]).resolve()) as old, _side(ROOT) as new:
        print("| act | old, ms of CPU | new | new / old: median (min–max) |\n|---|---|---|---|")
        for act, number in ACTS.items():
            for child in (old, new):
                _measured(child, act, max(3, number // 5))
            pairs = [(_measured(old, act, number), _measured(new, act, number)) for _ in range(rounds)]
            ratios = [ours / theirs for theirs, ours in pairs]
            before, after = (statistics.median(column) for column in zip(*pairs, strict=True))
            print(
                f"| {act} | {before:.2f} | {after:.2f} | "
                f"{statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f}) |",
                flush=True,
            )
    print(f"\n{rounds} rounds; {machine()}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
