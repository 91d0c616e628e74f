"""A POST that is sent again gets the answer it got, and nothing is done twice (engage.kept_answers.keeping)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
from rest_framework.response import Response

from api.strict_json import write_json
from engage.kept_answers import keeping
from engage.kept_answers.keeping import Keeping, StoredAnswer

HEADER = "HTTP_IDEMPOTENCY_KEY"


def answered_once(endpoint: Any, act: Callable[[], Response]) -> Response:
    """``act`` and its answer under the client's key, in one transaction; without a key just ``act``.

    Raises KeyInvalid, KeyReused, KeyInProgress.
    """
    kept = _kept(endpoint)
    return act() if kept.key is None else keeping.once(kept, act, written=_written, again=_replayed)


def kept_inside(endpoint: Any, act: Callable[[Keeping], Response]) -> Response:
    """``act``, which claims and settles itself; or the answer given before."""
    kept = _kept(endpoint)
    return keeping.kept_inside(kept, lambda: act(kept), again=_replayed)


def anonymous_once(endpoint: Any, take: Callable[[str | None], object], answer: Response) -> Response:
    """``take``, which commits on its own, then the status alone under the key: no row holds what was said."""
    if not keeping.anonymous_once(_kept(endpoint), take):
        answer["Idempotent-Replayed"] = "true"
    return answer


def _kept(endpoint: Any) -> Keeping:
    request = endpoint.request
    return Keeping(
        method=request.method,
        route=request.path,
        agency=str(endpoint.viewer_if_known.agency_id or ""),
        principal=endpoint.principal,
        key=request.META.get(HEADER),
        body=request.body,
        now=endpoint.now,
    )


def _written(answer: Response) -> StoredAnswer:
    return StoredAnswer(answer.status_code, b"" if answer.data is None else write_json(answer.data))


def _replayed(stored: StoredAnswer) -> Response:
    data = orjson.Fragment(stored.body) if stored.body else None
    return Response(data, status=stored.status, headers={"Idempotent-Replayed": "true"})
