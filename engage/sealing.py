"""Sealing what a resident typed: AES-256-GCM, padded, bound to its place, so that a dump holds nothing in clear."""

from __future__ import annotations

import hmac
import os
import struct
from hashlib import sha256
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_PAD_TO = 32
_NONCE = 12


class SealBroken(Exception):
    """The sealed bytes do not belong to this place, or no listed key opens them."""


def seal(text: str, *, table: str, column: str, row: UUID, agency: UUID) -> bytes:
    """Key id (1 byte) ‖ nonce (12) ‖ AES-256-GCM of the text, padded to a multiple of 32 bytes.

    The associated data is table, column, row and agency: sealed bytes moved to another row do not open.
    """
    number, key = settings.CONTACT_KEYS[0]
    return seal_under(number, key, text, table=table, column=column, row=row, agency=agency)


def seal_under(
    number: int, key: bytes, text: str, *, table: str, column: str, row: UUID, agency: UUID
) -> bytes:
    """As ``seal``, under a key of the caller's choice."""
    nonce = os.urandom(_NONCE)
    sealed = AESGCM(key).encrypt(nonce, _padded(text), _place(table, column, row, agency))
    return bytes([number]) + nonce + sealed


def opens(key: bytes, sealed: bytes, *, table: str, column: str, row: UUID, agency: UUID) -> bool:
    """Whether ``key`` is the one that ``sealed`` was sealed under, in this place."""
    try:
        AESGCM(key).decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], _place(table, column, row, agency))
    except InvalidTag:
        return False
    return True


def unseal(sealed: bytes, *, table: str, column: str, row: UUID, agency: UUID) -> str:
    """The text again. Raises SealBroken."""
    sealed = bytes(sealed)
    key = dict(settings.CONTACT_KEYS).get(sealed[0]) if len(sealed) > _NONCE + 1 else None
    if key is None:
        raise SealBroken
    try:
        padded = AESGCM(key).decrypt(
            sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], _place(table, column, row, agency)
        )
    except InvalidTag:
        raise SealBroken from None
    (length,) = struct.unpack_from(">I", padded)
    return padded[4 : 4 + length].decode()


def fingerprint(*parts: str | bytes, purpose: str) -> bytes:
    """HMAC-SHA-256 under FINGERPRINT_KEY of the parts, each with its length. ``purpose`` separates the uses.

    Never a bare hash: telephone numbers are few enough to try them all.
    """
    message = b"".join(
        struct.pack(">I", len(part)) + part
        for part in (piece.encode() if isinstance(piece, str) else piece for piece in (purpose, *parts))
    )
    return hmac.new(settings.FINGERPRINT_KEY, message, sha256).digest()


def _padded(text: str) -> bytes:
    plain = struct.pack(">I", len(text.encode())) + text.encode()
    return plain + b"\0" * (-len(plain) % _PAD_TO)


def _place(table: str, column: str, row: UUID, agency: UUID) -> bytes:
    return f"{table}\0{column}\0{row}\0{agency}".encode()
