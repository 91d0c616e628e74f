"""A real SMTP server on loopback, which can be told to misbehave for single recipients or altogether."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from config.environment import MailServer

# Answers, by step and recipient: "450 later", "550 no", or a number of seconds to keep silent.
type Misbehaviour = Callable[[str], str | float | None]


def _behaves(_recipient: str) -> None:
    return None


@dataclass
class Post:
    """What arrived, and how the server behaves. ``connections`` counts how often somebody came."""

    letters: list[EmailMessage] = field(default_factory=list)
    at_recipient: Misbehaviour = _behaves
    after_data: Misbehaviour = _behaves
    drop_after_data: Misbehaviour = _behaves
    connections: int = 0
    port: int = 0

    @property
    def server(self) -> MailServer:
        return MailServer("127.0.0.1", self.port, "", "", "none")

    def to(self, address: str) -> list[EmailMessage]:
        return [letter for letter in self.letters if letter["To"] == address]


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
        if self._post.drop_after_data(recipient):
            transport: Any = server.transport
            transport.abort()
        return "250 2.0.0 Ok: queued as 4XyZ77"


def _free_port() -> int:
    # aiosmtpd knocks at the port it was given, so it cannot be 0.
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def a_mail_server(*, other_scripts: bool = True) -> Iterator[Post]:
    """other_scripts: whether it takes addresses that are not ASCII (RFC 6531)."""
    post = Post()
    controller = Controller(
        _Handler(post), hostname="127.0.0.1", port=_free_port(), enable_SMTPUTF8=other_scripts
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
