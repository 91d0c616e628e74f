"""A public form sent twice is one act: a double click, a retry and the way back through the browser get the same answer.

The browser makes the key (engage.js); where it cannot, a page asks "Is this right?" with a key of ours and changes
nothing yet. Pages that caches keep hold no key (reliability.md, Public forms).
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpRequest

from engage.answer_keeping import Claim, KeptAnswers, StoredAnswer

FIELD: Final = "key"
_LONGEST: Final = 200


def key_of(request: HttpRequest) -> str:
    """The key that came with a form; empty where there was none."""
    return request.POST.get(FIELD, "").strip()[: _LONGEST + 1]


def fresh_key() -> str:
    """For a page that is kept nowhere."""
    return secrets.token_urlsafe(24)


class AnsweredBefore(Exception):
    """The same form was quicker: the transaction is given up, and ``stored`` answers."""

    def __init__(self, stored: StoredAnswer) -> None:
        super().__init__()
        self.stored = stored


class Keeping:
    """One form under its key, or under ``key``. For an act with a transaction of its own: ``claim`` first in it, ``settle`` last."""

    def __init__(self, request: HttpRequest, *, now: dt.datetime, key: str = "") -> None:
        self.key = key or key_of(request)
        self._scope: dict[str, Any] = {
            "method": "POST",
            # The path: the same words at another meeting are another act.
            "route": f"form:{request.path}",
            "agency": "",
            "principal": "",
            "key": self.key,
            "body": _filled_in(request),
            "now": now,
        }
        self._claim: Claim | None = None

    def look_up(self) -> StoredAnswer | None:
        """What was answered before, outside of any transaction. Raises KeyInvalid, KeyReused."""
        return KeptAnswers.look_up(**self._scope)

    def claim(self) -> None:
        """Raises AnsweredBefore, KeyInvalid, KeyReused, KeyInProgress; each gives the transaction up."""
        self._claim = KeptAnswers.claim(**self._scope)
        if self._claim.stored is not None:
            raise AnsweredBefore(self._claim.stored)

    def settle(self, *, status: int = 200, body: bytes = b"") -> None:
        """body: what the answer is made from again; empty to keep the status alone."""
        if self._claim is not None:
            self._claim.settle(status=status, body=body)


def anonymous_once(keeping: Keeping, take: Callable[[str], None]) -> None:
    """``take``, which commits on its own; then the status alone under the key: no row holds what was said.

    Raises KeyInvalid, KeyReused, KeyInProgress, and what ``take`` refuses.
    """
    if keeping.look_up() is not None:
        return
    take(keeping.key)
    try:
        with transaction.atomic():
            keeping.claim()
            keeping.settle(status=202)
    except AnsweredBefore:
        # The same form, sent twice at once: the words were taken in once, by their retry mark.
        return


def once(keeping: Keeping, act: Callable[[], bytes]) -> bytes:
    """``act`` and what its answer is made from, under the key, in one transaction; sent again, what it gave then.

    Raises KeyInvalid, KeyReused, KeyInProgress, and what ``act`` refuses (the key is then free again).
    """
    stored = keeping.look_up()
    if stored is not None:
        return stored.body
    try:
        with transaction.atomic():
            keeping.claim()
            body = act()
            keeping.settle(body=body)
        return body
    except AnsweredBefore as before:
        return before.stored.body


def _filled_in(request: HttpRequest) -> bytes:
    """What was filled in, the same whatever the browser's encoding and order."""
    return urlencode(
        sorted((name, value) for name, values in request.POST.lists() for value in values)
    ).encode()
