"""``make bench`` runs every benchmark; ``python -m bench NAME …`` some of them. Nothing here is a timed test."""

from __future__ import annotations

import importlib
import sys

from bench.ground import servers
from bench.rounds import Figure, machine

BENCHES = (
    "rsvp_hot_event",
    "calendar_feed",
    "event_list",
    "page_times",
    "reminders",
    "planning",
    "ten_thousand",
    "sigkill_drill",
    "flush_drill",
)


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        print(f"There is no benchmark {', '.join(unknown)}. There are: {', '.join(BENCHES)}.")
        return 2
    with servers():
        figures: list[Figure] = []
        for name in names or BENCHES:
            print(f"# {name}", flush=True)
            figures += importlib.import_module(f"bench.{name}").run()
        print(f"\n{machine()}\n")
        print("| work | Engage: median (min–max) | limit: median (min–max) | ratio | target | |")
        print("|---|---|---|---|---|---|")
        for figure in figures:
            print(figure.row())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
