"""DKIM (RFC 6376): a letter carries a signature that its domain made, so that receivers know it for ours.

relaxed/relaxed, rsa-sha256. Put together here on ``cryptography``; docs/decisions/dependencies.md says why. Knows no
Django: the settings are read before it.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_private_key,
    load_pem_private_key,
)

# What a reader sees or a program acts on (RFC 6376 §5.4.1); RFC 8058 §4 wants the last two under the signature.
SIGNED: Final = (
    "From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "MIME-Version",
    "Content-Type", "Content-Language", "Auto-Submitted", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post",
)  # fmt: skip
# Named once more than they occur: a second one, put in on the way, breaks the signature (RFC 6376 §8.15).
_ONLY_ONCE: Final = (
    "From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID", "Content-Type", "List-Unsubscribe",
)  # fmt: skip
# Receivers refuse less than 1,024, and no DNS record of one text holds more than 2,048 (RFC 8301; two texts do).
SMALLEST: Final = 2048  # bits
LARGEST: Final = 4096
_LINE_ENDS: Final = re.compile(rb"\r\n|\r|\n")
_FIELDS: Final = re.compile(rb"\r\n(?![ \t])")
_FOLDS: Final = re.compile(rb"\r\n(?=[ \t])")
_BLANKS: Final = re.compile(rb"[ \t]+")
_WIDTH: Final = 70  # characters of base64 in a line


class KeyIsWrong(Exception):
    """The text says what is wrong with it, as the rest of a sentence that begins with the setting's name."""


@dataclass(frozen=True, slots=True)
class Signer:
    """key: of ``domain``, whose public half stands in the DNS at ``selector._domainkey.domain``."""

    selector: str
    domain: str
    key: RSAPrivateKey

    def signed(self, content: bytes, *, at: int) -> bytes:
        """The same letter with a signature above it, and its line ends as they go on the wire. at: seconds since 1970."""
        content = _LINE_ENDS.sub(b"\r\n", content)
        head, _between, body = content.partition(b"\r\n\r\n")
        fields = [_relaxed(field) for field in _FIELDS.split(head)]
        names = list(_to_sign([name for name, _value in fields]))
        digest = base64.b64encode(sha256(_relaxed_body(body)).digest())
        tags = (
            f"v=1; a=rsa-sha256; c=relaxed/relaxed; d={self.domain}; s={self.selector}; t={at};\r\n"
            f" h={_in_lines(':'.join(names), at=':')};\r\n bh={digest.decode()};\r\n b="
        )
        ours = f"DKIM-Signature: {tags}".encode()
        lines = [*_picked(fields, names), b":".join(_relaxed(ours))]
        signature = self.key.sign(b"\r\n".join(lines), PKCS1v15(), SHA256())
        return ours + _in_lines(base64.b64encode(signature).decode()).encode() + b"\r\n" + content

    def record(self) -> tuple[str, str]:
        """Where the public half belongs in the DNS, and the text of the record there."""
        public = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        name = f"{self.selector}._domainkey.{self.domain}"
        return name, f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"


def signing_key(text: str) -> RSAPrivateKey:
    """text: PEM, or the base64 of its inside on one line, as fits an .env file. Raises KeyIsWrong."""
    try:
        if "-----BEGIN" in text:
            key = load_pem_private_key(text.encode(), password=None)
        else:
            key = load_der_private_key(base64.b64decode(text, validate=True), password=None)
    except TypeError:
        raise KeyIsWrong("is locked with a password; Engage needs one without.") from None
    except (ValueError, UnsupportedAlgorithm):
        raise KeyIsWrong("is not a private key (docs/mail.md).") from None
    if not isinstance(key, RSAPrivateKey):
        raise KeyIsWrong("is not an RSA key; the large mail providers check no other kind.")
    if not SMALLEST <= key.key_size <= LARGEST:
        raise KeyIsWrong(f"has {key.key_size} bits; it needs {SMALLEST} to {LARGEST}.")
    return key


def _relaxed(field: bytes) -> tuple[bytes, bytes]:
    """A field's name and value, each in the one form that spaces and folds do not change (RFC 6376 §3.4.2)."""
    name, _colon, value = field.partition(b":")
    return name.strip(b" \t").lower(), _BLANKS.sub(b" ", _FOLDS.sub(b"", value)).strip(b" ")


def _relaxed_body(body: bytes) -> bytes:
    """RFC 6376 §3.4.4: blanks at a line's end and empty lines at the body's end do not count, other blanks are one."""
    lines = _BLANKS.sub(b" ", body + b"\r\n").replace(b" \r\n", b"\r\n").rstrip(b"\r\n")
    return lines + b"\r\n" if lines else b""


def _to_sign(there: list[bytes]) -> Iterable[str]:
    for name in SIGNED:
        yield from [name.lower()] * there.count(name.lower().encode())
        if name in _ONLY_ONCE:
            yield name.lower()


def _picked(fields: list[tuple[bytes, bytes]], names: list[str]) -> Iterable[bytes]:
    """Of several of one name the last comes first; a name that has no more stands for nothing (RFC 6376 §5.4.2)."""
    left = list(fields)
    for name in names:
        for number in range(len(left) - 1, -1, -1):
            if left[number][0] == name.encode():
                yield b":".join(left.pop(number))
                break


def _in_lines(text: str, *, at: str = "") -> str:
    """Folded, so that no line of the header is long. at: only after this character."""
    if not at:
        return "\r\n ".join(text[start : start + _WIDTH] for start in range(0, len(text), _WIDTH))
    lines, line = [], ""
    for word in text.split(at):
        if line and len(line) + len(word) > _WIDTH:
            lines.append(line)
            line = ""
        line += (at if lines or line else "") + word
    return "\r\n ".join([*lines, line])
