"""A disk without room, and one that takes no writes: small file systems in memory, which only root may mount."""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.drills import Observed, drill
from bench.drills.standing import Site, a_site, an_event, counted, mailed, residents

NOT_ALLOWED = "not run: only root may mount a small disk, and here even that is refused"
_MEGABYTE = 1_000_000


class MayNotMount(Exception):
    """This user, or this container, may mount nothing."""


@contextlib.contextmanager
def a_small_disk(megabytes: int, *, writable: bool = True) -> Iterator[Path]:
    """A folder with so much room. Raises MayNotMount."""
    with tempfile.TemporaryDirectory(prefix="engage-disk-", dir="/tmp") as name:
        options = f"size={megabytes}m,mode=0700,{'rw' if writable else 'ro'}"
        try:
            made = subprocess.run(
                ["mount", "-t", "tmpfs", "-o", options, "tmpfs", name], capture_output=True, check=False
            )
        except FileNotFoundError:
            raise MayNotMount from None
        if made.returncode != 0:
            raise MayNotMount
        try:
            yield Path(name)
        finally:
            # Whoever was killed a moment ago may still hold a file.
            subprocess.run(["umount", "--lazy", name], check=True)


def fill(disk: Path) -> Path:
    """One file that leaves no byte free; to be deleted."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(bytes(_MEGABYTE)) == _MEGABYTE:
            pass
    return ballast


def _kept_full(site: Site, disk: Path, seconds: float) -> tuple[set[int], bool]:
    """What /readyz said meanwhile, and whether PostgreSQL ended; it is started again as whoever keeps processes does."""
    said, ended, until = set(), False, time.monotonic() + seconds
    ballast = fill(disk)
    while time.monotonic() < until:
        said.add(site.get("/readyz", timeout=5)[0])
        ended = ended or site.children["postgres"].poll() is not None
        time.sleep(0.5)
    ballast.unlink()
    if site.children["postgres"].poll() is not None:
        site.start("postgres")
    return said, ended


@drill("full_disk", fault="no room where PostgreSQL keeps its data, for 15 s under load", expected="503 with Retry-After meanwhile, /readyz too; no place told of is lost, each letter once; back within 10 s of room")  # fmt: skip
def full_disk() -> Observed:
    try:
        with a_small_disk(400) as disk, a_site(disk=disk) as site:
            event = an_event()
            with residents(site, event) as seen:
                time.sleep(2)
                said, ended = _kept_full(site, disk, 15)
                room = time.monotonic()
                time.sleep(12)
                first = min((at - room for at in seen.successes if at >= room), default=99.0)
            right, rows = counted(event, seen)
            arrived, post = mailed(site, seen, seconds=90)
    except MayNotMount:
        return Observed(False, NOT_ALLOWED)
    refused = seen.statuses[503] > 0 and 503 in said
    held = right and arrived and refused and first <= 10 and seen.without_retry_after == 0
    server = "ended and was started again" if ended else "stayed"
    return Observed(
        held,
        f"{seen}; /readyz {sorted(said)}; PostgreSQL {server}; first place {first:.1f} s after room; {rows}; {post}",
    )
