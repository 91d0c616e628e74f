"""What stood in a row's columns when a form was made from them: for rows that many forms each show a part of."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.db.models import Model

from engage.refusals import StaleEdit


def what_stood(row: Model, names: Iterable[str]) -> str:
    """A mark of these columns' values as they are; another value, another mark."""
    values = [f"{name}={getattr(row, name)!r}" for name in sorted(names)]
    return hashlib.sha256("\n".join(values).encode()).hexdigest()[:16]


def must_stand(held: Model, names: Iterable[str], mark: str) -> None:
    """held: locked. mark: of what was looked at; "" where that is not known. Raises StaleEdit where somebody was faster."""
    if mark and what_stood(held, names) != mark:
        raise StaleEdit
