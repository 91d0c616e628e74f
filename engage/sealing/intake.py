"""Sealing a text without a name to a public key: who takes it in cannot open it, and a log of writes tells nothing.

The construction is HPKE in base mode (RFC 9180 §5.1.1), DHKEM(X25519, HKDF-SHA256) with AES-256-GCM, from the
``cryptography`` library: each text has an ephemeral key of its own, and its place in the table is bound to it by ``info``.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from engage.sealing.seals import SealBroken, in_one_size, out_of_one_size

_SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
# 4,000 characters of four bytes each, and what is said about them.
PADDED_TO: Final = 16_384
# Which of the two kinds of key, then its number.
_DERIVED, _OF_ITS_OWN = 1, 2


@dataclass(frozen=True, slots=True)
class Words:
    """What only the worker may read. kind, way_in: as a contribution has them; language: empty where none was given."""

    kind: str
    way_in: str
    language: str
    body: str


def seal_for_the_worker(words: Words, *, row: UUID, agency: UUID) -> bytes:
    """Kind of key ‖ its number ‖ ephemeral public key (32 bytes) ‖ ciphertext; all texts give the same length."""
    source, number, key = _todays_key()
    parts = [part.encode() for part in (words.kind, words.way_in, words.language, words.body)]
    content = b"".join(struct.pack(">I", len(part)) + part for part in parts)
    sealed = _SUITE.encrypt(in_one_size(content, PADDED_TO), _public(key), info=_place(row, agency))
    return bytes([source, number]) + sealed


def open_as_the_worker(sealed: bytes, *, row: UUID, agency: UUID) -> Words:
    """Raises SealBroken where this process holds no key for it, or the bytes belong to another row."""
    sealed = bytes(sealed)
    key = _private(sealed[0], sealed[1]) if len(sealed) > 2 else None
    if key is None:
        raise SealBroken
    try:
        padded = _SUITE.decrypt(sealed[2:], key, info=_place(row, agency))
    except (InvalidTag, ValueError):
        raise SealBroken from None
    content, parts = out_of_one_size(padded), []
    while content:
        (length,) = struct.unpack_from(">I", content)
        parts.append(content[4 : 4 + length].decode())
        content = content[4 + length :]
    return Words(*parts)


def lies_under(sealed: bytes, number: int, *, derived: bool) -> bool:
    """Whether a text was sealed to key ``number``: of CONTACT_KEYS where it is derived from one, else of the intake's own."""
    return sealed[:2] == bytes([_DERIVED if derived else _OF_ITS_OWN, number])


@lru_cache(maxsize=8)
def public_half(private: bytes) -> bytes:
    """What INTAKE_PUBLIC_KEY holds of a private key of 32 bytes."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def _todays_key() -> tuple[int, int, bytes]:
    """Kind, number and public half of the key that new texts are sealed to."""
    if settings.INTAKE_PUBLIC_KEY is not None:
        number, key = settings.INTAKE_PUBLIC_KEY
        return _OF_ITS_OWN, number, key
    if settings.INTAKE_PRIVATE_KEYS:
        number, private = settings.INTAKE_PRIVATE_KEYS[0]
        return _OF_ITS_OWN, number, public_half(private)
    number, secret = settings.CONTACT_KEYS[0]
    return _DERIVED, number, public_half(_derived(secret))


def _private(source: int, number: int) -> X25519PrivateKey | None:
    if source == _OF_ITS_OWN:
        private = dict(settings.INTAKE_PRIVATE_KEYS).get(number)
    else:
        secret = dict(settings.CONTACT_KEYS).get(number) if source == _DERIVED else None
        private = None if secret is None else _derived(secret)
    return None if private is None else X25519PrivateKey.from_private_bytes(private)


@lru_cache(maxsize=8)
def _derived(secret: bytes) -> bytes:
    # Where no pair was made for the intake: a dump is as blind, but every process with CONTACT_KEYS could open it.
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"engage/intake/v1").derive(secret)


@lru_cache(maxsize=8)
def _public(key: bytes) -> X25519PublicKey:
    return X25519PublicKey.from_public_bytes(key)


def _place(row: UUID, agency: UUID) -> bytes:
    return b"engage/intake/v1" + row.bytes + agency.bytes
