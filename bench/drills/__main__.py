"""``make drills``: every fault, or those named (``make drills D='kill_web cache_gone'``; a part of a name will do).

Prints one table and, with ``--table FILE``, writes it between the marks of that file. Exit code 1 where one did not hold.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from bench.drills import Drill, Observed, all_drills
from bench.ground import ROOT
from bench.rounds import machine

BEGIN, END = "<!-- drills: begin -->", "<!-- drills: end -->"


def main(arguments: list[str]) -> int:
    asked = _parser().parse_args(arguments)
    drills = all_drills()
    if asked.alone:
        return _alone(next(one for one in drills if one.name == asked.alone))
    chosen = [one for one in drills if not asked.names or any(name in one.name for name in asked.names)]
    if asked.list or not chosen:
        print("\n".join(f"{one.name:28} {one.fault}" for one in drills))
        return 0 if asked.list else 2
    began, rows, broken = time.monotonic(), [], 0
    for one in chosen:
        print(f"# {one.name}", file=sys.stderr, flush=True)
        seen, seconds = _in_its_own_process(one)
        broken += not seen.held
        rows.append(_row(one, seen, seconds))
        print(rows[-1], file=sys.stderr, flush=True)
    table = "\n".join(["| fault | expected | observed | held | s |", "|---|---|---|---|---|", *rows])
    closing = f"{len(chosen) - broken} of {len(chosen)} held; {time.monotonic() - began:.0f} s; {machine()}."
    print(f"\n{table}\n\n{closing}")
    if asked.table:
        _write(Path(asked.table), f"{table}\n\n{closing}")
    return 1 if broken else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.drills", description=__doc__)
    parser.add_argument("names", nargs="*", help="names of drills, or parts of them")
    parser.add_argument("--list", action="store_true", help="say what there is")
    parser.add_argument("--table", metavar="FILE", help="write the table into this file, between its marks")
    parser.add_argument("--alone", help=argparse.SUPPRESS)
    return parser


def _alone(one: Drill) -> int:
    """In the process of one drill: what it saw, as the last line."""
    try:
        seen = one.run()
    except Exception as error:  # noqa: BLE001 - whatever it was, the drill did not hold, and the table says so
        import traceback

        traceback.print_exc()
        seen = Observed(held=False, said=f"{type(error).__name__}: {error}")
    print("\n" + json.dumps({"held": seen.held, "said": seen.said}), flush=True)
    return 0


def _in_its_own_process(one: Drill) -> tuple[Observed, float]:
    began = time.monotonic()
    child = subprocess.Popen(
        [sys.executable, "-m", "bench.drills", "--alone", one.name],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        said, _ = child.communicate(timeout=one.limit)
    except subprocess.TimeoutExpired:
        # Its servers ask the kernel to go with it (config.parent_death).
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()
        return Observed(held=False, said=f"not over after {one.limit:.0f} s"), time.monotonic() - began
    seconds = time.monotonic() - began
    try:
        return Observed(**json.loads(said.strip().splitlines()[-1])), seconds
    except (IndexError, ValueError, TypeError):
        return Observed(held=False, said=f"the drill itself ended with code {child.returncode}"), seconds


def _row(one: Drill, seen: Observed, seconds: float) -> str:
    cells = [one.fault, one.expected, seen.said, "yes" if seen.held else "**no**", f"{seconds:.0f}"]
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _write(path: Path, table: str) -> None:
    text = path.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    if not rest:
        raise SystemExit(f"{path} has no {BEGIN}")
    path.write_text(f"{before}{BEGIN}\n\n{table}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
