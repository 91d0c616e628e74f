"""Takes letters over SMTP (RFC 5321) on sockets that listen already."""

import asyncio
import logging
import socket
from collections.abc import Sequence

from aiosmtpd.smtp import SMTP, Envelope, Session

from demo.mailbox.storing import LetterBox

_BIGGEST = 33_554_432  # bytes


class _Receiver:
    def __init__(self, box: LetterBox) -> None:
        self._box = box

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode("utf-8", "surrogateescape")
        try:
            self._box.put(raw, envelope.mail_from or "", envelope.rcpt_tos)
        except OSError as error:
            # The sender keeps it and comes again.
            return f"452 4.3.1 The letter could not be kept ({error.strerror})"
        return "250 2.0.0 Kept"


async def receive(box: LetterBox, sockets: Sequence[socket.socket]) -> None:
    """Serve until cancelled."""
    # One line for each command of each letter, addresses included, is more than a log should hold.
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    loop = asyncio.get_running_loop()

    def session() -> SMTP:
        return SMTP(
            _Receiver(box),
            data_size_limit=_BIGGEST,
            enable_SMTPUTF8=True,
            hostname="localhost",
            ident="Engage demo",
        )

    servers = [await loop.create_server(session, sock=listening) for listening in sockets]
    await asyncio.gather(*(server.serve_forever() for server in servers))
