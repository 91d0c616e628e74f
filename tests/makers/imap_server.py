"""A real IMAP server on loopback, of few words (RFC 3501): one mailbox, enough of the protocol to read and delete."""

from __future__ import annotations

import contextlib
import re
import socketserver
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from outreach.bounces.collected_at import CollectedAt
from tests.makers.mail_server import serving


@dataclass
class ImapPost:
    """messages: by number, what is in the mailbox; seen, deleted: which of them. asked: the commands that came."""

    messages: dict[int, bytes] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    deleted: set[int] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    port: int = 0

    def collected_at(self, password: str = 'a "secret" \\ word') -> CollectedAt:
        return CollectedAt(
            host="127.0.0.1",
            port=self.port,
            user="bounces",
            password=password,
            mailbox="INBOX",
            has_tls=False,
        )


class _Talk(socketserver.StreamRequestHandler):
    _LOGIN: Final = r'"bounces" "a \"secret\" \\ word"'

    def handle(self) -> None:
        self._post: ImapPost = self.server.post  # type: ignore[attr-defined]
        self._say("* OK ready")
        while line := self.rfile.readline().decode().strip():
            tag, _, command = line.partition(" ")
            self._post.asked.append(command.split(" ")[0])
            if not self._answered(tag, command):
                return

    def _answered(self, tag: str, command: str) -> bool:
        """Whether it goes on."""
        if command.upper().startswith("LOGIN") and command.partition(" ")[2] != self._LOGIN:
            self._say(f"{tag} NO wrong")
            return True
        for begins, answer in self._ANSWERS.items():
            if command.upper().startswith(begins):
                answer(self, command)
        self._say(f"{tag} OK done")
        return not command.upper().startswith("LOGOUT")

    def _search(self, _command: str) -> None:
        post = self._post
        new = sorted(post.messages.keys() - post.seen - post.deleted)
        self._say("* SEARCH" + "".join(f" {number}" for number in new))

    def _fetch(self, command: str) -> None:
        number, most = re.findall(r"\d+", command)[0], re.findall(r"<0\.(\d+)>", command)[0]
        content = self._post.messages[int(number)][: int(most)]
        head = f"* 1 FETCH (UID {number} BODY[]<0> {{{len(content)}}}\r\n"
        self.wfile.write(head.encode() + content + b")\r\n")

    def _store(self, command: str) -> None:
        number = int(re.findall(r"\d+", command)[0])
        for flag, which in ((r"\Seen", self._post.seen), (r"\Deleted", self._post.deleted)):
            if flag in command:
                which.add(number)

    def _expunge(self, _command: str) -> None:
        for number in self._post.deleted:
            self._post.messages.pop(number, None)

    _ANSWERS: Final[dict[str, Callable[[_Talk, str], None]]] = {
        "CAPABILITY": lambda self, _: self._say("* CAPABILITY IMAP4rev1"),
        "SELECT": lambda self, _: self._say(f"* {len(self._post.messages)} EXISTS"),
        "UID SEARCH UNSEEN": _search,
        "UID FETCH": _fetch,
        "UID STORE": _store,
        "EXPUNGE": _expunge,
        "LOGOUT": lambda self, _: self._say("* BYE"),
    }

    def _say(self, line: str) -> None:
        with contextlib.suppress(OSError):
            self.wfile.write(line.encode() + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    block_on_close = False


@contextlib.contextmanager
def an_imap_server() -> Iterator[ImapPost]:
    post = ImapPost()
    with _Server(("127.0.0.1", 0), _Talk) as server, serving(server, post):
        yield post
