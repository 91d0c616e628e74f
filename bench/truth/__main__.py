"""``python -m bench.truth [DAYS] [SEED]``: a year, unless said otherwise. Exits 1 where a statement was false."""

from __future__ import annotations

import secrets
import sys

from bench.ground import servers


def _aloud(line: str) -> None:
    print(line, flush=True)


def main(arguments: list[str]) -> int:
    days = int(arguments[0]) if arguments else 365
    seed = int(arguments[1]) if len(arguments) > 1 else secrets.randbelow(1_000_000)
    print(f"{days} days, seed {seed}", flush=True)
    with servers(durable=False):
        from bench.truth.story import tell

        told = tell(days, seed, aloud=_aloud)
    print(f"acts: {sum(told.acts.values())}, letters: {told.letters}, {told.seconds:.0f} s")
    for name, many in sorted(told.acts.items()):
        print(f"  {many:5d} {name}")
    print(f"refused: {dict(sorted(told.refused.items()))}")
    print(f"statements read: {sum(told.statements.values())}")
    for name, many in sorted(told.statements.items()):
        print(f"  {many:7d} {name}")
    print(f"false: {len(told.false)}")
    return 1 if told.false else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
