"""A letter as it goes over the wire (RFC 5322, 2045). Put together here, since the library's way takes ten times as long.

mixed [ alternative [ text, related [ html, codes ], calendar ], invite.ics ], each level only where it is needed.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
from collections.abc import Sequence
from email.header import Header
from email.utils import format_datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

from django.conf import settings

from engage.contacts.addresses import on_the_wire
from engage.sealing.seals import fingerprint

_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
_PLAIN_WORDS: Final = re.compile(r"[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]+")
_LINE: Final = 57  # bytes of content in a base64 line of 76


def message_id(delivery_id: UUID) -> str:
    """The same at each attempt, and telling nothing: whoever gets a letter twice can see that it is one."""
    mark = fingerprint(delivery_id.bytes, purpose="message-id")[:20]
    return f"<{base64.b32encode(mark).decode().lower()}@{_domain()}>"


def thread_of(*about: bytes) -> str:
    """What all letters to one address about one thing refer to, so that a mail program shows them together.

    The id of a letter that never was: nobody has to remember which one came first.
    """
    mark = fingerprint(*about, purpose="mail-thread")[:20]
    return f"<{base64.b32encode(mark).decode().lower()}@{_domain()}>"


def headers(
    *,
    subject: str,
    sender: str,
    to: str,
    identity: str,
    language: str,
    now: dt.datetime,
    stop_url: str,
    reply_to: str = "",
    thread: str = "",
    list_id: tuple[str, str] | None = None,
) -> list[bytes]:
    """Everything above the body. Text from outside cannot make a header of its own.

    to: ASCII. reply_to: an address, whom the sender's name belongs to. list_id: a name, maybe empty, and the label under
    our domain (RFC 2919).
    """
    lines = [
        _header("From", f"{_name(sender)} <{settings.MAIL_FROM}>".strip()),
        _header("To", f"<{_one_line(to)}>"),
        _worded("Subject", subject),
        _header("Date", format_datetime(now)),
        _header("Message-ID", identity),
        _header("MIME-Version", "1.0"),
        _header("Content-Language", language),
        # RFC 3834: nobody's "I am away" answers a reminder.
        _header("Auto-Submitted", "auto-generated"),
    ]
    if reply_to:
        lines.append(_header("Reply-To", f"{_name(sender)} <{_one_line(on_the_wire(reply_to))}>".strip()))
    if thread:
        lines.append(_header("References", thread))
    if list_id is not None:
        name, label = list_id
        lines.append(_header("List-Id", f"{_name(name)} <{label}.{_domain()}>".strip()))
    if stop_url:
        lines.append(_header("List-Unsubscribe", f"<{stop_url}>"))
        lines.append(_header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    return lines


def body(
    *,
    text: str,
    html: str,
    pictures: Sequence[tuple[str, bytes]] = (),
    calendar: tuple[str, bytes] | None = None,
    seed: bytes,
) -> bytes:
    """seed: what the boundaries are made from, so that the same letter has the same bytes."""
    shown = _words("text/html; charset=utf-8", html)
    if pictures:
        shown = _several("related", seed, [shown, *(_picture(cid, png) for cid, png in pictures)])
    ways = [_words("text/plain; charset=utf-8", text), shown]
    if calendar is None:
        return _several("alternative", seed, ways)
    method, content = calendar
    # RFC 6047 §2.4: the alternative that a mail program turns into "add to calendar"; the file is for the others.
    ways.append(_part(f"text/calendar; charset=utf-8; method={method}; component=VEVENT", content))
    file = _part(
        'application/ics; name="invite.ics"',
        content,
        'Content-Disposition: attachment; filename="invite.ics"',
    )
    return _several("mixed", seed, [_several("alternative", seed, ways), file])


def _several(kind: str, seed: bytes, parts: Sequence[bytes]) -> bytes:
    boundary = f"={kind[:3]}-{sha256(kind.encode() + seed).hexdigest()[:24]}".encode()
    head = f'Content-Type: multipart/{kind}; boundary="'.encode() + boundary + b'"\r\n\r\n'
    inner = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts)
    return head + inner + b"--" + boundary + b"--\r\n"


def _part(kind: str, content: bytes, *more: str) -> bytes:
    lines = [f"Content-Type: {kind}", "Content-Transfer-Encoding: base64", *more]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + _in_lines(content)


def _words(kind: str, words: str) -> bytes:
    """Quoted-printable: a person can read it in the source, and filters take base64 around plain words for a disguise."""
    lines = [f"Content-Type: {kind}", "Content-Transfer-Encoding: quoted-printable"]
    words = words.replace("\r\n", "\n").replace("\r", "\n")
    written = binascii.b2a_qp(words.encode(), istext=True)
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + written.replace(b"\n", b"\r\n")


def _picture(cid: str, png: bytes) -> bytes:
    return _part("image/png", png, f"Content-ID: <{cid}>", "Content-Disposition: inline")


def _in_lines(content: bytes) -> bytes:
    encoded = base64.b64encode(content)
    width = _LINE // 3 * 4
    return b"\r\n".join(encoded[at : at + width] for at in range(0, len(encoded), width))


def _header(name: str, value: str) -> bytes:
    return f"{name}: {value}\r\n".encode()


def _worded(name: str, value: str) -> bytes:
    value = _one_line(value)
    if value.isascii() and len(value) < 65:
        return _header(name, value)
    return _header(name, Header(value, "utf-8", maxlinelen=75, header_name=name).encode(linesep="\r\n"))


def _name(value: str) -> str:
    value = _one_line(value)
    if _PLAIN_WORDS.fullmatch(value):
        return value
    return Header(value, "utf-8", maxlinelen=60).encode(linesep="\r\n") if value else ""


def _one_line(value: str) -> str:
    return _CONTROLS.sub(" ", value).strip()


def _domain() -> str:
    return str(settings.MAIL_FROM).rpartition("@")[2] or "localhost"
