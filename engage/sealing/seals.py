"""Sealing what a resident typed: AES-256-GCM, padded, bound to its place, so that a dump holds nothing in clear."""

from __future__ import annotations

import hmac
import os
import struct
from functools import cache
from hashlib import sha256
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.apps import apps
from django.conf import settings
from django.db import models

from engage.sealing.column import SealedColumn

# What is sealed in a column of another's, like the secret of an authenticator app.
_PADDED_ELSEWHERE: Final = 256
_LENGTH: Final = 4
_NONCE: Final = 12
_TAG: Final = 16


class SealBroken(Exception):
    """The sealed bytes do not belong to this place, or no listed key opens them."""


class TooLongToSeal(ValueError):
    """The text does not fit its column's one size. Forms refuse such a text before, and name the field."""


def seal(text: str, *, table: str, column: str, row: UUID, agency: UUID | None) -> bytes:
    """Key id (1 byte) ‖ nonce (12) ‖ AES-256-GCM of the text, padded to its column's one size.

    The associated data is table, column, row and agency (None where the row is no agency's): sealed bytes moved to another row do not open. Raises
    TooLongToSeal.
    """
    number, key = settings.CONTACT_KEYS[0]
    return seal_under(number, key, text, table=table, column=column, row=row, agency=agency)


def seal_under(
    number: int, key: bytes, text: str, *, table: str, column: str, row: UUID, agency: UUID | None
) -> bytes:
    """As ``seal``, under a key of the caller's choice."""
    nonce = os.urandom(_NONCE)
    padded = in_one_size(text.encode(), padded_to(table, column))
    return bytes([number]) + nonce + AESGCM(key).encrypt(nonce, padded, _place(table, column, row, agency))


def opens(key: bytes, sealed: bytes, *, table: str, column: str, row: UUID, agency: UUID | None) -> bool:
    """Whether ``key`` is the one that ``sealed`` was sealed under, in this place."""
    try:
        AESGCM(key).decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], _place(table, column, row, agency))
    except InvalidTag:
        return False
    return True


def unseal(sealed: bytes, *, table: str, column: str, row: UUID, agency: UUID | None) -> str:
    """The text again, whatever size it was padded to. Raises SealBroken."""
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
    return out_of_one_size(padded).decode()


def sealed_columns() -> list[tuple[type[models.Model], SealedColumn]]:
    """Every column of ours that holds sealed text, with its model: what a new key has to be brought to."""
    return [
        (model, field)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, SealedColumn)
    ]


def is_sealed_as_today(sealed: bytes, *, table: str, column: str) -> bool:
    """Whether these bytes lie under the key that seals today, in the size that the column has today."""
    size = 1 + _NONCE + padded_to(table, column) + _TAG
    return len(sealed) == size and bytes(sealed)[0] == settings.CONTACT_KEYS[0][0]


def padded_to(table: str, column: str) -> int:
    """Bytes to which a text of that column is padded before it is sealed."""
    return _declared().get((table, column), _PADDED_ELSEWHERE)


def fits(text: str, *, table: str, column: str) -> bool:
    """Whether the column's one size holds the text."""
    return len(text.encode()) + _LENGTH <= padded_to(table, column)


def in_one_size(content: bytes, size: int) -> bytes:
    """Length (4 bytes) ‖ content ‖ noughts, ``size`` bytes in all. Raises TooLongToSeal."""
    if len(content) + _LENGTH > size:
        raise TooLongToSeal
    return (struct.pack(">I", len(content)) + content).ljust(size, b"\0")


def out_of_one_size(padded: bytes) -> bytes:
    (length,) = struct.unpack_from(">I", padded)
    return padded[_LENGTH : _LENGTH + length]


def fingerprint(*parts: str | bytes, purpose: str) -> bytes:
    """HMAC-SHA-256 under FINGERPRINT_KEY of the parts, each with its length. ``purpose`` separates the uses.

    Never a bare hash: telephone numbers are few enough to try them all.
    """
    message = b"".join(
        struct.pack(">I", len(part)) + part
        for part in (piece.encode() if isinstance(piece, str) else piece for piece in (purpose, *parts))
    )
    return hmac.new(settings.FINGERPRINT_KEY, message, sha256).digest()


@cache
def _declared() -> dict[tuple[str, str], int]:
    return {(model._meta.db_table, str(field.column)): field.padded_to for model, field in sealed_columns()}


def _place(table: str, column: str, row: UUID, agency: UUID | None) -> bytes:
    return f"{table}\0{column}\0{row}\0{agency}".encode()
