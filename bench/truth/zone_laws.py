"""A zone's law changes in the middle of the story: compiled rules (TZif, RFC 9636) that are found before the package's.

As after an upgrade of the rules and a restart: every cache of the process is empty, and the worker's round is gone at once.
"""

from __future__ import annotations

import datetime as dt
import struct
import zoneinfo
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from zoneinfo import ZoneInfo

import icalendar

_HISTORY: Final = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
type _Shown = tuple[int, int, bytes]
type Enact = Callable[[Sequence[Law]], None]


@dataclass(frozen=True, slots=True)
class Law:
    """zone: whose. since: the instant at which it comes into force. rule: as POSIX writes them, "CST6CDT,M3.2.0,M11.4.0"."""

    zone: str
    since: dt.datetime
    rule: str


@contextmanager
def changing_laws() -> Iterator[Enact]:
    """Yields what enacts laws; when the block ends, those of the package hold again."""
    with TemporaryDirectory() as folder:

        def enact(laws: Sequence[Law]) -> None:
            for law, rules in [(law, _compiled(law)) for law in laws]:
                file = Path(folder, law.zone)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(rules)
            _read_anew(folder)

        try:
            yield enact
        finally:
            _read_anew()


def _read_anew(*folders: str) -> None:
    from engage import local_time
    from events.calendars import zones

    zoneinfo.reset_tzpath(folders)
    ZoneInfo.clear_cache()
    # The reader's own program for calendars keeps what it found, too.
    icalendar.use_zoneinfo()
    for kept in (local_time.zones, local_time._zones_by_day, zones._vtimezone):
        kept.cache_clear()


def _compiled(law: Law) -> bytes:
    """What held until then, from a while before the story on, and the rule from then on."""
    rule = ZoneInfo.from_file(BytesIO(_tzif([], law.rule)))
    changes = list(_changes(ZoneInfo(law.zone), law.since))
    return _tzif([*changes, (law.since, _shown(law.since.astimezone(rule)))], law.rule)


def _changes(zone: ZoneInfo, until: dt.datetime) -> Iterator[tuple[dt.datetime, _Shown]]:
    """By the hour: America changes its clocks at no other time."""
    at, last = _HISTORY, None
    while at < until:
        shown = _shown(at.astimezone(zone))
        if shown != last:
            yield at, shown
            last = shown
        at += dt.timedelta(hours=1)


def _shown(there: dt.datetime) -> _Shown:
    offset, summer = there.utcoffset() or dt.timedelta(), bool(there.dst())
    return int(offset.total_seconds()), int(summer), (there.tzname() or "").encode() + b"\0"


def _tzif(changes: Sequence[tuple[dt.datetime, _Shown]], rule: str) -> bytes:
    kinds = list(dict.fromkeys(shown for _at, shown in changes)) or [(0, 0, b"UTC\0")]
    names = b"".join(dict.fromkeys(name for _offset, _summer, name in kinds))
    body = b"".join(struct.pack(">q", int(at.timestamp())) for at, _shown_then in changes)
    body += bytes(kinds.index(shown) for _at, shown in changes)
    body += b"".join(struct.pack(">lBB", offset, summer, names.index(name)) for offset, summer, name in kinds)
    counts = (0, 0, 0, len(changes), len(kinds), len(names))
    # Programs of before 2005 read a first part, which is empty here.
    return _header(0, 0, 0, 0, 0, 0) + _header(*counts) + body + names + f"\n{rule}\n".encode()


def _header(*counts: int) -> bytes:
    return b"TZif2" + bytes(15) + struct.pack(">6l", *counts)
