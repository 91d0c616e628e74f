"""Where a letter goes back to when it cannot be delivered: an address of its own, so that a bounce says which letter it was.

``bounces+TOKEN@…``, 40 letters: base32 of key id (1 byte), the row's id in one block of AES (16), MAC (8). No id in
clear: mail servers keep the envelope beside the recipient's address in their logs, and with a copy of the database such
a log would say whose each row is. The MAC makes it one that only we can have written.
"""

from __future__ import annotations

import base64
import hmac
from functools import lru_cache
from hashlib import sha256
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import ECB
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

LENGTH: Final = 40  # letters of a token
_BLOCK: Final = 16
_MAC: Final = 8


def return_address(delivery_id: UUID) -> str:
    """The envelope's sender of this letter, the same at each attempt; empty where bounces are not collected."""
    local, at, domain = settings.BOUNCE_ADDRESS.rpartition("@")
    if not at:
        return ""
    number, _ = settings.LINK_KEYS[0]
    hides, marks = _keys(dict(settings.LINK_KEYS)[number])
    cipher = Cipher(hides, ECB()).encryptor()  # noqa: S305 - a single block: nothing repeats
    hidden = bytes([number]) + cipher.update(delivery_id.bytes) + cipher.finalize()
    token = base64.b32encode(hidden + _mac(marks, hidden)).decode().lower()
    return f"{local}+{token}@{domain}"


def delivery_behind(token: str) -> UUID | None:
    """The letter that this token was made for; None for any other text. Mail servers may have changed its case."""
    try:
        raw = base64.b32decode(token.upper()) if len(token) == LENGTH and token.isascii() else b""
    except ValueError:
        raw = b""
    number, hidden = raw[:1], raw[:-_MAC]
    secret = dict(settings.LINK_KEYS).get(number[0]) if number else None
    if secret is None:
        return None
    hides, marks = _keys(secret)
    if not hmac.compare_digest(_mac(marks, hidden), raw[-_MAC:]):
        return None
    cipher = Cipher(hides, ECB()).decryptor()  # noqa: S305 - as above
    return UUID(bytes=cipher.update(hidden[1:]) + cipher.finalize())


def _mac(key: bytes, hidden: bytes) -> bytes:
    return hmac.new(key, hidden, sha256).digest()[:_MAC]


@lru_cache(maxsize=256)
def _keys(secret: bytes) -> tuple[AES256, bytes]:
    both = HKDF(algorithm=SHA256(), length=64, salt=None, info=b"engage/return/v1").derive(secret)
    return AES256(both[:32]), both[32:]
