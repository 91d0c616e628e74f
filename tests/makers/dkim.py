"""Keys to sign mail with, and a reader of signatures that shares nothing with what makes them (RFC 6376)."""

from __future__ import annotations

import base64
import re
from functools import cache
from hashlib import sha256
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_public_key,
)

GOOD: Final = "good"
PUBLIC: Final = "its public half"
LOCKED: Final = "with a password"
SMALL: Final = "1,024 bits"
ED25519: Final = "of another kind"


@cache
def pem(kind: str = GOOD) -> str:
    if kind == PUBLIC:
        public = _key(GOOD).public_key()
        return str(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode())
    lock = BestAvailableEncryption(b"a word") if kind == LOCKED else NoEncryption()
    return str(_key(kind).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock).decode())


@cache
def _key(kind: str) -> Any:
    if kind == ED25519:
        return Ed25519PrivateKey.generate()
    return generate_private_key(public_exponent=65537, key_size=1024 if kind == SMALL else 2048)


def holds(letter: bytes, records: dict[str, str]) -> bool:
    """Whether the topmost signature holds, read as the RFC says it, with the DNS' records by name. Relaxed only."""
    head, _, body = letter.partition(b"\r\n\r\n")
    fields = re.split(rb"\r\n(?=[^ \t])", head)
    ours = next(field for field in fields if field.lower().startswith(b"dkim-signature:"))
    tags = {
        name.strip(): re.sub(r"\s", "", value)
        for name, _, value in (part.partition("=") for part in ours.partition(b":")[2].decode().split(";"))
    }
    assert (tags["v"], tags["a"], tags["c"]) == ("1", "rsa-sha256", "relaxed/relaxed")
    record = records[f"{tags['s']}._domainkey.{tags['d']}"]
    key = load_der_public_key(base64.b64decode(record.partition("p=")[2]))
    assert isinstance(key, RSAPublicKey)
    if base64.b64decode(tags["bh"]) != sha256(_body(body)).digest():
        return False
    rest = [field for field in reversed(fields) if field is not ours]
    said = b""
    for name in tags["h"].split(":"):
        found = next(
            (field for field in rest if field.partition(b":")[0].strip().lower() == name.encode().lower()),
            None,
        )
        if found is not None:
            rest.remove(found)
            said += _field(found) + b"\r\n"
    # Everything of our own field but the value of b.
    said += _field(re.sub(rb"(;\s*b=)[^;]*", rb"\1", ours))
    try:
        key.verify(base64.b64decode(tags["b"]), said, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


def _field(field: bytes) -> bytes:
    name, _, value = field.partition(b":")
    words = value.replace(b"\r\n", b"").replace(b"\t", b" ").split(b" ")
    return name.strip().lower() + b":" + b" ".join(word for word in words if word)


def _body(body: bytes) -> bytes:
    lines = [re.sub(rb"[ \t]+", b" ", line).rstrip(b" ") for line in body.split(b"\r\n")]
    while lines and not lines[-1]:
        lines.pop()
    return b"".join(line + b"\r\n" for line in lines)
