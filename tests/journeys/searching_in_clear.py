"""Looks for words where they must not stand: in files, in tables, in the broker, and in what was said to the broker.

Each word is looked for as it is (in any case), in hexadecimal, and in base64 at each of its three alignments, which
is how a task's arguments lie in the broker. A word of letters and digits reads the same in a URL, in JSON and in CSV.
"""

from __future__ import annotations

import base64
import hashlib
import socket
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import psycopg
import redis
from psycopg import sql

_AT_ONCE = 64 * 1024 * 1024  # bytes of a file that are looked through at once


@dataclass
class Search:
    """What is looked for: name → the word, of letters and digits; or bytes, which are looked for raw and in hex."""

    words: Mapping[str, str | bytes]
    _folded: list[tuple[str, bytes]] = field(init=False, default_factory=list)
    _exact: list[tuple[str, bytes]] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        for name, word in self.words.items():
            raw = word if isinstance(word, bytes) else word.encode()
            assert len(raw) >= 8, f"{name} is too short to be told from chance"
            if isinstance(word, str):
                self._folded.append((name, raw.lower()))
            else:
                self._exact.append((name, raw))
            self._folded.append((f"{name}, hexadecimal", raw.hex().encode()))
            self._exact += [(f"{name}, base64", text) for text in _base64_inside(raw)]

    def inside(self, text: bytes) -> set[str]:
        """The names of what is found in ``text``."""
        folded = text.lower()
        return {name for name, word in self._folded if word in folded} | {
            name for name, word in self._exact if word in text
        }

    def files(self, folder: Path, *, but_for: frozenset[str] = frozenset()) -> set[tuple[str, str]]:
        """(file, what was found in it) for every file below ``folder``; ``but_for``: its entries left out."""
        found = set()
        for path in sorted(folder.rglob("*")):
            where = path.relative_to(folder)
            if where.parts[0] in but_for or not path.is_file():
                continue
            try:
                for text in _pieces(path):
                    found |= {(str(where), name) for name in self.inside(text)}
            except FileNotFoundError:
                continue  # the server recycled it between listing and reading
        return found

    def tables(self, owner_url: str) -> set[tuple[str, str]]:
        """(table, what was found in it) over every row that the owner of the database can read."""
        found = set()
        with psycopg.connect(owner_url) as connection:
            for schema, name in _tables_of(connection):
                table = sql.Identifier(schema, name)
                with connection.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(table)) as rows:
                    text = b"".join(bytes(row) for row in rows)
                found |= {(name, what) for what in self.inside(text)}
        return found

    def broker(self, url: str) -> set[tuple[str, str]]:
        """(key, what was found in its name or value) over every key of every logical database of the server."""
        found = set()
        client: Any = redis.Redis.from_url(url)
        for number in sorted(int(name.removeprefix("db")) for name in client.info("keyspace")):
            one: Any = redis.Redis.from_url(_with_database(url, number))
            for key in one.scan_iter(count=1000):
                found |= {
                    (key.decode(errors="replace"), what) for what in self.inside(key + _value(one, key))
                }
        return found


def bare_hashes(name: str, word: str) -> dict[str, bytes]:
    """Digests without a key, by which a list of all telephone numbers would give a number back."""
    return {
        f"{name}, bare {kind}": hashlib.new(kind, word.encode(), usedforsecurity=False).digest()
        for kind in ("md5", "sha1", "sha256")
    }


def _base64_inside(raw: bytes) -> Iterator[bytes]:
    """How ``raw`` reads inside a longer base64 text: without the characters that its neighbours have a part in."""
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + raw)
        first = (before * 8 + 5) // 6
        last = (before + len(raw)) * 8 // 6
        text = whole[first:last]
        yield text
        if (safe := text.translate(bytes.maketrans(b"+/", b"-_"))) != text:
            yield safe


def _pieces(path: Path) -> Iterator[bytes]:
    tail = b""
    with path.open("rb") as file:
        while piece := file.read(_AT_ONCE):
            yield tail + piece
            tail = piece[-1024:]


def _tables_of(connection: psycopg.Connection[Any]) -> list[tuple[str, str]]:
    return connection.execute(
        "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
    ).fetchall()


def _with_database(url: str, number: int) -> str:
    if url.startswith("unix:"):
        return f"{url.split('?', maxsplit=1)[0]}?db={number}"
    head, _, last = url.rpartition("/")
    return f"{head}/{number}" if last.isdigit() else f"{url.rstrip('/')}/{number}"


def _value(client: Any, key: bytes) -> bytes:
    match client.type(key):
        case b"string":
            return client.get(key) or b""
        case b"list":
            return b"\n".join(client.lrange(key, 0, -1))
        case b"set":
            return b"\n".join(client.smembers(key))
        case b"zset":
            return b"\n".join(client.zrange(key, 0, -1))
        case b"hash":
            return b"\n".join(part for pair in client.hgetall(key).items() for part in pair)
        case b"none":
            return b""  # it ran out between listing and reading
        case other:
            raise AssertionError(f"A key of kind {other!r} cannot be looked through yet.")


class Overhearing:
    """Writes down everything that any client says to the broker, from entering to leaving (MONITOR)."""

    def __init__(self, socket_path: Path) -> None:
        self._socket_path = socket_path
        self._pieces: list[bytes] = []

    @property
    def heard(self) -> bytes:
        return b"".join(self._pieces)

    def __enter__(self) -> Self:
        self._line = socket.socket(socket.AF_UNIX)
        self._line.connect(str(self._socket_path))
        self._line.sendall(b"MONITOR\r\n")
        assert self._line.recv(5) == b"+OK\r\n"
        self._ear = threading.Thread(target=self._listen)
        self._ear.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._line.shutdown(socket.SHUT_RDWR)
        self._ear.join(timeout=10)
        self._line.close()

    def _listen(self) -> None:
        while piece := self._line.recv(65536):
            self._pieces.append(piece)
