"""``make drills``: every fault, or those named (``make drills D='kill_web cache_gone'``; a part of a name will do).

Prints one table and, with ``--table FILE``, puts each row between the marks of that file as soon as it is seen; rows of
drills that were not run stay. Exit code 1 where one did not hold.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from bench.drills import Drill, Observed, all_drills
from bench.drills.table import Run, head, load, put
from bench.ground import ROOT
from bench.rounds import machine

_QUIET_WITHIN = 60.0  # seconds


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
        run = _run(one, most_load=asked.max_load)
        broken += not run.seen.held
        rows.append(run.row())
        print(rows[-1], file=sys.stderr, flush=True)
        if asked.table:
            put(Path(asked.table), run, drills)
    closing = f"{len(chosen) - broken} of {len(chosen)} held; {time.monotonic() - began:.0f} s; {machine()}."
    print("\n".join(["", head(), *rows, "", closing]))
    return 1 if broken else 0


def _run(one: Drill, *, most_load: float) -> Run:
    if one.names_a_time:
        until = time.monotonic() + _QUIET_WITHIN
        while load() >= most_load and time.monotonic() < until:
            time.sleep(2)
    before = load()
    seen, seconds = _in_its_own_process(one)
    return Run(one, seen, seconds, (before, load()), dt.datetime.now(dt.UTC).date())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.drills", description=__doc__)
    parser.add_argument("names", nargs="*", help="names of drills, or parts of them")
    parser.add_argument("--list", action="store_true", help="say what there is")
    parser.add_argument("--table", metavar="FILE", help="write the table into this file, between its marks")
    parser.add_argument(
        "--max-load", type=float, default=2.5, metavar="N",
        help="a drill that must hold within so many seconds waits a minute at most for a load below this (2.5)",
    )  # fmt: skip
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
        # Its servers ask the kernel to go with it (servers.parent_death).
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()
        return Observed(held=False, said=f"not over after {one.limit:.0f} s"), time.monotonic() - began
    seconds = time.monotonic() - began
    try:
        return Observed(**json.loads(said.strip().splitlines()[-1])), seconds
    except (IndexError, ValueError, TypeError):
        return Observed(held=False, said=f"the drill itself ended with code {child.returncode}"), seconds


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
