"""Boxes that bounces are collected in: a maildir on this machine, or a mailbox of an IMAP server."""

from __future__ import annotations

import contextlib
import imaplib
import os
import socket
import ssl
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from outreach.bounces.collected_at import CollectedAt
from outreach.bounces.reports import MOST_READ
from outreach.channels.email import Watchdog

_A_STEP: Final = 20.0  # seconds for one answer of an IMAP server
_ALTOGETHER: Final = 180.0  # seconds


class BoxIsAway(Exception):
    """It cannot be read now. The text is a code of ours."""


@dataclass(frozen=True, slots=True)
class Collected:
    """One message that nobody has read: the beginning of it, and what can be done with it."""

    content: bytes
    delete: Callable[[], None]
    leave: Callable[[], None]


class Box(ABC):
    """Open it by ``with``. unread: messages that nobody has read, the oldest first. Each raises BoxIsAway."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    @abstractmethod
    def unread(self, *, most: int) -> Iterator[Collected]: ...


def box_at(where: CollectedAt) -> Box:
    return Maildir(Path(where.folder)) if where.folder else ImapBox(where)


class Maildir(Box):
    """``new`` and ``cur``; what is left there is marked S (seen) as every mail program does."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def unread(self, *, most: int) -> Iterator[Collected]:
        try:
            paths = [path for name in ("new", "cur") for path in (self._folder / name).iterdir()]
        except OSError:
            raise BoxIsAway("maildir_unreadable") from None
        new = sorted((path for path in paths if not _is_seen(path)), key=lambda path: path.name)
        for path in new[:most]:
            # Gone: another process reads this box too, and was first.
            with contextlib.suppress(FileNotFoundError):
                yield Collected(_beginning(path), partial(_remove, path), partial(self._mark, path))

    def _mark(self, path: Path) -> None:
        name, _, flags = path.name.partition(":2,")
        seen = self._folder / "cur" / f"{name}:2,{''.join(sorted({*flags, 'S'}))}"
        _or_away(lambda: path.rename(seen))


def _is_seen(path: Path) -> bool:
    return path.name.startswith(".") or "S" in path.name.partition(":2,")[2]


def _beginning(path: Path) -> bytes:
    try:
        # A pipe or a link that somebody laid there is no message, and must not be waited for.
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as file:
            return file.read(MOST_READ) or b""
    except FileNotFoundError:
        raise
    except OSError:
        return b""


def _remove(path: Path) -> None:
    _or_away(lambda: path.unlink(missing_ok=True))


def _or_away(change: Callable[[], Any]) -> None:
    try:
        change()
    except FileNotFoundError:
        return
    except OSError:
        raise BoxIsAway("maildir_not_writable") from None


def _quoted(word: str) -> str:
    return '"' + word.replace("\\", r"\\").replace('"', r"\"") + '"'


class ImapBox(Box):
    """RFC 3501, over TLS but for a server on this machine. It is given three minutes, whatever it drips."""

    def __init__(self, where: CollectedAt) -> None:
        self._where = where
        self._imap: imaplib.IMAP4 | None = None
        self._deletes = False
        self._watchdog = Watchdog(self._cut)
        self._time = contextlib.ExitStack()

    def __enter__(self) -> Self:
        self._time.enter_context(self._watchdog.within(_ALTOGETHER))
        try:
            self._open()
        except BoxIsAway:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None and self._deletes:
                self._asked("EXPUNGE")
        finally:
            self._close()

    def unread(self, *, most: int) -> Iterator[Collected]:
        found = self._asked("UID", "SEARCH", "UNSEEN")
        numbers = (found[0] or b"").split() if found else []
        for number in numbers[:most]:
            uid = number.decode("ascii", "replace")
            answer = self._asked("UID", "FETCH", uid, f"(BODY.PEEK[]<0.{MOST_READ}>)")
            content = next((part[1] for part in answer if isinstance(part, tuple)), b"")
            yield Collected(
                content, partial(self._flag, uid, r"(\Seen \Deleted)"), partial(self._flag, uid, r"(\Seen)")
            )

    def _open(self) -> None:
        where = self._where
        try:
            if where.has_tls:
                tls = ssl.create_default_context()
                self._imap = imaplib.IMAP4_SSL(where.host, where.port, ssl_context=tls, timeout=_A_STEP)
            else:
                self._imap = imaplib.IMAP4(where.host, where.port, timeout=_A_STEP)
        except (OSError, imaplib.IMAP4.error) as lost:
            raise BoxIsAway("imap_tls" if isinstance(lost, ssl.SSLError) else "imap_unreachable") from None
        self._asked("LOGIN", _quoted(where.user), where.password, trouble="imap_login")
        self._asked("SELECT", _quoted(where.mailbox), trouble="imap_no_such_mailbox")

    def _asked(self, command: str, *words: str, trouble: str = "imap_refused") -> list[Any]:
        imap = self._imap
        if imap is None:
            raise BoxIsAway("imap_unreachable")
        ways: dict[str, Callable[..., tuple[str, list[Any]]]] = {
            "UID": imap.uid, "LOGIN": imap.login, "SELECT": imap.select, "EXPUNGE": imap.expunge,
        }  # fmt: skip
        try:
            said, answer = ways[command](*words)
        except (OSError, imaplib.IMAP4.abort):
            raise BoxIsAway("imap_connection_lost") from None
        except (imaplib.IMAP4.error, ValueError):
            # Also a word that cannot be put on the wire.
            raise BoxIsAway(trouble) from None
        if said != "OK":
            raise BoxIsAway(trouble)
        return answer

    def _flag(self, uid: str, flags: str) -> None:
        self._deletes = self._deletes or "Deleted" in flags
        self._asked("UID", "STORE", uid, "+FLAGS.SILENT", flags)

    def _cut(self) -> None:
        if self._imap is not None:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(self._imap.socket(), socket.SHUT_RDWR)

    def _close(self) -> None:
        if self._imap is not None:
            with contextlib.suppress(OSError, imaplib.IMAP4.error):
                self._imap.logout()
        self._imap = None
        self._time.close()
        self._watchdog.end()
