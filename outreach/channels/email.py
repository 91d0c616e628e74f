"""Mail over SMTP (RFC 5321): one connection a batch, each message held to its time from connecting to the answer."""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

from outreach.channels.channel import (
    ChannelDown,
    DeliveryFailure,
    Letter,
    NoSuchMailbox,
    PermanentFailure,
    TemporaryFailure,
    UncertainFailure,
)
from outreach.channels.mail_server import MailServer
from outreach.channels.status_codes import NO_MAILBOX, THIS_LETTER

A_MESSAGE: Final = 60.0  # seconds of wall clock
_LONGEST_LINE: Final = 8192  # bytes
_MOST_LINES: Final = 200  # of one answer
_A_STEP: Final = 30.0  # seconds for one read or write
_TO_GREET: Final = 10.0  # seconds for each step until the server takes letters
_A_RECIPIENT: Final = 10.0  # seconds for its answer to one address
_TO_FORGET: Final = 5.0  # seconds for RSET
_NO_MAILBOX: Final = frozenset({550, 551, 553})
# A 5xx that speaks of policy, size or load is about this message, not about the mailbox (RFC 3463).
_ABOUT_MAILBOX: Final = re.compile(NO_MAILBOX.encode())
_WITHOUT_STATUS: Final = re.compile(rb"^(?![245]\.[0-9]+\.[0-9]+)")
# About the address, the mailbox or this message. Anything else may be about us, and then it is said to everybody.
_ABOUT_THIS_ONE: Final = re.compile(rf"{NO_MAILBOX}|{THIS_LETTER}|5\.2\.[0-9]+\b".encode())
_TOO_BIG: Final = re.compile(rb"^[45]\.3\.4\b")
_QUEUED_AS: Final = re.compile(rb"queued as ([A-Za-z0-9]{4,40})\b")


class _Connection(smtplib.SMTP):
    """smtplib's, which also shows its socket while it is still waiting for the greeting or a TLS handshake."""

    def __init__(self, server: MailServer, tls: ssl.SSLContext | None) -> None:
        self._server = server
        self._tls = tls
        self._open: socket.socket | None = None
        # Whether this connection has brought a letter through, or an answer about one.
        self.has_served = False
        super().__init__(timeout=_TO_GREET)
        # Whose certificate it must be after STARTTLS; smtplib knows that only where it connects while it is made.
        self._host = server.host

    def patient(self, seconds: float) -> None:
        """How long the next answers may take."""
        if self.sock is not None:
            self.sock.settimeout(seconds)

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

    def close(self) -> None:
        super().close()
        if self._open is not None:
            # Also one that got no further than half a handshake.
            self._open.close()

    def cut(self) -> None:
        """From another thread: whoever waits for this socket stops waiting."""
        for waiting in (self._open, self.sock):
            if isinstance(waiting, socket.socket):
                with contextlib.suppress(OSError, ValueError):
                    # Not SSLSocket's own, which changes the object under the other thread's hands.
                    socket.socket.shutdown(waiting, socket.SHUT_RDWR)


class _ConnectionEnded(Exception):
    """A used connection ended between two letters: nobody's fault, and the next one takes the letter."""


@dataclass(slots=True)
class _Progress:
    """How much of a letter the server has heard. has_letter: the body may have gone."""

    has_recipient: bool = False
    has_letter: bool = False


class SmtpChannel:
    """A ``Channel``. sender: the envelope's address of letters that name none themselves, where bounces go."""

    def __init__(self, server: MailServer, *, sender: str, a_message: float = A_MESSAGE) -> None:
        self._server = server
        self._sender = sender
        self._a_message = a_message
        self._smtp: _Connection | None = None
        self._watchdog = Watchdog(self._cut)

    def open(self) -> None:
        """Raises ChannelDown."""
        with self._watchdog.within(self._a_message):
            self._connected()

    def send(self, letter: Letter) -> str:
        """Raises ChannelDown, TemporaryFailure, PermanentFailure, NoSuchMailbox, UncertainFailure."""
        with self._watchdog.within(self._a_message):
            try:
                return self._send_over(self._connected(), letter)
            except _ConnectionEnded:
                # The server had enough of this connection; the letter has not been offered yet.
                return self._send_over(self._connected(), letter)

    def _send_over(self, smtp: _Connection, letter: Letter) -> str:
        """Raises _ConnectionEnded, where the connection was used before and ended before the letter was on its way."""
        asked = _Progress()
        try:
            queued_as = self._hand_over(smtp, letter, asked)
        except (TemporaryFailure, PermanentFailure) as failure:
            if failure.code == "smtp_421":
                # Not taken, whatever it had heard; and the connection ends (RFC 5321 §3.8).
                raise self._ended(smtp, asked, failure, may_repeat=True) from None
            smtp.has_served = True
            self._forget_message(smtp)
            raise
        except (OSError, smtplib.SMTPException) as lost:
            why = TemporaryFailure(self._why(lost))
            in_time = why.code != "smtp_timeout"
            raise self._ended(smtp, asked, why, may_repeat=in_time and not asked.has_letter) from None
        except (ChannelDown, UncertainFailure):
            self._drop()
            raise
        smtp.has_served = True
        return queued_as

    def _ended(
        self, smtp: _Connection, asked: _Progress, why: DeliveryFailure, *, may_repeat: bool
    ) -> Exception:
        was_used = smtp.has_served
        self._drop()
        if was_used and may_repeat:
            return _ConnectionEnded()
        # Before the address was named, it can only have been about us.
        return why if asked.has_recipient else ChannelDown(why.code)

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
            smtp.patient(_A_STEP)
        except smtplib.SMTPAuthenticationError as refused:
            self._drop()
            raise ChannelDown(f"smtp_login_{refused.smtp_code}") from None
        except (OSError, ValueError, smtplib.SMTPException) as lost:
            # ValueError: a name or a password that cannot be put on the wire.
            self._drop()
            raise ChannelDown(self._why(lost)) from None
        except ChannelDown:
            self._drop()
            raise
        return smtp

    def _hand_over(self, smtp: _Connection, letter: Letter, asked: _Progress) -> str:
        options = []
        if smtp.has_extn("size"):
            options.append(f"SIZE={len(letter.content)}")
        if not letter.to.isascii():
            if not smtp.has_extn("smtputf8"):
                raise PermanentFailure("smtputf8_not_supported")
            options.append("SMTPUTF8")
            smtp.command_encoding = "utf-8"
        _demand_of_sender(smtp.mail(letter.return_to or self._sender, options), letter)
        asked.has_recipient = True
        smtp.patient(_A_RECIPIENT)
        _demand(smtp.rcpt(letter.to), 250, "to")
        smtp.patient(_A_STEP)
        _demand(smtp.docmd("DATA"), 354, "data")
        asked.has_letter = True
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
            smtp.patient(_TO_FORGET)
            code, _text = smtp.rset()
            smtp.patient(_A_STEP)
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


def _demand_of_sender(answer: tuple[int, bytes], letter: Letter) -> None:
    """MAIL FROM is ours for every letter, and differs by its size, its script and a mark; what is said of it is said of us."""
    code, text = answer
    if code == 250:
        return
    if code == 552 or _TOO_BIG.match(text) or (not letter.to.isascii() and 500 <= code < 600):
        raise PermanentFailure(f"smtp_{code}") if code >= 500 else TemporaryFailure(f"smtp_{code}")
    raise TemporaryFailure("smtp_421") if code == 421 else ChannelDown(f"smtp_from_{code}")


def _demand(answer: tuple[int, bytes], wanted: int, step: str) -> None:
    code, text = answer
    if code == wanted or (step == "to" and code == 251):
        return
    name = f"smtp_{code}"
    if not 500 <= code < 600:
        raise TemporaryFailure(name, is_doubtful=True)
    if step == "to" and code in _NO_MAILBOX:
        if _ABOUT_MAILBOX.match(text):
            raise NoSuchMailbox(name)
        if _WITHOUT_STATUS.match(text):
            raise NoSuchMailbox(name, is_doubtful=True)
    raise PermanentFailure(name, is_doubtful=code != 552 and not _ABOUT_THIS_ONE.match(text))


def _with_dots(content: bytes) -> bytes:
    """As DATA wants it: CRLF line ends, leading dots doubled, a dot alone at the end (RFC 5321 §4.5.2)."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", content)
    if lines.startswith(b"."):
        lines = b"." + lines
    lines = lines.replace(b"\r\n.", b"\r\n..")
    return lines + (b"" if lines.endswith(b"\r\n") else b"\r\n") + b".\r\n"


_GLANCE: Final = 0.25  # seconds between two looks at the clock


class Watchdog:
    """Holds a whole exchange to its time: a socket's own time-out starts anew with each byte that a slow server drips.

    One thread a connection. ``cut`` is called from it, once, when the time of a block is over.
    """

    def __init__(self, cut: Callable[[], None]) -> None:
        self._cut = cut
        self._lock = threading.Lock()
        self._until: float | None = None
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self.has_bitten = False

    @contextlib.contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """The block is over after ``seconds`` of wall clock, whatever it is waiting for."""
        with self._lock:
            self._until, self.has_bitten = time.monotonic() + seconds, False
        if self._thread is None:
            self._thread = threading.Thread(target=self._watch, name="mail-watchdog", daemon=True)
            self._thread.start()
        try:
            yield
        finally:
            with self._lock:
                self._until = None

    def end(self) -> None:
        self._ended.set()
        if self._thread is not None:
            self._thread.join(timeout=1)

    def _watch(self) -> None:
        while not self._ended.wait(_GLANCE):
            with self._lock:
                if self._until is not None and time.monotonic() >= self._until:
                    self.has_bitten, self._until = True, None
                    self._cut()
