"""What was erased, written down outside the database and its backups, so that a restore can erase it again.

One line an act: the day, what was done, and a keyed mark (an HMAC under FINGERPRINT_KEY of the row's table and id, never
an address). Written, and on the disk, before the act is committed: what is told to a resident as done stands here. An
act that then fails leaves a line for a row that stays; a replay erases it, as its owner asked.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Final, NamedTuple
from uuid import UUID

from django.conf import settings

from engage.sealing.seals import fingerprint

ERASED: Final = "erased"
BLOCKED: Final = "blocked"
_LINE: Final = re.compile(r"(\d{4}-\d\d-\d\d) (erased|blocked) ([0-9a-f]{64})")


class ListIsAway(Exception):
    """It cannot be written just now; what was to be written down on it must not be done."""


class Line(NamedTuple):
    day: dt.date
    act: str
    mark: bytes


def path_of_the_list() -> Path | None:
    """None where no list is kept (``ERASURE_LIST`` is empty); the start checks say so."""
    return Path(settings.ERASURE_LIST) if settings.ERASURE_LIST else None


def mark_of(table: str, row: UUID) -> bytes:
    return fingerprint(table, row.bytes, purpose="erasure-list")


def write_down_erased(table: str, rows: Iterable[UUID], *, now: dt.datetime) -> None:
    """Rows of ``table`` that are erased. Raises ListIsAway: then nothing may be erased."""
    write_down(ERASED, [mark_of(table, row) for row in rows], now=now)


def write_down(act: str, marks: Iterable[bytes], *, now: dt.datetime) -> None:
    """One line for each mark, all of them on the disk when this returns. Raises ListIsAway."""
    path = path_of_the_list()
    lines = "".join(f"{now.date()} {act} {mark.hex()}\n" for mark in marks)
    if path is None or not lines:
        return
    try:
        _append(path, lines)
    except OSError:
        raise ListIsAway from None


def _append(path: Path, lines: str) -> None:
    is_new = not path.exists()
    with held(path) as file:
        # A line that a crash cut short must not swallow the next one.
        file.seek(0, os.SEEK_END)
        cut = file.tell() > 0 and not _ends_a_line(file)
        file.write(("\n" if cut else "") + lines)
        file.flush()
        os.fsync(file.fileno())
    if is_new:
        keep_name_of(path)


def lines() -> list[Line]:
    """All that was written down; what a crash left half-written is passed over. Raises OSError."""
    path = path_of_the_list()
    if path is None or not path.exists():
        return []
    found = [
        _LINE.fullmatch(line) for line in path.read_text(encoding="ascii", errors="replace").splitlines()
    ]
    return [Line(dt.date.fromisoformat(line[1]), line[2], bytes.fromhex(line[3])) for line in found if line]


@contextlib.contextmanager
def held(path: Path) -> Iterator[IO[str]]:
    """The file at ``path``, for its owner alone, while nobody else writes it."""
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "r+", encoding="ascii", errors="replace") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def keep_name_of(path: Path) -> None:
    """A new file's name is on the disk only once its folder is."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _ends_a_line(file: IO[str]) -> bool:
    return os.pread(file.fileno(), 1, os.fstat(file.fileno()).st_size - 1) == b"\n"
