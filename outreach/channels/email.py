"""Mail over SMTP (RFC 5321): one connection a batch, each message held to its time from connecting to the answer."""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
import ssl
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from outreach.channels.channel import (
    ChannelDown,
    Letter,
    NoSuchMailbox,
    PermanentFailure,
    TemporaryFailure,
    UncertainFailure,
)
from outreach.channels.watchdog import Watchdog

if TYPE_CHECKING:
    from config.environment import MailServer

A_MESSAGE: Final = 60.0  # seconds of wall clock
_LONGEST_LINE: Final = 8192  # bytes
_MOST_LINES: Final = 200  # of one answer
_A_STEP: Final = 30.0  # seconds for one read or write
_NO_MAILBOX: Final = frozenset({550, 551, 553})
# A 5xx that speaks of policy, size or load is about this message, not about the mailbox (RFC 3463).
_ABOUT_MAILBOX: Final = re.compile(rb"^5\.1\.[0-9]+\b|^(?![245]\.[0-9]+\.[0-9]+)")
_QUEUED_AS: Final = re.compile(rb"queued as ([A-Za-z0-9]{4,40})\b")


class _Connection(smtplib.SMTP):
    """smtplib's, which also shows its socket while it is still waiting for the greeting or a TLS handshake."""

    def __init__(self, server: MailServer, tls: ssl.SSLContext | None) -> None:
        self._server = server
        self._tls = tls
        self._open: socket.socket | None = None
        super().__init__(timeout=_A_STEP)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        self._open = socket.create_connection((host, port), timeout)
        if self._tls is not None and self._server.security == "tls":
            self._open = self._tls.wrap_socket(
                self._open, server_hostname=host, do_handshake_on_connect=False
            )
            self._open.do_handshake()
        return self._open

    def getreply(self) -> tuple[int, bytes]:
        """smtplib's takes "25" before a lost connection for an answer; this one wants whole lines (RFC 5321 §4.2)."""
        if self.file is None:
            self.file = self.sock.makefile("rb")  # type: ignore[union-attr]
        lines = []
        while True:
            line = self.file.readline(_LONGEST_LINE)
            if not line.endswith(b"\n") or not line[:3].isdigit():
                self.close()
                raise smtplib.SMTPServerDisconnected("no whole answer")
            lines.append(line[4:].strip())
            if line[3:4] != b"-" or len(lines) > _MOST_LINES:
                return int(line[:3]), b"\n".join(lines)

    def cut(self) -> None:
        """From another thread: whoever waits for this socket stops waiting."""
        for waiting in (self._open, self.sock):
            if isinstance(waiting, socket.socket):
                with contextlib.suppress(OSError, ValueError):
                    # Not SSLSocket's own, which changes the object under the other thread's hands.
                    socket.socket.shutdown(waiting, socket.SHUT_RDWR)


class SmtpChannel:
    """A ``Channel``. sender: the envelope's address, where bounces go."""

    def __init__(self, server: MailServer, *, sender: str, a_message: float = A_MESSAGE) -> None:
        self._server = server
        self._sender = sender
        self._a_message = a_message
        self._smtp: _Connection | None = None
        self._watchdog = Watchdog(self._cut)

    def send(self, letter: Letter) -> str:
        """Raises ChannelDown, TemporaryFailure, PermanentFailure, NoSuchMailbox, UncertainFailure."""
        with self._watchdog.within(self._a_message):
            smtp = self._connected()
            try:
                return self._hand_over(smtp, letter)
            except (TemporaryFailure, PermanentFailure):
                self._forget_message(smtp)
                raise
            except (OSError, smtplib.SMTPException) as lost:
                self._drop()
                raise TemporaryFailure(self._why(lost)) from None
            except UncertainFailure:
                self._drop()
                raise

    def close(self) -> None:
        if self._smtp is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException), self._watchdog.within(5):
                self._smtp.docmd("QUIT")
            self._drop()
        self._watchdog.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _connected(self) -> _Connection:
        if self._smtp is not None and self._smtp.sock is not None:
            return self._smtp
        server = self._server
        tls = None if server.security == "none" else ssl.create_default_context()
        self._smtp = smtp = _Connection(server, tls)
        try:
            code, _greeting = smtp.connect(server.host, server.port)
            if code != 220:
                raise ChannelDown(f"smtp_greeting_{code}")
            smtp.ehlo_or_helo_if_needed()
            if server.security == "starttls":
                smtp.starttls(context=tls)
                smtp.ehlo()
            if server.user:
                smtp.login(server.user, server.password)
        except smtplib.SMTPAuthenticationError as refused:
            self._drop()
            raise ChannelDown(f"smtp_login_{refused.smtp_code}") from None
        except (OSError, smtplib.SMTPException) as lost:
            self._drop()
            raise ChannelDown(self._why(lost)) from None
        except ChannelDown:
            self._drop()
            raise
        return smtp

    def _hand_over(self, smtp: _Connection, letter: Letter) -> str:
        options = []
        if smtp.has_extn("size"):
            options.append(f"SIZE={len(letter.content)}")
        if not letter.to.isascii():
            if not smtp.has_extn("smtputf8"):
                raise PermanentFailure("smtputf8_not_supported")
            options.append("SMTPUTF8")
            smtp.command_encoding = "utf-8"
        _demand(smtp.mail(self._sender, options), 250, "from")
        _demand(smtp.rcpt(letter.to), 250, "to")
        _demand(smtp.docmd("DATA"), 354, "data")
        smtp.send(_with_dots(letter.content))
        try:
            answer = smtp.getreply()
        except (OSError, smtplib.SMTPException) as lost:
            # Every byte was handed to the system: whether the letter was taken, nobody here can know.
            raise UncertainFailure(self._why(lost)) from None
        if not 200 <= answer[0] < 600:
            raise UncertainFailure("smtp_protocol")
        _demand(answer, 250, "end")
        queued = _QUEUED_AS.search(answer[1])
        return queued[1].decode() if queued else ""

    def _forget_message(self, smtp: _Connection) -> None:
        """The neighbours go over the same connection, if it still is one."""
        smtp.command_encoding = "ascii"
        try:
            code, _text = smtp.rset()
        except (OSError, smtplib.SMTPException):
            code = 421
        if code != 250:
            self._drop()

    def _why(self, lost: Exception) -> str:
        if self._watchdog.has_bitten or isinstance(lost, TimeoutError):
            return "smtp_timeout"
        if isinstance(lost, ssl.SSLError):
            return "smtp_tls"
        if isinstance(lost, smtplib.SMTPServerDisconnected | ConnectionError):
            return "smtp_connection_lost"
        return "smtp_unreachable" if isinstance(lost, OSError) else "smtp_protocol"

    def _cut(self) -> None:
        if self._smtp is not None:
            self._smtp.cut()

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
        self._smtp = None


def _demand(answer: tuple[int, bytes], wanted: int, step: str) -> None:
    code, text = answer
    if code == wanted or (step == "to" and code == 251):
        return
    if 500 <= code < 600:
        if step == "to" and code in _NO_MAILBOX and _ABOUT_MAILBOX.match(text):
            raise NoSuchMailbox(f"smtp_{code}")
        raise PermanentFailure(f"smtp_{code}")
    raise TemporaryFailure(f"smtp_{code}")


def _with_dots(content: bytes) -> bytes:
    """As DATA wants it: CRLF line ends, leading dots doubled, a dot alone at the end (RFC 5321 §4.5.2)."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", content)
    if lines.startswith(b"."):
        lines = b"." + lines
    lines = lines.replace(b"\r\n.", b"\r\n..")
    return lines + (b"" if lines.endswith(b"\r\n") else b"\r\n") + b".\r\n"
