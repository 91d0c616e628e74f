"""A POST that is sent again gets the answer it got, and nothing is done twice (engage.answer_keeping)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
from django.db import transaction
from rest_framework.response import Response

from api.strict_json import write_json
from engage.answer_keeping import Claim, KeptAnswers, StoredAnswer
from engage.models import Agency

HEADER = "HTTP_IDEMPOTENCY_KEY"


def answered_once(endpoint: Any, act: Callable[[], Response]) -> Response:
    """``act`` and its answer under the client's key, in one transaction; without a key just ``act``.

    Raises KeyInvalid, KeyReused, KeyInProgress.
    """
    key = endpoint.request.META.get(HEADER)
    if key is None:
        return act()
    with transaction.atomic():
        claim = KeptAnswers.claim(**_scope(endpoint), key=key)
        if claim.stored is not None:
            return _replayed(claim.stored)
        answer = act()
        claim.settle(status=answer.status_code, body=_written(answer))
    return answer


class Keeping:
    """The client's key at hand, for an act that opens its own transaction: ``claim`` first in it, ``settle`` last."""

    def __init__(self, endpoint: Any) -> None:
        self.key: str | None = endpoint.request.META.get(HEADER)
        self._scope = _scope(endpoint) if self.key is not None else {}
        self._claim: Claim | None = None

    def look_up(self) -> StoredAnswer | None:
        return KeptAnswers.look_up(**self._scope, key=self.key) if self.key is not None else None

    def claim(self) -> None:
        """Raises _Answered where somebody else was quicker: the transaction is then given up."""
        if self.key is None:
            return
        self._claim = KeptAnswers.claim(**self._scope, key=self.key)
        if self._claim.stored is not None:
            raise _Answered(self._claim.stored)

    def settle(self, status: int, body: bytes = b"") -> None:
        if self._claim is not None:
            self._claim.settle(status=status, body=body)


class _Answered(Exception):
    def __init__(self, stored: StoredAnswer) -> None:
        super().__init__()
        self.stored = stored


def kept_inside(endpoint: Any, act: Callable[[Keeping], Response]) -> Response:
    """``act``, which claims and settles itself; or the answer given before."""
    keeping = Keeping(endpoint)
    stored = keeping.look_up()
    if stored is not None:
        return _replayed(stored)
    try:
        return act(keeping)
    except _Answered as found:
        return _replayed(found.stored)


def anonymous_once(
    endpoint: Any, agency: Agency, take: Callable[[str | None], None], answer: Response
) -> Response:
    """``take``, which commits on its own, then the status alone under the key: no row holds what was said."""
    keeping = Keeping(endpoint)
    if keeping.look_up() is None:
        take(keeping.key)
        if keeping.key is not None:
            _keep_status(keeping, answer.status_code)
        return answer
    answer["Idempotent-Replayed"] = "true"
    return answer


def _keep_status(keeping: Keeping, status: int) -> None:
    try:
        with transaction.atomic():
            keeping.claim()
            keeping.settle(status)
    except _Answered:
        # The same post, sent twice at once: the text was taken in once, by its retry mark.
        return


def _scope(endpoint: Any) -> dict[str, Any]:
    request = endpoint.request
    return {
        "method": request.method,
        # The path, not its pattern: the same words at another event are another request.
        "route": request.path,
        "agency": str(endpoint.viewer_if_known.agency_id or ""),
        "principal": endpoint.principal,
        "body": request.body,
        "now": endpoint.now,
    }


def _written(answer: Response) -> bytes:
    return b"" if answer.data is None else write_json(answer.data)


def _replayed(stored: StoredAnswer) -> Response:
    data = orjson.Fragment(stored.body) if stored.body else None
    return Response(data, status=stored.status, headers={"Idempotent-Replayed": "true"})
