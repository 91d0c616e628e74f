"""A real SMTP server on loopback, which can be told to misbehave for single recipients or altogether."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Final

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from outreach.channels.mail_server import MailServer

# Answers, by step and recipient: "450 later", "550 no", or a number of seconds to keep silent.
type Misbehaviour = Callable[[str], str | float | None]


def _behaves(_recipient: str) -> None:
    return None


@dataclass
class Post:
    """What arrived, and how the server behaves. ``connections`` counts how often somebody came.

    received: of each letter the envelope's sender, and its bytes as they came.
    """

    letters: list[EmailMessage] = field(default_factory=list)
    received: list[tuple[str, bytes]] = field(default_factory=list)
    at_recipient: Misbehaviour = _behaves
    after_data: Misbehaviour = _behaves
    drop_after_data: Misbehaviour = _behaves
    connections: int = 0
    port: int = 0
    security: str = "none"

    @property
    def server(self) -> MailServer:
        if self.security == "none":
            return MailServer("127.0.0.1", self.port, "", "", "none")
        return MailServer("localhost", self.port, "engage", "a secret", self.security)

    def to(self, address: str) -> list[EmailMessage]:
        return [letter for letter in self.letters if addressee_of(letter) == address]


def addressee_of(letter: EmailMessage) -> str:
    """The address alone. Raises ValueError where there is not exactly one."""
    (addressee,) = letter["To"].addresses
    return str(addressee.addr_spec)


class _Handler:
    def __init__(self, post: Post) -> None:
        self._post = post

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self._post.connections += 1
        return responses

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self._post.at_recipient(address)
        if isinstance(answer, float | int):
            await asyncio.sleep(answer)
        elif answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        (recipient,) = envelope.rcpt_tos
        answer = self._post.after_data(recipient)
        if isinstance(answer, str):
            return answer
        if isinstance(answer, float | int):
            await asyncio.sleep(answer)
        content = envelope.content
        assert isinstance(content, bytes)
        letter = message_from_bytes(content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self._post.letters.append(letter)
        self._post.received.append((envelope.mail_from or "", content))
        if self._post.drop_after_data(recipient):
            transport: Any = server.transport
            transport.abort()
        return "250 2.0.0 Ok: queued as 4XyZ77"


def _free_port() -> int:
    # aiosmtpd knocks at the port it was given, so it cannot be 0.
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _is_ours(server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any) -> AuthResult:
    return AuthResult(success=(given.login, given.password) == (b"engage", b"a secret"))


@contextlib.contextmanager
def a_mail_server(
    *, other_scripts: bool = True, security: str = "none", certificate: ssl.SSLContext | None = None
) -> Iterator[Post]:
    """other_scripts: whether it takes addresses that are not ASCII (RFC 6531).

    security: as in ``MailServer``; with a certificate it lets in nobody but "engage" with "a secret".
    """
    post = Post(security=security)
    secured: dict[str, Any] = {}
    if certificate is not None:
        how: dict[str, dict[str, Any]] = {
            "starttls": {"tls_context": certificate, "require_starttls": True},
            "tls": {"ssl_context": certificate},
        }
        secured = how[security] | {
            "authenticator": _is_ours,
            "auth_required": True,
            "auth_require_tls": security == "starttls",
        }
    controller = Controller(
        _Handler(post),
        hostname="127.0.0.1" if certificate is None else "localhost",
        port=_free_port(),
        enable_SMTPUTF8=other_scripts,
        **secured,
    )
    controller.start()
    post.port = controller.port
    try:
        yield post
    finally:
        controller.stop(no_assert=True)


@contextlib.contextmanager
def a_dripping_server(pause: float = 0.2) -> Iterator[MailServer]:
    """Greets, and then answers one byte at a time, for ever: each read succeeds in time, and nothing ever ends."""
    listening = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def drip() -> None:
        listening.settimeout(0.2)
        while not ended.is_set():
            try:
                peer, _address = listening.accept()
            except TimeoutError:
                continue
            with peer, contextlib.suppress(OSError):
                peer.sendall(b"220 slow\r\n")
                while not ended.is_set():
                    peer.sendall(b"2")
                    time.sleep(pause)

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    try:
        yield MailServer("127.0.0.1", listening.getsockname()[1], "", "", "none")
    finally:
        ended.set()
        thread.join(timeout=2)
        listening.close()


# What a curt server says: to "GREET", "EHLO", "AUTH", "MAIL", "RCPT", "DATA" or "." (the end of the letter), with the
# recipient where one was named and the number of letters this connection has brought. None: what a good server says.
# "" closes without a word; a number keeps silent for so many seconds, and then answers well.
type Curtness = Callable[[str, str, int], str | float | None]


@dataclass
class CurtPost:
    """A server of few words, whose every answer can be set. letters: recipient and Message-ID, in order of arrival."""

    answer: Curtness
    letters: list[tuple[str, str]] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    user: str = ""

    @property
    def server(self) -> MailServer:
        return MailServer("127.0.0.1", self.port, self.user, self.user, "none")


class _Closed(Exception):
    pass


class _CurtTalk(socketserver.StreamRequestHandler):
    _GOOD: Final = {"GREET": "220 curt", "DATA": "354 go on", "AUTH": "235 welcome", "QUIT": "221 bye"}

    def handle(self) -> None:
        post: CurtPost = self.server.post  # type: ignore[attr-defined]
        self._post, self._brought, self._recipient = post, 0, ""
        post.connections += 1
        with contextlib.suppress(OSError, _Closed):
            self._say("GREET")
            while line := self.rfile.readline():
                self._heard(line.decode("utf-8", "replace").strip())

    def _heard(self, line: str) -> None:
        verb = line[:4].upper()
        if verb == "RCPT":
            self._recipient = line.partition("<")[2].rpartition(">")[0]
        if verb == "EHLO":
            self._say("EHLO", "250-curt\r\n250 AUTH PLAIN")
        elif self._say(verb) and verb == "DATA":
            self._letter()
        if verb == "QUIT":
            raise _Closed

    def _letter(self) -> None:
        identity = ""
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                raise _Closed
            if line.lower().startswith(b"message-id:"):
                identity = line.partition(b":")[2].strip().decode()
        recipient = self._recipient
        if self._say("."):
            self._brought += 1
            self._post.letters.append((recipient, identity))
            self._post.at.append(time.monotonic())

    def _say(self, step: str, good: str = "") -> bool:
        """Whether it was said as a good server says it."""
        answer = self._post.answer(step, self._recipient, self._brought)
        if isinstance(answer, float | int):
            time.sleep(answer)
            answer = None
        if answer == "":
            raise _Closed
        said = answer or good or self._GOOD.get(step, "250 ok")
        self.wfile.write(said.encode() + b"\r\n")
        if answer and answer.startswith("421"):
            raise _Closed
        return not answer


class _CurtServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    block_on_close = False


@contextlib.contextmanager
def a_curt_server(answer: Curtness = lambda step, recipient, brought: None) -> Iterator[CurtPost]:
    """It takes what it is told to take, one thread a connection."""
    post = CurtPost(answer)
    with _CurtServer(("127.0.0.1", 0), _CurtTalk) as server, serving(server, post):
        yield post


@contextlib.contextmanager
def serving(server: socketserver.TCPServer, post: Any) -> Iterator[None]:
    """In a thread of its own until the block ends. Its talks find ``post`` at the server; the post learns the port."""
    server.post = post  # type: ignore[attr-defined]
    post.port = int(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join(timeout=2)
