"""Keeping the answer to a POST, so that a retry gets it again instead of doing the thing twice.

The row is inserted in the transaction of the change, so both are there or neither is. All of it is unreadable
without the client's own key: the key as SHA-256, the body as an HMAC under the key, the answer sealed under a key
derived from it and padded, so that its length does not tell whether a question came along.
"""

from __future__ import annotations

import datetime as dt
import hmac
import json
import os
import re
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _

from engage.database.faults import LOCK_NOT_AVAILABLE, sqlstate_of
from engage.kept_answers.models import IdempotentAnswer
from engage.refusals import Refusal, RuleViolation

KEPT_FOR: Final = dt.timedelta(hours=24)
LARGEST_ANSWER: Final = 256 * 1024
_SMALLEST_PAD: Final = 4096
_NONCE: Final = 12
_LOCK_TIMEOUT: Final = "250ms"
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{22,200}")

# One statement: the short lock_timeout holds for this insert alone and not for the seats that follow. A row that
# has run out, or that a transaction left without an answer, is taken over.
_CLAIM = """
    WITH held AS MATERIALIZED (SELECT current_setting('lock_timeout') AS was),
         short AS MATERIALIZED (SELECT set_config('lock_timeout', coalesce(%(timeout)s::text, was), true) FROM held)
    INSERT INTO engage_idempotentanswer AS kept (key_sha256, body_mark, sealed, expires_at)
    SELECT %(key)s, %(body)s, NULL, %(until)s FROM short
    ON CONFLICT (key_sha256) DO UPDATE
        SET body_mark = EXCLUDED.body_mark, sealed = NULL, expires_at = EXCLUDED.expires_at
        WHERE kept.expires_at <= %(now)s OR kept.sealed IS NULL
    RETURNING set_config('lock_timeout', (SELECT was FROM held), true)
"""


class KeyInvalid(RuleViolation):
    code = "idempotency_key_invalid"
    refusal = Refusal.INVALID
    sentence = _("The Idempotency-Key must be a UUID, or at least 22 characters of base64url.")


class KeyReused(RuleViolation):
    code = "idempotency_key_reused"
    sentence = _("This Idempotency-Key was used for another request. Make a new one.")


class KeyInProgress(RuleViolation):
    code = "idempotency_in_progress"
    sentence = _("The same request is still being answered. Ask again in a moment.")


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer given before. body: as it went out; empty where only the status was kept."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Claim:
    """Either ``stored``, or the turn to act and then to ``settle`` in the same transaction."""

    key_sha256: bytes
    secret: bytes
    stored: StoredAnswer | None = None

    def settle(self, *, status: int, body: bytes = b"") -> None:
        """Keep the answer. Without a body only its status is kept, as for anonymous posts; so is one that is too large.

        Anything but a 2xx frees the key again: what was refused may be asked anew.
        """
        row = IdempotentAnswer.objects.filter(key_sha256=self.key_sha256)
        if 200 <= status < 300:
            row.update(sealed=_sealed(self.secret, self.key_sha256, status, body))
        else:
            row.delete()


class KeptAnswers:
    """The store. principal: who asks, e.g. a token's id, or an empty text for the public."""

    @staticmethod
    def look_up(
        *, method: str, route: str, agency: str, principal: str, key: str, body: bytes, now: dt.datetime
    ) -> StoredAnswer | None:
        """The answer kept for this request, if it was given before; outside of any transaction.

        Raises KeyInvalid, or KeyReused where the key stands for another body.
        """
        name, secret = _name(method, route, agency, principal, key), _secret(key)
        return _stored(name, secret, body, now=now)

    @staticmethod
    def claim(
        *,
        method: str,
        route: str,
        agency: str,
        principal: str,
        key: str,
        body: bytes,
        now: dt.datetime,
        patient: bool = False,
    ) -> Claim:
        """Take the key, inside the transaction of the change, or find the answer that was given.

        patient: wait for another transaction that holds the key as long as for any other row, and not a quarter of a
        second only. Raises KeyInvalid; KeyReused for another body; KeyInProgress once that time is over (the
        transaction must then be given up).
        """
        if not connection.in_atomic_block:
            raise RuntimeError("A key is claimed in the transaction of the change it stands for.")
        name, secret = _name(method, route, agency, principal, key), _secret(key)
        if _take(name, _body_mark(secret, body), now=now, timeout=None if patient else _LOCK_TIMEOUT):
            return Claim(name, secret)
        stored = _stored(name, secret, body, now=now)
        if stored is None:
            raise KeyInProgress
        return Claim(name, secret, stored)


class AnsweredBefore(Exception):
    """The same request was quicker: the transaction is given up, and ``stored`` answers."""

    def __init__(self, stored: StoredAnswer) -> None:
        super().__init__()
        self.stored = stored


class Keeping:
    """One request under its key. For an act with a transaction of its own: ``claim`` first in it, ``settle`` last.

    route: the path, not its pattern: the same words at another event are another request. key: None where the client
    sent none and needs none; then nothing is kept. patient: as KeptAnswers.claim takes it.
    """

    def __init__(
        self,
        *,
        route: str,
        key: str | None,
        body: bytes,
        now: dt.datetime,
        method: str = "POST",
        agency: str = "",
        principal: str = "",
        patient: bool = False,
    ) -> None:
        self.key = key
        self._patient = patient
        self._asked: dict[str, Any] = {
            "method": method, "route": route, "agency": agency, "principal": principal, "key": key, "body": body,
            "now": now,
        }  # fmt: skip
        self._claim: Claim | None = None

    def look_up(self) -> StoredAnswer | None:
        """What was answered before, outside of any transaction. Raises KeyInvalid, KeyReused."""
        return None if self.key is None else KeptAnswers.look_up(**self._asked)

    def claim(self) -> None:
        """Raises AnsweredBefore, KeyInvalid, KeyReused, KeyInProgress; each gives the transaction up."""
        if self.key is None:
            return
        self._claim = KeptAnswers.claim(**self._asked, patient=self._patient)
        if self._claim.stored is not None:
            raise AnsweredBefore(self._claim.stored)

    def settle(self, *, status: int = 200, body: bytes = b"") -> None:
        """body: what the answer is made from again; empty to keep the status alone."""
        if self._claim is not None:
            self._claim.settle(status=status, body=body)


def kept_inside[Given](
    keeping: Keeping, act: Callable[[], Given], *, again: Callable[[StoredAnswer], Given]
) -> Given:
    """``act``, which claims and settles itself; or what ``again`` makes of the answer given before.

    Raises KeyInvalid, KeyReused, KeyInProgress, and what ``act`` refuses.
    """
    stored = keeping.look_up()
    if stored is not None:
        return again(stored)
    try:
        return act()
    except AnsweredBefore as before:
        return again(before.stored)


def once[Given](
    keeping: Keeping,
    act: Callable[[], Given],
    *,
    written: Callable[[Given], StoredAnswer],
    again: Callable[[StoredAnswer], Given],
) -> Given:
    """``act`` and its answer as ``written``, under the key, in one transaction; sent again, what ``again`` makes of it.

    Raises KeyInvalid, KeyReused, KeyInProgress, and what ``act`` refuses (the key is then free again).
    """
    try:
        with transaction.atomic():
            keeping.claim()
            given = act()
            kept = written(given)
            keeping.settle(status=kept.status, body=kept.body)
        return given
    except AnsweredBefore as before:
        return again(before.stored)


def done_once(keeping: Keeping, act: Callable[[], object]) -> None:
    """As ``once``, for an act of which nothing but that it was done is to be known again."""
    once(keeping, act, written=lambda _given: StoredAnswer(200, b""), again=lambda _stored: None)


def anonymous_once(keeping: Keeping, take: Callable[[str | None], object]) -> bool:
    """``take``, which commits on its own; then a 202 alone under the key: no row holds what was said.

    Whether it was taken now, and not before. Raises KeyInvalid, KeyReused, KeyInProgress, and what ``take`` refuses.
    """
    if keeping.look_up() is not None:
        return False
    take(keeping.key)
    # The same post, sent twice at once: the words were taken in once, by their retry mark.
    with suppress(AnsweredBefore), transaction.atomic():
        keeping.claim()
        keeping.settle(status=202)
    return True


def forget_expired(*, now: dt.datetime) -> int:
    """How many answers were thrown away because a day has passed."""
    return IdempotentAnswer.objects.filter(expires_at__lte=now).delete()[0]


def _take(name: bytes, body_mark: bytes, *, now: dt.datetime, timeout: str | None) -> bool:
    # To the minute: when a request began would tell, beside what its transaction wrote later, how long it had taken.
    values: dict[str, str | bytes | dt.datetime | None] = {
        "timeout": timeout,
        "key": name,
        "body": body_mark,
        "until": (now + KEPT_FOR).replace(second=0, microsecond=0),
        "now": now,
    }
    try:
        with transaction.atomic(savepoint=False), connection.cursor() as cursor:
            cursor.execute(_CLAIM, values)
            return cursor.fetchone() is not None
    except OperationalError as error:
        if sqlstate_of(error) == LOCK_NOT_AVAILABLE:
            raise KeyInProgress from None
        raise


def _stored(name: bytes, secret: bytes, body: bytes, *, now: dt.datetime) -> StoredAnswer | None:
    row = IdempotentAnswer.objects.filter(key_sha256=name, sealed__isnull=False, expires_at__gt=now).first()
    if row is None or row.sealed is None:
        return None
    if not hmac.compare_digest(bytes(row.body_mark), _body_mark(secret, body)):
        raise KeyReused
    return _opened(secret, name, bytes(row.sealed))


def _name(method: str, route: str, agency: str, principal: str, key: str) -> bytes:
    return sha256(json.dumps([method, route, agency, principal, _checked(key)]).encode()).digest()


def _checked(key: str) -> str:
    # The IETF's draft writes the key as a quoted string; it is the same key.
    bare = key[1:-1] if len(key) > 1 and key[0] == key[-1] == '"' else key
    if _KEY.fullmatch(bare):
        return bare
    raise KeyInvalid


def _secret(key: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=64, salt=None, info=b"engage/answer/v1").derive(
        _checked(key).encode()
    )


def _body_mark(secret: bytes, body: bytes) -> bytes:
    return hmac.new(secret[32:], body, sha256).digest()


def _sealed(secret: bytes, name: bytes, status: int, body: bytes) -> bytes:
    plain = struct.pack(">HI", status, len(body)) + body
    if len(plain) > LARGEST_ANSWER:
        plain = struct.pack(">HI", status, 0)
    size = _SMALLEST_PAD
    while size < len(plain):
        size *= 2
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(secret[:32]).encrypt(nonce, plain.ljust(size, b"\0"), name)


def _opened(secret: bytes, name: bytes, sealed: bytes) -> StoredAnswer:
    plain = AESGCM(secret[:32]).decrypt(sealed[:_NONCE], sealed[_NONCE:], name)
    status, length = struct.unpack_from(">HI", plain)
    return StoredAnswer(status, plain[6 : 6 + length])
