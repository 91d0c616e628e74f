"""Links for people without an account: derived, never stored, so that a mail can carry one and a dump holds none.

token = lower-case base32 of key id (1 byte), row id (16), MAC (16): 53 characters.
MAC = HMAC-SHA-256(K, 0x01 ‖ key id ‖ row id ‖ version)[:16], K = HKDF(LINK_KEYS[key id], "engage/link/v1/" + purpose).
"""

from __future__ import annotations

import base64
import binascii
import hmac
import struct
from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from engage.refusals import Unknown


class Purpose(StrEnum):
    """What a link may do; a token of one purpose is noise for every other."""

    RSVP_SCREEN = "rsvp-screen"  # row: the RSVP. Given in the answer; reaches what that RSVP typed.
    RSVP_MAIL = "rsvp-mail"  # row: the RSVP. Only ever mailed; reaches all RSVPs of its email contact.
    ACCEPT = "accept"  # row: the RSVP. Accepts an offered place.
    UNSUBSCRIBE = "unsubscribe"  # row: the subscription.
    STOP_REMINDERS = "stop-reminders"  # row: the contact. RFC 8058 for reminders and summaries of an event.
    CONFIRM = "confirm"  # row: the subscription. The second half of the double opt-in.
    CALENDAR = "calendar"  # row: the RSVP. Its one-meeting calendar.
    INVITATION = "invitation"  # row: the staff invitation.


def mint(purpose: Purpose, row: UUID, version: int = 1) -> str:
    """The link's token: 53 characters of ``a-z2-7``."""
    number, _ = settings.LINK_KEYS[0]
    return _written(bytes([number]) + row.bytes + _mac(number, purpose, row, version))


def row_of(
    token: str, purposes: Iterable[Purpose], version_of: Callable[[UUID], int | None]
) -> tuple[UUID, Purpose]:
    """The row id and purpose behind a token.

    version_of: the row's current version, or None where there is no such row. Raises Unknown, the same for every
    failure; an unknown row costs a MAC as well.
    """
    number, row, given = _read(token)
    version = version_of(row)
    found = None
    for purpose in purposes:
        if hmac.compare_digest(_mac(number, purpose, row, version or 0), given):
            found = purpose
    if found is None or version is None:
        raise Unknown
    return row, found


def _read(token: str) -> tuple[int, UUID, bytes]:
    try:
        raw = base64.b32decode(token.upper() + "===", casefold=False) if token.isascii() else b""
    except binascii.Error:
        raw = b""
    if len(raw) != 33 or not hmac.compare_digest(_written(raw).encode(), token.encode()):
        raise Unknown
    if raw[0] not in dict(settings.LINK_KEYS):
        raise Unknown
    return raw[0], UUID(bytes=raw[1:17]), raw[17:]


def _written(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=").lower()


def _mac(number: int, purpose: Purpose, row: UUID, version: int) -> bytes:
    key = _key(dict(settings.LINK_KEYS)[number], purpose)
    message = b"\x01" + bytes([number]) + row.bytes + struct.pack(">I", version)
    return hmac.new(key, message, sha256).digest()[:16]


@lru_cache(maxsize=256)
def _key(secret: bytes, purpose: Purpose) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"engage/link/v1/{purpose}".encode()).derive(
        secret
    )
