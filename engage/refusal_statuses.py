"""Which HTTP status says which kind of no: one table, for the API and for the pages. The rules themselves know no HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from engage.refusals import Refusal, RuleViolation

STATUSES: Final[Mapping[Refusal, HTTPStatus]] = {
    Refusal.INVALID: HTTPStatus.BAD_REQUEST,
    Refusal.FORBIDDEN: HTTPStatus.FORBIDDEN,
    Refusal.UNKNOWN: HTTPStatus.NOT_FOUND,
    Refusal.CONFLICT: HTTPStatus.CONFLICT,
}


def status_of(refusal: RuleViolation) -> HTTPStatus:
    """RFC 9110 §15.5: 400 where what was sent does not fit, 409 where the state refuses, 403, 404."""
    return STATUSES[refusal.refusal]
