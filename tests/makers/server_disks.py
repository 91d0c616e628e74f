"""What lies on the disk of the throwaway servers, as somebody reads it who has the disk and no key."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.core.cache import cache
from django.db import connections

from servers.programs import postgresql_folder


def server_is_ours() -> bool:
    """Whether the run started its own database: only then are its files at hand."""
    return "DATABASE_URL" not in os.environ.get("ENGAGE_TEST_NAMED_SERVERS", "").split(",")


class LogOfWrites:
    """The write-ahead log from one moment on. offset: bytes since the beginning of the first segment read."""

    def __init__(self, folder: Path, first: str) -> None:
        self._folder, self._first = folder, first

    def content(self) -> bytes:
        """All segments from the first, in their order. Everything written before the call is in them."""
        with _superuser() as server:
            server.execute("SELECT pg_switch_wal()")
            here = server.execute("SELECT pg_walfile_name(pg_current_wal_insert_lsn())").fetchone()
        names = sorted(path.name for path in self._folder.iterdir() if len(path.name) == 24)
        # Later names are old segments that wait to be used again.
        last = str(here[0]) if here else names[-1]
        return b"".join((self._folder / name).read_bytes() for name in names if self._first <= name <= last)


@contextmanager
def the_log_of_writes() -> Iterator[LogOfWrites]:
    """The log of what is written in the block; it begins with a segment of its own."""
    with _superuser() as server:
        server.execute("SELECT pg_switch_wal()")
        [folder] = server.execute("SHOW data_directory").fetchone() or ("",)
        [first] = server.execute("SELECT pg_walfile_name(pg_current_wal_insert_lsn())").fetchone() or ("",)
        # The new segment's name is the old one's until something is written.
        [lsn] = server.execute("SELECT pg_current_wal_insert_lsn()").fetchone() or ("",)
        if str(lsn).endswith("000000"):
            [first] = server.execute(
                "SELECT pg_walfile_name(pg_current_wal_insert_lsn() + 1)"
            ).fetchone() or ("",)
    yield LogOfWrites(Path(folder) / "pg_wal", first)


def plain_dump(*tables: str) -> str:
    """What ``pg_dump`` writes of these tables' rows, as the owner may run it."""
    owner = connections["owner"].settings_dict
    command = [
        str(postgresql_folder() / "pg_dump"), "--data-only", "--host", owner["HOST"], "--username", owner["USER"],
        *(part for table in tables for part in ("--table", table)), owner["NAME"],
    ]  # fmt: skip
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


def cached() -> dict[str, tuple[str, int, int]]:
    """Every key of the cache with its type, its length in bytes and its time to live in seconds."""
    server: Any = cache._cache.get_client(None, write=True)  # type: ignore[attr-defined]
    found = {}
    for key in server.scan_iter("*"):
        kind = server.type(key).decode()
        length = server.strlen(key) if kind == "string" else server.memory_usage(key)
        found[key.decode()] = (kind, length, server.ttl(key))
    return found


def positions_of(words: Iterable[bytes], log: bytes) -> dict[bytes, int]:
    """Where each of ``words`` first stands in the log; those that do not are left out."""
    return {word: position for word in words if (position := log.find(word)) >= 0}


def _superuser() -> psycopg.Connection[Any]:
    return psycopg.connect(
        host=connections["owner"].settings_dict["HOST"], user="postgres", dbname="postgres", autocommit=True
    )
